"""What is known to be positive definite, semidefinite or invertible: Gram matrices, and what is built of them.

A yes is proved from the structure of the node and the assumptions on its names; a no only says that it is not known.
"""

from __future__ import annotations

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import CAP, Node
from frechet.core.records import facts

DEFINITE = frozenset({"positive definite", "hermitian positive definite"})
"""The assumptions that make every eigenvalue positive."""


def definite(x: Node) -> bool:
    """Whether x is known to be hermitian positive definite (a scalar: positive).

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> known = {"S": ["positive definite"], "t": ["positive"]}
    >>> def of(text): return node_of(parse(text, assumptions={k: v for k, v in known.items() if k in text}).value)
    >>> definite(of("S+t*X'*X")), definite(of("inv(S+X*X'+eye(n))")), definite(of("S-t*X'*X"))
    (True, True, False)
    """
    if x.weight >= CAP:
        return False
    if x.scalar:
        return positive(x)
    if x.kind == "leaf":
        return x.op == "eye" or not DEFINITE.isdisjoint(atoms.assumptions(x))
    if x.kind == "transpose":
        return definite(x.args[0])
    if x.kind == "apply":
        known = facts(x.op)
        return (known.definite and definite(x.args[0])) or (known.always_definite and b.herm(x.args[0]) is x.args[0])
    if x.kind == "sum":
        semi = all(c > 0 and semidefinite(t) for t, c in x.terms)
        return semi and any(definite(t) for t, _ in x.terms)
    if x.kind == "kron":
        return all(definite(f) for f in x.args)
    if x.kind == "diag":
        return positive(x.args[0])
    if x.kind == "product" and x.coef > 0 and all(e % 2 == 0 or positive(s) for s, e in x.terms):
        return _congruent(x.chain) and all(map(invertible, x.chain))
    return False


def semidefinite(x: Node) -> bool:
    """Whether x is known to be hermitian positive semidefinite (a scalar: not negative).

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> semidefinite(node_of(parse("A*X'*X*A'").value))
    True
    """
    if x.weight >= CAP:
        return False
    if x.scalar:
        return b.nonnegative(x)
    if x.kind == "sum":
        return all(c > 0 and semidefinite(t) for t, c in x.terms)
    if x.kind == "transpose":
        return semidefinite(x.args[0])
    if x.kind == "kron":
        return all(semidefinite(f) for f in x.args)
    if x.kind == "diag":
        return b.nonnegative(x.args[0])
    if x.kind == "product" and x.coef >= 0 and all(e % 2 == 0 or b.nonnegative(s) for s, e in x.terms):
        return _congruent(x.chain)
    return definite(x)


def invertible(x: Node) -> bool:
    """Whether a square matrix is known to have an inverse.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> assumed = {"Q": ["orthogonal"], "S": ["positive definite"]}
    >>> def of(text): return node_of(parse(text, assumptions=assumed).value)
    >>> invertible(of("Q*inv(X)*S")), invertible(of("Q+S")), invertible(of("S*expm(Q)"))
    (True, False, True)
    """
    core = unturned(x)
    if core.kind in ("product", "kron"):
        factors = core.chain if core.kind == "product" else core.args
        return core.coef != 0 and all(positive(s) for s, _ in core.terms) and all(map(invertible, factors))
    if core.kind == "apply" and facts(core.op).invertible:
        return True
    return "orthogonal" in atoms.assumptions(core) or definite(core)


def _congruent(chain: tuple[Node, ...]) -> bool:
    """Whether a chain is P'*P, or P'*S*P with S semidefinite."""
    n = len(chain)
    mirrored = n > 0 and all(b.herm(chain[k]) is chain[n - 1 - k] for k in range(n // 2))
    return mirrored and (n % 2 == 0 or semidefinite(chain[n // 2]))


def positive(x: Node) -> bool:
    """Whether every entry of x is known to be above zero."""
    if x.kind == "leaf":
        return x.op in ("size", "number", "pi", "ones") or "positive" in atoms.assumptions(x)
    if x.kind == "apply":
        return facts(x.op).range == "positive"
    if x.kind == "sum":
        return all(c > 0 and b.nonnegative(t) for t, c in x.terms) and any(positive(t) for t, _ in x.terms)
    if x.kind == "product":
        return x.coef > 0 and all(positive(s) for s, _ in x.terms) and all(map(positive, x.chain))
    if x.kind == "hadamard":
        return all(positive(f) for f, _ in x.terms)
    if x.kind == "ring":
        # A trace of what is definite; a sum of products of positive entries.
        return all(map(positive, x.chain)) or (len(x.chain) == 1 and definite(x.chain[0]))
    # A contraction adds products, one at the least.
    return x.kind in ("transpose", "vec", "unvec", "kron", "einsum") and all(map(positive, x.args))
