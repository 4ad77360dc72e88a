"""tensorgrad: its symbolic derivatives, compiled to PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy
import tensorgrad as tg
import tensorgrad.functions as F
import torch
from tensorgrad.compiler import compile_to_callable

from .layers import LAYER_FORMULA, WAVE
from .matrices import FACTOR
from .peer import Cannot, Peer
from .regression import LOGISTIC, NETWORK, SOFTMAX
from .workload import Arrays, Workload


@dataclass(frozen=True)
class Said:
    """A function in tensorgrad's way.

    edges   of each array the names of its axes, in NumPy's order; an axis i2 is as long as i
    value   of the variables by name the value
    out     the axes of the value
    """

    edges: dict[str, str]
    value: Callable[[dict[str, Any]], Any]
    out: str = ""


def _attention(v: dict[str, Any]) -> Any:
    p = F.softmax(F.dot(v["Q"], v["K"], dim="d") / 8, dim="s")
    return F.sum(v["G"] * F.dot(p, v["V"], dim="s"))


def _factor(v: dict[str, Any]) -> Any:
    r = v["T"] - v["U"] @ v["W"]
    return r @ r


FORMULAS: dict[str, Said] = {
    "x'*A*x": Said({"A": "i i2", "x": "i"}, lambda v: v["x"] @ v["A"] @ v["x"].rename(i="i2")),
    FACTOR: Said({"T": "i i2", "U": "i k", "W": "i2 k"}, _factor),
    "A*B": Said({"A": "i j", "B": "j k"}, lambda v: v["A"] @ v["B"], "i k"),
    "logdet(S)": Said({"S": "i i2"}, lambda v: F.log(F.det(v["S"]))),
    "tr(inv(S))": Said({"S": "i i2"}, lambda v: F.trace(F.inverse(v["S"]))),
    LOGISTIC: Said(
        {"X": "m n", "y": "m", "w": "n"},
        lambda v: F.sum(F.log(1 + F.exp(v["X"] @ v["w"])) - v["y"] * (v["X"] @ v["w"])),
    ),
    SOFTMAX: Said({"X": "m n", "Y": "m k", "W": "n k"}, lambda v: F.sum(F.cross_entropy(v["X"] @ v["W"], v["Y"], "k"))),
    NETWORK: Said(
        {"X": "m d", "Y": "m k", "A": "d h", "B": "h k"},
        lambda v: F.sum(F.cross_entropy(F.relu(v["X"] @ v["A"]) @ v["B"], v["Y"], "k")),
    ),
    "softmax(x)": Said({"x": "i"}, lambda v: F.softmax(v["x"], "i"), "i"),
    "logsumexp(x)": Said({"x": "i"}, lambda v: F.log(F.sum(F.exp(v["x"])))),
    LAYER_FORMULA: Said({"X": "m n", "W": "n k"}, lambda v: F.sigmoid(v["X"] @ v["W"]), "m k"),
    "sum(G.*(softmax(Q*K'/8,2)*V))": Said({"Q": "n d", "K": "s d", "V": "s e", "G": "n e"}, _attention),
    "sum(G.*(softmax(Q*K'/8,3)*V))": Said({"Q": "h n d", "K": "h s d", "V": "h s e", "G": "h n e"}, _attention),
    WAVE: Said(
        {"x": "i"}, lambda v: F.sum(F.tanh(v["x"]) * F.exp(-v["x"] * v["x"]) + F.log(1 + v["x"] * v["x"]))
    ),
}  # fmt: skip


def peers(w: Workload, arrays: Arrays, _: dict[str, float]) -> Iterator[Peer]:
    """The derivative that is asked for, differentiated by its rules and compiled.

    Of version 0.3.0 the compiler gives zeros for some derivatives that are none; simplified first, they come out right.
    """
    if w.kind == "sparse":
        raise Cannot("tensorgrad has no sparse matrices")
    if w.formula not in FORMULAS:
        raise Cannot("not expressed")
    peer = compiled(w, arrays, simplified=False)
    if not all(each.any() for each in peer.arrays(peer.call())):
        peer = compiled(w, arrays, simplified=True)
    yield peer


def compiled(w: Workload, arrays: Arrays, simplified: bool) -> Peer:
    said = FORMULAS[w.formula]

    def size(edge: str) -> Any:
        return sympy.Symbol("n_" + edge.rstrip("2"))

    def variable(name: str, edges: list[str]) -> Any:
        return tg.Variable(name, **{edge: size(edge) for edge in edges})

    edges = {name: each.split() for name, each in said.edges.items()}
    held = {name: variable(name, each) for name, each in edges.items()}
    value = said.value(held)
    out = said.out.split()

    def first(name: str) -> list[str]:
        return [edge + "_1" for edge in edges[name]]

    def grad(f: Any, name: str, mark: str) -> Any:
        return f.grad(held[name], {edge: edge + mark for edge in edges[name]})

    def add(name: str, like: list[str], names: list[str]) -> Any:
        symbols = [size(edge) for edge in like]
        edges[name] = names
        held[name] = tg.Variable(name, **dict(zip(names, symbols, strict=True)))
        return held[name]

    results: list[tuple[Any, list[str]]] = []
    if w.kind == "pullback":
        value = value @ add("G", out, out)
    if w.kind in ("gradient", "pullback", "jacobian"):
        results = [(grad(value, name, "_1"), (out if w.kind == "jacobian" else []) + first(name)) for name in w.wrt]
    elif w.kind == "hessian":
        for one in w.wrt:
            g = grad(value, one, "_1")
            results += [(grad(g, two, "_2"), first(one) + [e + "_2" for e in edges[two]]) for two in w.wrt]
    else:
        directions = {name: add("d" + name, edges[name], first(name)) for name in w.wrt}
        along = sum((grad(value, name, "_1") @ directions[name] for name in w.wrt[1:]),
                    grad(value, w.wrt[0], "_1") @ directions[w.wrt[0]])  # fmt: skip
        results = [(along, out)]
        if w.second:
            results = [(grad(along, name, "_2"), [e + "_2" for e in edges[name]]) for name in w.wrt]
    program = compile_to_callable(*(f.full_simplify() if simplified else f for f, _ in results))
    given = {held[name]: torch.from_numpy(arrays[name]).rename(*names) for name, names in edges.items()}
    sizes = {
        size(edge): arrays[name].shape[place]
        for name, names in said.edges.items()
        for place, edge in enumerate(names.split())
    }

    def laid_out(found: Any) -> list[Any]:
        found = found if isinstance(found, tuple) else (found,)
        return [each.align_to(*names).rename(None).numpy() for each, (_, names) in zip(found, results, strict=True)]

    return Peer("tensorgrad", "", lambda: program(given, sizes), laid_out, compiles=True)
