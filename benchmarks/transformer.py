"""What a transformer costs as it grows: blocks of attention with heads, layer norm and a network, over batch and time.

    python benchmarks/transformer.py [LAYERS …]

The gradient of a loss by a weight of the first block is derived and verified; prints the seconds for each number of
blocks, and per block.
"""

from __future__ import annotations

import sys
import time

import frechet as fr

BLOCK = """\
    m{i} = X.mean(axis=-1, keepdims=True)
    Y{i} = (X - m{i}) / np.sqrt(((X - m{i})**2).mean(axis=-1, keepdims=True) + 1e-5)
    q{i} = np.einsum('btd,hde->bhte', Y{i}, Wq{i})
    k{i} = np.einsum('btd,hde->bhte', Y{i}, Wk{i})
    v{i} = np.einsum('btd,hde->bhte', Y{i}, Wv{i})
    a{i} = softmax(np.einsum('bhte,bhse->bhts', q{i}, k{i}), axis=-1)
    o{i} = np.einsum('bhts,bhse,hed->btd', a{i}, v{i}, Wo{i})
    X{i} = X + o{i}
    X = X{i} + np.tanh(X{i} @ U{i}) @ V{i}
"""
SHAPES = {
    "Wq": ["h", "d", "e"], "Wk": ["h", "d", "e"], "Wv": ["h", "d", "e"], "Wo": ["h", "e", "d"],
    "U": ["d", "m"], "V": ["m", "d"],
}  # fmt: skip


def transformer(layers: int) -> tuple[str, dict[str, list[str | int]]]:
    """The text of a loss with so many blocks, and the shapes of its arguments."""
    names = [f"{name}{i}" for i in range(layers) for name in SHAPES]
    body = "".join(BLOCK.format(i=i) for i in range(layers))
    shapes: dict[str, list[str | int]] = {"X": ["b", "t", "d"]}
    shapes |= {f"{name}{i}": [*shape] for i in range(layers) for name, shape in SHAPES.items()}
    return f"def loss(X, {', '.join(names)}):\n{body}    return (X**2).sum()\n", shapes


def main() -> None:
    print("blocks  seconds  per block")
    for layers in [int(word) for word in sys.argv[1:]] or [1, 3, 6, 12]:
        text, shapes = transformer(layers)
        start = time.perf_counter()
        found = fr.derive(text, wrt="Wq0", shapes=shapes, language="python")
        seconds = time.perf_counter() - start
        assert found.verification.passed, found.verification
        print(f"{layers:6}  {seconds:7.2f}  {seconds / layers:9.2f}")


if __name__ == "__main__":
    main()
