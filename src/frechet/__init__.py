"""frechet: matrix calculus that shows its work and proves it."""
