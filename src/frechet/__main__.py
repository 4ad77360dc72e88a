"""`python -m frechet`: the command line, where no script of that name is at hand."""

from frechet.apps.cli import main

if __name__ == "__main__":
    main(prog_name="frechet")
