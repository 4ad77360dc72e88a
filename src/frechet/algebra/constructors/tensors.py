"""Arrays of three axes and more: a network of factors over named axes, flat and in one order.

A contraction is kept as ``einsum`` keeps it, with every product inside it opened: factors over axes, one factor for
each choice of axes (those on the same axes are one entrywise product), the factors in an order of their own.  What is
repeated along an axis is a factor that lacks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.algebra.atoms import U, is_op, number
from frechet.algebra.constructors import late
from frechet.algebra.constructors.products import assemble, mul, parts
from frechet.algebra.constructors.transposes import T
from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE, Dim

Groups = list[tuple[Node, str]]
"""Factors that share no inner axis, each with the letters of its axes."""


def einsum(spec: str, args: Sequence[Node], shape: tuple[Dim, ...]) -> Node:
    """A network that is no matrix formula: `spec` in NumPy's notation over the nodes' axes."""
    if any(len(a.shape) > 2 for a in args) or len(shape) > 2:
        ins, out = spec.split("->")
        found = late.contracted(ins.split(","), out, args)
        return T(found) if found.column and found.shape != shape else found  # the value is a row
    return network_of_matrices(spec, args, shape)


def network_of_matrices(spec: str, args: Sequence[Node], shape: tuple[Dim, ...]) -> Node:
    """A network whose factors are matrices and vectors, as it is."""
    coef, scalars, bare = _bare(args)
    ins, out = spec.split("->")
    specs = ins.split(",")
    for k, a in enumerate(bare):  # A[j,i] for A'[i,j]
        if a.kind == "transpose" and len(specs[k]) == 2:
            specs[k], bare[k] = specs[k][::-1], a.args[0]
    if len(set(specs)) == 1:  # entrywise factors in the order of their keys
        bare.sort(key=lambda a: a.key)
    return _scaled(
        coef, scalars, intern("einsum", shape, tuple(bare), params=(",".join(specs) + "->" + out,), overhead=2)
    )


def network(factors: Sequence[tuple[Node, str]], out: str, shape: tuple[Dim, ...]) -> Node:
    """A network of opened factors, each with the letters of its axes; the letters of the result are given.

    Letters that are summed over are named by the order of the factors, which is one for equal networks: by the axes
    of the result that a factor has, then by itself.
    """
    coef, scalars, bare = _bare([f for f, _ in factors])
    turned: list[tuple[Node, str]] = []
    for x, (_, letters) in zip(bare, factors, strict=True):
        turned.append((x.args[0], letters[::-1]) if x.kind == "transpose" and len(letters) == 2 else (x, letters))
    if len(shape) > 2 and len(turned) == 1 and turned[0][1] == out:
        return _scaled(coef, scalars, turned[0][0])
    if (
        len(shape) > 2
        and all(is_op(x, "ones") or x is ONE_ALONE for x, _ in turned)
        and sorted(s for _, s in turned) == sorted(out)
    ):
        return _scaled(coef, scalars, late.all_ones(shape))

    def place(c: str) -> int:
        return out.find(c) % len(LETTERS)

    alike = [len(letters) == 2 and T(x) is x for x, letters in turned]
    turned = [
        (x, "".join(sorted(letters, key=place)) if same else letters)
        for (x, letters), same in zip(turned, alike, strict=True)
    ]
    turned.sort(key=lambda f: ([place(c) for c in f[1]], f[0].key))
    names = {c: LETTERS[k] for k, c in enumerate(out)}
    mirrored = [len(letters) == 2 and T(x) is x for x, letters in turned]
    for same in (False, True):  # a symmetric factor reads the same both ways: the others name its axes
        for (_, letters), is_mirrored in zip(turned, mirrored, strict=True):
            for c in letters if is_mirrored == same else "":
                names.setdefault(c, LETTERS[len(names)])
    renamed = ["".join(names[c] for c in letters) for _, letters in turned]
    specs = ["".join(sorted(s, key=LETTERS.index)) if same else s for s, same in zip(renamed, mirrored, strict=True)]
    spec = ",".join(specs) + "->" + "".join(names[c] for c in out)
    node = intern("einsum", shape, tuple(x for x, _ in turned), params=(spec,), overhead=2)
    return _scaled(coef, scalars, node)


ONE_ALONE = number(1)
"""What stands for ones along an axis of size one."""
LETTERS = "ijklmnpqrstuvwxyzabcdefghoABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Names of the axes in a network."""


def groups(x: Node) -> Groups:
    """What a network is the outer product of, with letters of its result; nothing where it is one piece.

    Ones are left out: x repeated along an axis is the one group x.
    """
    if x.kind != "einsum" or len(x.shape) <= 2:
        return []
    ins, out = x.params[0].split("->")
    pieces = [({k}, set(s) - set(out)) for k, s in enumerate(ins.split(","))]
    joined: list[tuple[set[int], set[str]]] = []
    for mine, inner in pieces:
        for other in [o for o in joined if o[1] & inner]:
            joined.remove(other)
            mine, inner = mine | other[0], inner | other[1]
        joined.append((mine, inner))
    if len(joined) == 1:
        return []
    specs = ins.split(",")
    found: Groups = []
    for mine, inner in joined:
        if len(mine) == 1 and not inner:
            (k,) = mine
            if not is_op(x.args[k], "ones"):
                found.append((x.args[k], specs[k]))
            continue
        letters = "".join(c for c in out if any(c in specs[k] for k in mine))
        inside = late.contracted([specs[k] for k in sorted(mine)], letters, [x.args[k] for k in sorted(mine)])
        found.append((inside, letters))
    return found


def spread(x: Node) -> tuple[Node, str, str] | None:
    """(v, its letters, the letters of x) where x is v repeated along axes that v lacks; None of anything else."""
    found = groups(x)
    if len(found) != 1:
        return None
    v, letters = found[0]
    return v, letters, x.params[0].split("->")[1]


def _bare(args: Sequence[Node]) -> tuple[Fraction, dict[Node, Fraction], list[Node]]:
    """The numbers and scalars of all factors together, and the factors without theirs."""
    coef, scalars, bare = U, dict[Node, Fraction](), list[Node]()
    for a in args:
        c, s, chain = parts(a)
        coef *= c
        for b, e in s:
            scalars[b] = scalars.get(b, Fraction(0)) + e
        bare.append(assemble(U, {}, chain, a.shape) if (c != 1 or s) and not a.scalar else a)
    return coef, scalars, bare


def _scaled(coef: Fraction, scalars: dict[Node, Fraction], x: Node) -> Node:
    """A network with its numbers in front."""
    if x.scalar:
        return mul(assemble(coef, scalars, (), (ONE, ONE)), x)
    return (
        mul(assemble(coef, scalars, (), (ONE, ONE)), x)
        if x.kind == "product"
        else assemble(coef, scalars, (x,), x.shape)
    )
