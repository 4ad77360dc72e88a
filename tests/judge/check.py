"""The judge: an answer against the truth at fresh points, form by form, in exact shapes; and its length.

>>> from judge.check import judge
>>> problem = {"expression": "x'*A*x", "wrt": "x", "shapes": {"x": ["n"], "A": ["n", "n"]}}
>>> report = judge(problem, {"gradient": "(A+A')*x", "differential": "2*x'*A*dx"})
>>> report.forms["gradient"].status, report.forms["differential"].status, report.forms["index"].status
('right', 'wrong', 'absent')
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from judge.indices import TooLarge, entries
from judge.language import Unreadable, length, parse
from judge.point import TROUBLE, Point, Truth, along_reals, first, points, project, second, wirtinger
from judge.sample import Problem
from judge.values import Array, Bad, NotAnalytic, grid, settle

Answer = Mapping[str, Any]


@dataclass
class Form:
    """One form of an answer: `right`, `wrong`, `missing` (with a reason), `absent` (without a word), `unjudged`."""

    status: str
    text: str = ""
    reason: str = ""
    error: float = 0.0


@dataclass
class Report:
    """What the judge found.  `nodes` and `known` are the lengths of the main form and of the known answer."""

    forms: dict[str, Form] = field(default_factory=dict)
    nodes: int | None = None
    known: int | None = None
    trouble: str = ""

    def having(self, status: str) -> list[str]:
        return [name for name, form in self.forms.items() if form.status == status]

    @property
    def right(self) -> bool:
        """No form wrong, none absent, at least one right."""
        return (
            not self.trouble and not self.having("wrong") and not self.having("absent") and bool(self.having("right"))
        )

    @property
    def ratio(self) -> float | None:
        return None if self.nodes is None or not self.known else self.nodes / self.known


class Names(dict[str, Array]):
    """The names that a formula may use; a `where` name is worked out when it is asked for."""

    def __init__(self, values: Mapping[str, Array], where: Mapping[str, str], point: Point) -> None:
        quantities = {name for name, _ in point.statements if name}  # these may stand in `where`, which is then used
        super().__init__({k: v for k, v in values.items() if k not in quantities or k not in where})
        self.where, self.point = dict(where), point
        clash = [k for k in where if k in values and k not in quantities]
        if clash:
            raise Bad(f"the where-name {clash[0]} is a name of the problem")

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self.where

    def __missing__(self, name: str) -> Array:
        if name not in self.where:
            raise Bad(f"unknown name {name}")
        text = self.where.pop(name)  # popped, so that a circle ends in "unknown name"
        self[name] = self.point.number(parse(text), self)
        return self[name]


Check = Callable[[Point, Mapping[str, Array]], tuple[Array, Array]]
"""At a point, with names: (what the formula gives, what it should be), in exact shapes."""


def vec_order(shape: tuple[int, ...], order: str) -> np.ndarray:
    """Positions in the array (row-major) of the entries of vec."""
    rows_cols = (*shape, 1, 1)[:2] if len(shape) < 2 else shape
    return np.arange(int(np.prod(shape, dtype=int))).reshape(rows_cols).flatten(order="F" if order == "column" else "C")


def as_matrix(d: Array, value: tuple[int, ...], variable: tuple[int, ...], vec: str) -> Array:
    """The numerator-layout Jacobian of the array D."""
    flat = d.reshape(int(np.prod(value, dtype=int)), int(np.prod(variable, dtype=int)))
    return flat[vec_order(value, vec)][:, vec_order(variable, vec)]


def evaluated(text: str, names: Mapping[str, Array], point: Point) -> Array:
    return settle(point.number(parse(text), names))


def expected_forms(order: int, value_scalar: bool, variable_scalar: bool) -> Iterator[str]:
    """The forms an answer owes.  (A tensor is no debt where the value is a scalar.)"""
    yield "differential"
    yield "pullback"
    if order == 2:
        yield "gradient"
        yield "hessian"
        return
    if value_scalar and not variable_scalar:
        yield "gradient"
    if variable_scalar:
        yield "derivative"
    yield "index"
    if not value_scalar:
        yield "tensor"
    for layout in ("numerator", "denominator"):
        for vec in ("column", "row"):
            yield f"jacobian.{layout}.{vec}"


def given_forms(answer: Answer) -> Iterator[tuple[str, Any]]:
    """(name, formula) of every form that an answer has."""
    for name in ("differential", "pullback", "gradient", "index", "tensor", "derivative"):
        if answer.get(name) is not None:
            yield name, answer[name]
    hessian = answer.get("hessian")
    if isinstance(hessian, str):
        yield "hessian", hessian
    elif hessian:
        for vec, text in hessian.items():
            if text is not None:
                yield f"hessian.{vec}", text
    for layout, by_vec in (answer.get("jacobian") or {}).items():
        for vec, text in (by_vec or {}).items():
            if text is not None:
                yield f"jacobian.{layout}.{vec}", text
    for group in ("structured", "complex"):
        for name, text in (answer.get(group) or {}).items():
            if text is not None:
                yield f"{group}.{name}", text


class Bench:
    """Checks the forms of one answer at one point."""

    def __init__(self, point: Point, answer: Answer, wrt: str, order: int, rng: np.random.Generator) -> None:
        self.point, self.wrt, self.order, self.rng = point, wrt, order, rng
        self.x = point.values[wrt]
        self.value_shape = point.value.shape
        self.structure = point.structure(wrt)
        self.hermitian = any("hermitian" in fact for fact in point.assumptions.get(wrt, ()))
        self.symbols = answer.get("symbols") or {}
        complex_x = np.iscomplexobj(self.x)
        self.d, self.conjugate = Truth(np.zeros(0), 1e-5), np.zeros(0)
        if complex_x:
            dz, self.conjugate = wirtinger(point, wrt)
            self.d = Truth(dz, 1e-5)
        elif point.complex:
            self.d = along_reals(point, wrt)
        else:
            self.d = first(point, wrt)
        self.gradient = self.d.array
        if order == 2:
            self.d = second(point, wrt, wrt)
            self.value_shape = self.x.shape
        scale = np.max(np.abs(self.d.array), initial=0.0)
        if not np.isfinite(scale) or scale > 1e7:
            raise Bad("the derivative is not finite (or huge) here")
        self.dx = self.project(
            rng.standard_normal(self.x.shape) + (1j * rng.standard_normal(self.x.shape) if complex_x else 0)
        )
        if self.hermitian:
            self.dx = (self.dx + self.dx.conj().T) / 2
        self.g = rng.standard_normal(self.value_shape)
        if np.iscomplexobj(point.value) and np.max(np.abs(np.imag(point.value)), initial=0.0) > 1e-9:
            self.g = self.g + 1j * rng.standard_normal(self.value_shape)

    def names(self, answer: Answer) -> Names:
        drawn = [("increment", f"d{self.wrt}", self.dx)]
        drawn.append(("upstream", "G", self.g) if self.order == 1 else ("direction", "V", self.dx))
        extra: dict[str, Array] = {}
        for kind, habit, array in drawn:
            symbol = self.symbols.get(kind) or habit
            if symbol not in self.point.values:
                extra[symbol] = array
            elif self.symbols.get(kind):
                raise Bad(f"the {kind} {symbol} is a name of the problem")
        return Names({**self.point.values, **extra}, answer.get("where") or {}, self.point)

    def project(self, g: Array) -> Array:
        return project(self.structure, self.x, g)

    def apply(self, dx: Array) -> Array:
        return np.tensordot(self.d.array, dx, axes=self.x.ndim)

    def pull(self, g: Array) -> Array:
        if self.point.complex and self.order == 1:  # the gradient of Re⟨G, value⟩
            over = len(self.value_shape)
            straight = np.tensordot(g, np.conj(self.d.array), axes=over)
            if not np.iscomplexobj(self.x):
                return np.real(straight)
            return self.in_hermitian(straight + np.tensordot(np.conj(g), self.conjugate, axes=over))
        return self.project(np.tensordot(g, self.d.array, axes=len(self.value_shape)))

    def in_hermitian(self, g: Array) -> Array:
        """Of a hermitian variable the hermitian part."""
        return (g + g.conj().T) / 2 if self.hermitian else g

    def along(self, d: Array) -> Array:
        """A derivative array as it acts on increments within the structure."""
        if self.structure is None:
            return d
        basis = [self.project(e.reshape(self.x.shape)) for e in np.eye(self.x.size)]
        return np.stack([np.tensordot(d, e, axes=self.x.ndim) for e in basis], axis=-1)

    def basis(self, vec: str) -> Array:
        """The increments within the structure, stacked, one a column."""
        columns = [self.project(e.reshape(self.x.shape)).reshape(-1) for e in np.eye(self.x.size)]
        return np.stack(columns, axis=1)[vec_order(self.x.shape, vec)]

    def compare(self, name: str, formula: Any, names: Mapping[str, Array]) -> tuple[Array, Array]:
        """(found, truth) for one form."""
        parts = name.split(".")
        if name == "differential":
            truth = self.apply(self.dx)
            if np.iscomplexobj(self.x):
                truth = truth + np.tensordot(self.conjugate, np.conj(self.dx), axes=self.x.ndim)
            return evaluated(formula, names, self.point), truth
        if name == "pullback":
            return evaluated(formula, names, self.point), self.pull(self.dx if self.order == 2 else self.g)
        if name == "gradient":
            truth = self.project(self.gradient)
            if np.iscomplexobj(self.x):
                truth = self.in_hermitian(np.conj(self.d.array) + self.conjugate)
            return evaluated(formula, names, self.point), truth
        if name == "derivative":
            return evaluated(formula, names, self.point), self.d.array
        if name == "index":
            return self.along(self.indexed(formula, names)), self.along(self.d.array)
        if name == "tensor":
            return self.along(self.exactly(evaluated(formula, names, self.point), self.d.array.shape)), self.along(
                self.d.array
            )
        if parts[0] == "hessian":
            if len(parts) == 1 and sum(n > 1 for n in self.x.shape) > 1:
                raise Bad("the Hessian by a matrix or a tensor needs a vec order")
            vec = parts[1] if len(parts) > 1 else "column"
            truth = as_matrix(self.d.array, self.x.shape, self.x.shape, vec)
            found = evaluated(formula, names, self.point)
            if self.structure is None:
                return found, settle(truth)
            basis = self.basis(vec)  # right for every pair of increments within the structure (answer.md)
            found = grid(self.exactly(found, settle(truth).shape)).reshape(truth.shape)
            return basis.T @ found @ basis, basis.T @ truth @ basis
        if parts[0] == "jacobian":
            truth = as_matrix(self.d.array, self.value_shape, self.x.shape, parts[2])
            found = evaluated(formula, names, self.point)
            if parts[1] == "denominator":
                truth = truth.T
            if self.structure is None:
                return found, settle(truth)
            found = grid(self.exactly(found, settle(truth).shape)).reshape(truth.shape)
            if parts[1] == "denominator":
                found, truth = found.T, truth.T
            basis = self.basis(parts[2])
            return found @ basis, truth @ basis
        if parts[0] == "structured":
            return evaluated(formula, names, self.point), self.structured(parts[1], formula, names)
        if parts[0] == "complex":
            truth = self.d.array if parts[1] == "d/dZ" else self.conjugate
            return evaluated(formula, names, self.point), truth
        raise Bad(f"no form is called {name}")

    def structured(self, reading: str, formula: str, names: Mapping[str, Array]) -> Array:
        """What `structured` should hold; the unconstrained gradient only up to what the structure kills."""
        g = self.gradient
        if reading == "projected":
            return self.project(g)
        if reading == "free entries":
            full = (
                g + g.T - np.diag(np.diag(g))
                if self.structure == "symmetric"
                else g - g.T
                if self.structure == "skew"
                else None
            )
            return self.project(g) if full is None else settle(full)
        found = self.exactly(evaluated(formula, names, self.point), g.shape)
        return found + (self.project(g) - self.project(found))

    def exactly(self, found: Array, shape: tuple[int, ...]) -> Array:
        if found.shape != settle(np.zeros(shape)).shape:
            raise Bad(f"the shape is {found.shape}, it should be {shape}")
        return found.reshape(shape)

    def indexed(self, formula: Mapping[str, Any], names: Mapping[str, Array]) -> Array:
        value, variable = list(formula["value"]), list(formula["wrt"])
        if len(set(value + variable)) != len(value) + len(variable):
            raise Bad("an index is used twice among value and variable")
        sizes: dict[str, int] = {}
        for what, indices, shape in (
            ("value", value, self.value_shape),
            ("variable", variable, self.x.shape),
        ):
            shown = [n for n in shape if n != 1] if len(indices) != len(shape) and len(shape) == 2 else list(shape)
            if len(shown) != len(indices):
                raise Bad(f"{len(indices)} indices for a {what} of shape {shape}")
            sizes.update(zip(indices, shown, strict=True))
        found = entries(parse(formula["entry"]), sizes, names, self.point.declared, self.point.complex)
        return found.reshape(self.d.array.shape)


def error_of(found: Array, truth: Array) -> float:
    """The largest difference relative to the truth's size; raises Bad where shapes differ."""
    truth = np.asarray(truth)
    wanted = settle(truth).shape if truth.ndim <= 2 else truth.shape
    if np.shape(found) != wanted:
        raise Bad(f"the shape is {np.shape(found)}, it should be {wanted}")
    difference = np.max(np.abs(found - truth.reshape(wanted)), initial=0.0)
    return float(difference / (np.max(np.abs(truth), initial=0.0) + 1e-6)) if np.isfinite(difference) else np.inf


def check_form(benches: list[Bench], answer: Answer, name: str, formula: Any) -> Form:
    text = formula["entry"] if name == "index" else formula
    worst = 0.0
    for bench in benches:
        try:
            error = error_of(*bench.compare(name, formula, bench.names(answer)))
        except (TooLarge, MemoryError) as problem:
            return Form("unjudged", text, str(problem))
        except (Unreadable, RecursionError, NotAnalytic, KeyError, *TROUBLE) as problem:
            return Form("wrong", text, f"{type(problem).__name__}: {problem}", np.inf)
        tolerance = max(bench.d.tolerance, 1e-5 if name.startswith("complex") else 0)
        if not error <= tolerance:
            return Form("wrong", text, f"relative error {error:.1e} at sizes {bench.point.sizes}", error)
        worst = max(worst, error)
    return Form("right", text, error=worst)


def reason_for(answer: Answer, name: str) -> str | None:
    """The reason in `missing` for a form, given for it or for its group."""
    for key, why in (answer.get("missing") or {}).items():
        if name == key or name.startswith(key + "."):
            return str(why)
    return None


def seed_of(problem: Problem, seed: int) -> np.random.Generator:
    return np.random.default_rng([zlib.crc32(repr(sorted(map(str, problem.items()))).encode()), seed])


def judge(problem: Problem, answer: Answer, trials: int = 3, seed: int = 0) -> Report:
    """Every form of the answer at `trials` fresh points, and the length of its main form."""
    report = Report()
    rng = seed_of(problem, seed)
    shapes = {**(answer.get("shapes") or {}), **(problem.get("shapes") or {})}
    order = int(problem.get("order") or 1)
    wrt = problem.get("wrt")
    if wrt is None:
        wrt = answer.get("wrt")
    try:
        spots = points(problem, shapes, trials, rng)
        if isinstance(wrt, str):
            one(report, "", spots, problem, answer, wrt, order, rng)
        else:
            several(report, spots, problem, answer, list(wrt), order, rng)
    except (NotAnalytic, KeyError, *TROUBLE) as error:
        report.trouble = f"{type(error).__name__}: {error}"
        return report
    measure(report, problem, answer)
    return report


def one(
    report: Report,
    prefix: str,
    spots: list[Point],
    problem: Problem,
    answer: Answer,
    wrt: str,
    order: int,
    rng: np.random.Generator,
) -> None:
    """The forms of an answer by one variable."""
    benches: list[Bench] = []
    why = ""
    for point in spots:
        try:
            benches.append(Bench(point, answer, wrt, order, rng))
        except Bad as error:
            why = str(error)
    if not benches:
        raise Bad(f"no point with a finite derivative: {why}")
    given = dict(given_forms(answer))
    for name, formula in given.items():
        report.forms[prefix + name] = check_form(benches, answer, name, formula)
    bench = benches[0]
    value_scalar, variable_scalar = bench.point.value.ndim == 0, bench.x.ndim == 0
    if np.iscomplexobj(bench.x):
        wanted = ["complex.d/dZ", "complex.d/dconj(Z)", "differential"]
    else:
        wanted = list(expected_forms(order, value_scalar, variable_scalar))
    for name in wanted:
        if name in given or (name == "hessian" and "hessian.column" in given and "hessian.row" in given):
            continue
        if name == "derivative" and "gradient" in given:
            continue
        reason = reason_for(answer, name)
        report.forms[prefix + name] = Form("absent") if reason is None else Form("missing", reason=reason)


def several(
    report: Report,
    spots: list[Point],
    problem: Problem,
    answer: Answer,
    wrt: list[str],
    order: int,
    rng: np.random.Generator,
) -> None:
    """The total differential and one answer a variable; at order 2 the mixed blocks."""
    by = answer.get("by") or {}
    for name in wrt if order == 1 else []:
        if name not in by:
            report.forms[f"by.{name}"] = Form("absent")
            continue
        below = {**by[name], "where": {**(answer.get("where") or {}), **(by[name].get("where") or {})}}
        one(report, f"{name}: ", spots, problem, below, name, order, rng)
    if order == 1 and answer.get("differential") is not None:
        report.forms["total differential"] = total(spots, answer, wrt, rng)
    elif order == 1:
        report.forms["total differential"] = Form("absent")
    if order == 2:
        for a in wrt:
            for b in wrt:
                if a != b or f"{a},{b}" in by:
                    report.forms[f"{a},{b}"] = mixed(spots, answer, a, b, rng)


def total(spots: list[Point], answer: Answer, wrt: list[str], rng: np.random.Generator) -> Form:
    text = answer["differential"]
    by = answer.get("by") or {}
    for point in spots:
        symbols = {name: ((by.get(name) or {}).get("symbols") or {}).get("increment") or f"d{name}" for name in wrt}
        benches = {name: Bench(point, {"symbols": {"increment": symbols[name]}}, name, 1, rng) for name in wrt}
        truth = sum(bench.apply(bench.dx) for bench in benches.values())
        try:
            extra = {symbols[name]: bench.dx for name, bench in benches.items()}
            names = Names({**point.values, **extra}, answer.get("where") or {}, point)
            error = error_of(evaluated(text, names, point), truth)
        except (Unreadable, NotAnalytic, *TROUBLE) as problem:
            return Form("wrong", text, str(problem), np.inf)
        if not error <= max(bench.d.tolerance for bench in benches.values()):
            return Form("wrong", text, f"relative error {error:.1e}", error)
    return Form("right", text)


def mixed(spots: list[Point], answer: Answer, a: str, b: str, rng: np.random.Generator) -> Form:
    pair = (answer.get("by") or {}).get(f"{a},{b}")
    if not pair:
        return Form("absent")
    if pair.get("column") is None and (pair.get("missing") or {}).get("hessian"):
        return Form("missing", reason=str(pair["missing"]["hessian"]))
    for point in spots:
        truth = second(point, a, b)
        for vec in ("column", "row"):
            x, y = point.values[a], point.values[b]
            try:
                names = Names(point.values, {**(answer.get("where") or {}), **(pair.get("where") or {})}, point)
                error = error_of(evaluated(pair[vec], names, point), as_matrix(truth.array, x.shape, y.shape, vec))
            except (Unreadable, NotAnalytic, KeyError, *TROUBLE) as problem:
                return Form("wrong", str(pair.get(vec)), str(problem), np.inf)
            if not error <= truth.tolerance:
                return Form("wrong", pair[vec], f"{vec}: relative error {error:.1e}", error)
    return Form("right", str(pair.get("column")))


MAIN: dict[str, Callable[[Answer], Any]] = {
    "gradient": lambda a: (a.get("structured") or {}).get("unconstrained") or a.get("gradient"),
    "numerator": lambda a: ((a.get("jacobian") or {}).get("numerator") or {}).get("column"),
    "pullback": lambda a: a.get("pullback"),
    "hessian": lambda a: a["hessian"].get("column") if isinstance(a.get("hessian"), dict) else a.get("hessian"),
    "derivative": lambda a: a.get("derivative") or a.get("gradient"),
    "differential": lambda a: a.get("differential"),
    "symmetric-free": lambda a: (a.get("structured") or {}).get("free entries"),
    "symmetric-projected": lambda a: (a.get("structured") or {}).get("projected") or a.get("gradient"),
    "skew-projected": lambda a: (a.get("structured") or {}).get("projected") or a.get("gradient"),
    "d/dZ": lambda a: (a.get("complex") or {}).get("d/dZ"),
    "d/dconj(Z)": lambda a: (a.get("complex") or {}).get("d/dconj(Z)"),
    "2*d/dconj(Z)": lambda a: a.get("gradient"),
}


def main_form(problem: Problem, answer: Answer) -> str | None:
    """The formula of the answer that the known answer is to be compared with."""
    pick = MAIN.get(problem.get("form") or "")
    return pick(answer) if pick else None


def measure(report: Report, problem: Problem, answer: Answer) -> None:
    """Lengths, in the README's measure."""
    if not problem.get("answer") or not problem.get("form"):
        return
    report.known = length(problem["answer"], problem.get("answer where") or {})
    text = main_form(problem, answer)
    if text:
        try:
            report.nodes = length(text, answer.get("where") or {})
        except Unreadable as error:
            report.trouble = str(error)
