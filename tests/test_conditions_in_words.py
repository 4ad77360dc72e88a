"""Conditions in words of their own, and those of the formula alone: true at their boundary, and not met off it.

Equal eigenvalues, a pole, a rank that falls: what is 0 there is written down once an operation, and the variables are
moved to where it is.  There the expression must break; for a condition of the formula alone the formula must, and the
expression must not.  A little off the boundary the derivative is what differences say, on one side at least.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares

import frechet as fr
from frechet.core.records import RECORDS
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.library.conditions import Condition
from frechet.library.numbers import full
from frechet.verify.defined import Nothing, Watched
from frechet.verify.structure import is_complex
from test_conditions import PROBLEMS, Line, breaks, conditions_of

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*no finite value")]

Residue = Callable[..., Any]
"""The values of an operation's arguments → what is 0 at its boundary, and there alone."""
OFF = 0.03
"""How far off the boundary the derivative is compared with differences."""
H = 1e-6


def _matrix(x: Any) -> Any:
    return np.atleast_2d(x)


def _equal_eigenvalues(x: Any) -> Any:
    s = (_matrix(x) + _matrix(x).T) / 2
    w, v = np.linalg.eigh(s)
    k = int(np.argmin(np.diff(w)))
    w[k : k + 2] = np.mean(w[k : k + 2])
    return s - (v * w) @ v.T


def _singular(change: Callable[[Any], Any]) -> Residue:
    def residue(x: Any, *_: Any) -> Any:
        u, s, vt = np.linalg.svd(_matrix(x), full_matrices=False)
        return x - (u * change(s)) @ vt

    return residue


class Falling:
    """The least singular value that is not 0 all along, as the last ones of a product with few columns inside are."""

    kept = 0

    def __call__(self, x: Any, *_: Any) -> Any:
        u, s, vt = np.linalg.svd(_matrix(x), full_matrices=False)
        self.kept = self.kept or int(np.sum(s > 1e-9 * s[0]))
        return s[self.kept - 1] * np.outer(u[:, self.kept - 1], vt[self.kept - 1])


def _first_two_equal(s: Any) -> Any:
    return np.concatenate([[s[:2].mean()] * 2, s[2:]])


def _nearest_equal(s: Any) -> Any:
    k, out = int(np.argmin(-np.diff(s))), s.copy()
    out[k : k + 2] = s[k : k + 2].mean()
    return out


def _entry(target: Callable[[float], float]) -> Residue:
    def residue(x: Any, *_: Any) -> Any:
        first = float(np.ravel(x)[0])
        return np.array([first - target(first)])

    return residue


def _apart(pick: Callable[[Any], tuple[int, int]]) -> Residue:
    """The difference of two of the entries in order."""

    def residue(x: Any) -> Any:
        ordered = np.sort(np.ravel(x))
        i, j = pick(ordered)
        return np.array([ordered[i] - ordered[j]])

    return residue


def _nearest(ordered: Any) -> tuple[int, int]:
    k = int(np.argmin(np.diff(ordered)))
    return k, k + 1


def _bound(k: int) -> Residue:
    return lambda x, *bounds: np.array([np.ravel(x - bounds[k])[0]])


def _determinant(system: Callable[..., Any]) -> Residue:
    return lambda *arrays: np.array([np.linalg.det(system(*map(_matrix, arrays)))])


def _sylvester(a: Any, b: Any, _: Any) -> Any:
    return np.kron(a, np.eye(len(b))) + np.kron(np.eye(len(a)), b.T)


def _stein(a: Any, b: Any, _: Any) -> Any:
    return np.eye(len(a) * len(b)) - np.kron(a, b.T)


def _hamiltonian(a: Any, g: Any, q: Any, r: Any) -> Any:
    return np.block([[a, -g @ np.linalg.solve(r, g.T)], [-q, -a.T]])


def _symplectic(a: Any, g: Any, q: Any, r: Any) -> Any:
    eye, zero = np.eye(len(a)), np.zeros(a.shape)
    return np.block([[a, zero], [-q, eye]]) - np.block([[eye, g @ np.linalg.solve(r, g.T)], [zero, a.T]])


def _pole(x: float) -> float:
    return float(min(np.round(x), 0.0))


SINGULAR = Falling()
RESIDUES: Mapping[str, tuple[Residue, ...]] = {
    **dict.fromkeys(("eigvalsh", "eigvecs"), (_equal_eigenvalues,)),
    "svdvals": (_singular(_nearest_equal), SINGULAR),
    **dict.fromkeys(("svd_u", "svd_v"), (_singular(_nearest_equal),)),
    "norm_spectral": (_singular(_first_two_equal),),
    **dict.fromkeys(("norm_nuclear", "pinv", "qr_q", "qr_r", "logm", "sqrtm", "logm_frechet", "chol"), (SINGULAR,)),
    **dict.fromkeys(("det", "adj"), (SINGULAR,)),
    **dict.fromkeys(("prod", "cumprod"), (_entry(lambda x: 0.0),)),
    **dict.fromkeys(("gamma", "lgamma", "digamma", "polygamma"), (_entry(_pole),)),
    "tan": (_entry(lambda x: np.pi * (np.round(x / np.pi - 0.5) + 0.5)),),
    "lambertw": (_entry(lambda x: -np.exp(-1.0)),),
    **dict.fromkeys(("max", "min"), (_bound(0),)),
    "clip": (_bound(0), _bound(1)),
    "atan2": (
        lambda y, x: np.array([np.ravel(y)[0], np.ravel(x)[0]]),
        lambda y, x: np.array([np.ravel(y)[0], max(np.ravel(x)[0] + 0.5, 0.0)]),
    ),
    "largest": (_apart(lambda s: (-1, -2)),),
    "smallest": (_apart(lambda s: (0, 1)),),
    **dict.fromkeys(("sort", "sortperm"), (_apart(_nearest),)),
    "median": (
        _apart(lambda s: ((len(s) - 1) // 2, (len(s) - 1) // 2 - 1)),
        _apart(lambda s: (len(s) // 2, len(s) // 2 + 1)),
    ),
    "sylvester": (_determinant(_sylvester),),
    "stein": (_determinant(_stein),),
    "care": (_determinant(_hamiltonian), _determinant(lambda a, g, q, r: r)),
    "dare": (_determinant(_symplectic),),
}
"""By the operation: where its condition speaks; several where it speaks of several things."""
FORMULA_TOO: Mapping[str, Residue] = dict.fromkeys(("svd_u", "svd_v"), SINGULAR)
"""Where a condition speaks of the formula besides."""
OWN = [
    {"expression": "a'*sort(x)", "wrt": "x"},
    {"expression": "exp(median(x))", "wrt": "x", "shapes": {"x": ["n"]}},
    {"expression": "sum(gamma(A*x))", "wrt": "x"},
    {"expression": "tr(B*pinv(A*X))", "wrt": "X"},
    {"expression": "det(A+X)", "wrt": "X"},
    {"expression": "prod(x.*y)", "wrt": "x", "shapes": {"x": ["n"], "y": ["n"]}},
    {"expression": "cumprod(x)'*y", "wrt": "x", "shapes": {"x": ["n"], "y": ["n"]}},
    {"expression": "tr(A*adj(X))", "wrt": "X"},
    {"expression": "tr(A*qr_r(X))", "wrt": "X"},
    {"expression": "tr(A*logm(S))", "wrt": "S", "assumptions": {"S": ["symmetric"]}},
    {"expression": "tr(A*care(F,B,Q,R))", "wrt": "Q"},
    {"expression": "tr(A*stein(F,F',Q))", "wrt": "F"},
]


def _examples() -> list[dict[str, Any]]:
    """The example of every record that says something in words of its own, by each of its variables."""
    found: list[dict[str, Any]] = []
    for op in RECORDS.values():
        if op.name in RESIDUES and not op.outside:
            found += [{"expression": op.example, "wrt": name} for name in parse(op.example).variables]
    return found


def _told(given: Mapping[str, Any]) -> tuple[fr.Derivative, list[Condition]]:
    try:
        d, conditions = conditions_of(given)
    except FrechetError:  # the second derivative of a logarithm of a matrix in any direction
        return None, []  # pyright: ignore
    if any(map(is_complex, d.context.variables.values())):
        return d, []
    return d, [one for one in conditions if one.word in ("own", "formula")]


def _moved(line: Line, one: Condition, residue: Residue) -> list[str]:
    """The variables that were moved to where the residue is 0: the one of the derivative, else all; none if not."""
    arguments = [fr.Formula(a) for a in (one.part or one.about.args[0], *one.about.args[1:])]
    start = dict(line.point)
    tried = ([*line.moving], [*line.point])
    return next((names for names in tried if _put_at(line, names, arguments, residue, start)), [])


def _put_at(
    line: Line, names: list[str], arguments: list[fr.Formula], residue: Residue, start: Mapping[str, Any]
) -> bool:
    line.point.update(start)
    if isinstance(residue, Falling):
        residue = Falling()
    shapes = {n: np.shape(line.point[n]) for n in names}
    lengths = [int(np.prod(s)) for s in shapes.values()]

    def rest(v: Any) -> Any:
        for (n, s), piece in zip(shapes.items(), np.split(v, np.cumsum(lengths)[:-1]), strict=True):
            line.point[n] = piece.reshape(s)
        return np.ravel(residue(*(line.at(a, 0.0) for a in arguments))).real

    begin = np.concatenate([np.ravel(line.point[n]) for n in names])
    try:
        best = least_squares(rest, begin, xtol=1e-15, ftol=1e-15, gtol=1e-15).x
        return bool(np.max(np.abs(rest(np.where(abs(best) < 1e-9, 0.0, best)))) < 1e-9)
    except (np.linalg.LinAlgError, ValueError, IndexError):
        return False


def _formula(d: fr.Derivative, line: Line, t: float) -> Any:
    """The printed differential at a place on the line, in its direction."""
    symbols = next(iter(d.context.symbols.values()))
    moved = {n: a + t * line.direction[n] if n in line.moving else a for n, a in line.point.items()}
    with np.errstate(all="ignore"):
        given = {**moved, symbols.increment: line.direction[line.moving[0]]}
        return d.evaluate(given, form="differential", functions=line.functions, **line.sizes)


def _without_value(d: fr.Derivative, line: Line) -> bool:
    """Whether the printed differential has no value at the point itself."""
    symbols = next(iter(d.context.symbols.values()))
    formula = full(d.form("differential").expr, d.definitions)
    env = {**line.point, symbols.increment: line.direction[line.moving[0]]}
    with np.errstate(all="ignore"):
        return isinstance(Watched(formula, line.sizes, line.functions).value(env), Nothing)


def _right(d: fr.Derivative, line: Line, away: Mapping[str, Any]) -> bool | None:
    """Whether the differential is the slope a step away from the boundary; None where the expression has no value."""
    here = dict(line.point)
    line.point.update({n: here[n] + step for n, step in away.items()})
    slope = (line.at(line.value, H) - line.at(line.value, -H)) / (2 * H)
    said = _formula(d, line, 0.0) if np.isfinite(slope).all() else slope
    line.point.update(here)
    if said is slope:
        return None
    return bool(np.max(np.abs(said - slope), initial=0.0) < 1e-3 * max(1.0, float(np.max(np.abs(slope), initial=0.0))))


def _tried(d: fr.Derivative, one: Condition, residue: Residue, formula: bool) -> bool:
    """Whether a boundary was reached with a value on one side of it; all that is claimed is asserted there."""
    for seed in range(8):
        line = Line(d, one, seed)
        with np.errstate(all="ignore"):
            names = _moved(line, one, residue)
        if not names:
            continue
        across = {n: line.direction[n] if n in line.moving else line.drawn(n) for n in names}
        sides = [_right(d, line, {n: t * a for n, a in across.items()}) for t in (OFF, -OFF)]
        if True not in sides and False not in sides:
            continue
        assert False not in sides, (one.said, sides, line.point)
        assert not formula or _without_value(d, line), (one.said, line.point)
        line.moving, line.direction = names, across
        assert formula or breaks(line, 0.0), (one.said, line.point)
        assert one.word != "formula" or not breaks(line, 0.0), (one.said, line.point)
        return True
    return False


CASES = [*_examples(), *OWN, *(g for g in PROBLEMS if not isinstance(g.get("wrt"), list))]


@pytest.mark.parametrize("given", CASES, ids=lambda g: g.get("id", f"{g['expression']} by {g['wrt']}")[:60])
def test_what_is_said_in_words_is_true(given: Mapping[str, Any]) -> None:
    d, conditions = _told(given)
    for one in conditions:
        name = one.about.op.name
        reached = [_tried(d, one, residue, one.word == "formula") for residue in RESIDUES[name]]
        if name in FORMULA_TOO:
            reached.append(_tried(d, one, FORMULA_TOO[name], True))
        assert any(reached), one.said


def test_every_operation_with_words_of_its_own_is_tried() -> None:
    spoken = {op.name for op in RECORDS.values() if op.caution and "{where}" not in op.caution and not op.outside}
    plain = {op.name for op in RECORDS.values() if op.domain and set(op.domain) <= {"positive", "nonzero"}}
    assert spoken - RESIDUES.keys() - plain <= {"logdet", "inv"}
