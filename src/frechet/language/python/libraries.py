"""Libraries by the names that people give them, and what the rest of a dotted name is called in the table."""

from __future__ import annotations

ROOTS = {
    "np": "numpy",
    "numpy": "numpy",
    "onp": "numpy",
    "jnp": "jax.numpy",
    "jax": "jax",
    "torch": "torch",
    "F": "torch.nn.functional",
    "nn": "jax.nn",
    "scipy": "scipy",
    "sp": "scipy",
    "special": "scipy.special",
    "sps": "scipy.special",
    "linalg": "linalg",
    "la": "linalg",
    "LA": "linalg",
    "sla": "scipy.linalg",
    "math": "math",
    "optax": "optax",
    "einops": "einops",
    "frechet": "frechet",
    "fr": "frechet",
}
"""What a name at the beginning of a dotted one stands for where the text does not import it."""

_FAMILIES = {
    "numpy": "",
    "linalg": "linalg",
    "numpy.linalg": "linalg",
    "numpy.fft": "fft",
    "jax.numpy": "",
    "jax.numpy.linalg": "linalg",
    "jax.numpy.fft": "fft",
    "torch": "",
    "torch.linalg": "linalg",
    "torch.fft": "fft",
    "torch.special": "special",
    "torch.nn.functional": "functional",
    "torch.Tensor": "",
    "jax.nn": "nn",
    "jax.scipy.special": "special",
    "jax.scipy.linalg": "linalg",
    "scipy.special": "special",
    "scipy.linalg": "linalg",
    "scipy.fft": "fft",
    "scipy.stats.norm": "stats.norm",
    "jax.scipy.stats.norm": "stats.norm",
    "math": "",
    "method": "",
    "frechet": "",
}
FAMILIES = ("", "linalg", "special", "nn", "functional")


def relative(path: str) -> list[str]:
    """The names under which the table may hold a function, the likelier first.

    >>> relative("numpy.linalg.inv"), relative("jax.nn.relu"), relative("expit")
    (['linalg.inv'], ['nn.relu'], ['expit', 'linalg.expit', 'special.expit', 'nn.expit', 'functional.expit'])
    """
    module, _, name = path.rpartition(".")
    if not module:
        return [f"{family}.{name}" if family else name for family in FAMILIES]
    family = _FAMILIES.get(module)
    if family is None:
        return []
    return [f"{family}.{name}" if family else name]
