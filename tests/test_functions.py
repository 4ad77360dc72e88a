"""The library's functions are made from the records: names, signatures, docstrings that run, pickles, stubs."""

from __future__ import annotations

import doctest
import inspect
import pickle
import subprocess
import sys

import pytest

import frechet as fr
from frechet import sum  # noqa: F401  (what `squares` finds under that name)
from frechet.library.functions import arguments, names
from frechet.ops import REGISTRY

SIGNATURES = {
    "tanh": "(x: 'Operand') -> 'Formula'",
    "kron": "(a: 'Operand', b: 'Operand') -> 'Formula'",
    "sylvester": "(a: 'Operand', b: 'Operand', c: 'Operand') -> 'Formula'",
    "expm_frechet": "(x: 'Operand', e: 'Operand') -> 'Formula'",
    "max": "(a: 'Operand', b: 'Operand | None' = None) -> 'Formula'",
    "sum": "(x: 'Operand', axis: 'int | None' = None) -> 'Formula'",
    "polygamma": "(k: 'int', x: 'Operand') -> 'Formula'",
    "reshape": "(x: 'Operand', *sizes: 'Size') -> 'Formula'",
    "permute": "(x: 'Operand', *axes: 'int') -> 'Formula'",
    "eye": "(n: 'Size') -> 'Formula'",
    "ones": "(*sizes: 'Size') -> 'Formula'",
    "unit": "(i: 'Size', n: 'Size') -> 'Formula'",
    "commutation": "(m: 'Size', n: 'Size') -> 'Formula'",
}
"""One of each pattern of arguments, as people have called them."""


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_follows_from_the_record(name: str) -> None:
    made = getattr(fr, name)
    assert str(inspect.signature(made)) == SIGNATURES[name]
    assert (made.__name__, made.__qualname__, made.__module__) == (name, name, "frechet")


@pytest.mark.parametrize("name", names())
def test_a_docstring_says_what_the_record_knows_and_runs(name: str) -> None:
    made, op = getattr(fr, name), REGISTRY[name]
    words = " ".join(made.__doc__.split())
    assert words.startswith(op.doc) and ">>> " in made.__doc__
    for test in doctest.DocTestFinder(recurse=False).find(made, name, globs={}):
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(test)
        assert runner.tries >= 2 and not runner.failures, name


@pytest.mark.parametrize("name", names())
def test_a_function_is_one_object(name: str) -> None:
    made = getattr(fr, name)
    assert getattr(fr, name) is made and pickle.loads(pickle.dumps(made)) is made
    assert name in fr.__all__ and name in dir(fr)
    assert len(arguments(REGISTRY[name])) == len(inspect.signature(made).parameters)


def test_a_domain_and_a_caution_are_said_of_the_argument() -> None:
    assert "With every entry of x positive." in (fr.log.__doc__ or "")
    assert "x must be invertible." in (fr.inv.__doc__ or "") and "With x invertible" not in (fr.inv.__doc__ or "")
    assert "along axis 0 a vector of length n" in (fr.sum.__doc__ or "")  # as NumPy counts
    assert "The largest entry" in (fr.max.__doc__ or "")


def test_arguments_may_be_named() -> None:
    X, x = fr.matrix("X", "m", "n"), fr.vector("x", 6)
    assert fr.sum(x=X, axis=-1) == fr.sum(X, 1) and str(fr.sum(X, axis=0)) == "sum(X,1)"
    assert fr.kron(b=x, a=X) == fr.kron(X, x)
    assert str(fr.reshape(x, 1, 2, 3)) == "reshape(x,1,2,3)" and str(fr.ones(2, 3, "n")) == "ones(2,3,n)"
    assert fr.reshape(x, 6) == fr.parse("reshape(x,6)", {"x": (6,)})
    assert fr.max(x) == fr.parse("max(x)", {"x": (6,)}) and fr.max(x, b=0) == fr.max(x, 0)


def test_a_call_that_does_not_fit_names_the_function() -> None:
    with pytest.raises(TypeError, match=r"tanh\(\) missing a required argument: 'x'"):
        fr.tanh()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"sum\(\) got an unexpected keyword argument 'dim'"):
        fr.sum(1, dim=0)  # type: ignore[call-arg]
    with pytest.raises(fr.FrechetError, match=r"polygamma\(k, x\) needs a whole number k from 0 on; got -1"):
        fr.polygamma(-1, 2)
    with pytest.raises(AttributeError, match="no attribute 'mul'"):
        fr.mul  # type: ignore[attr-defined]  # noqa: B018


def test_a_bare_import_reads_no_record() -> None:
    said = "import sys, frechet; print(any(name.startswith('frechet.ops') for name in sys.modules))"
    said += "; from frechet import tanh, Formula; print(tanh.__name__, 'frechet.ops' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "tanh", "True"]


def squares(x: fr.Array) -> fr.Array:
    """A function among whose globals `sum` is fr.sum."""
    return (x**2).sum()


def test_what_python_writes_with_these_names_is_not_followed_into_the_library() -> None:
    assert inspect.getclosurevars(squares).globals == {"sum": fr.sum}
    assert str(fr.derive(squares, "x", shapes={"x": ("n",)}).gradient) == "2*x"
