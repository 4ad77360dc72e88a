"""A self-test for generated code: the form against central differences of the value, at a random point."""

from __future__ import annotations

from collections.abc import Mapping

from frechet.calculus.structure import kind_of
from frechet.compiler.emit.text import shape
from frechet.compiler.source import Source, source, whole
from frechet.compiler.target import DIALECTS
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.library.answered import Answered
from frechet.library.compiled import other_order, usual
from frechet.library.requests import request
from frechet.library.words import ATTACHED, SECOND, Computed, Layout, VecOrder

LEAST = 3
"""The first size where the answer's own check says none."""
ARRAYS = {"numpy": "", "jax": "jnp.asarray", "torch": "torch.as_tensor"}


def with_check(
    d: Answered, target: str, form: Computed | None, layout: Layout = "numerator", vec: VecOrder = "column"
) -> str:
    """The source of a form, of what it is the derivative of, and a test that runs when the file is run."""
    form = form or usual(d)
    first = other_order(d, 1) if d.context.order == 2 else d
    if form == "value" or form in ATTACHED or len(first.parts) > 1:
        raise FrechetError("input", "a test by differences is of one derivative, by one variable")
    asked = other_order(d, 2) if form in SECOND and d.context.order == 1 else first if form not in SECOND else d
    base: Computed = "gradient" if form in SECOND else "value"
    dialect = DIALECTS[target]
    made = [source(request(first, base), dialect, {})]
    if form != base:
        made.append(source(request(asked, form, layout, vec), dialect, {}))
    if any(s.passed for s in made):
        raise FrechetError("input", "a function that only its name is known of cannot be tested by differences")
    lines = _lines(first, made, form, base, target, layout, vec)
    imports = ["import numpy as np", *(["import jax"] if target == "jax" else [])]
    run = [
        'if __name__ == "__main__":',
        *(['    jax.config.update("jax_enable_x64", True)'] if target == "jax" else []),
    ]
    return whole(made, ["\n".join(lines), "\n".join([*run, "    check()"])], imports)


def _lines(d: Answered, made: list[Source], form: str, base: str, target: str, layout: str, vec: str) -> list[str]:
    """The function `check`."""
    context = d.context
    name = d.part().key
    symbols = context.symbols[name]
    x = made[0].names.get(name, name)
    inputs: dict[str, Expr] = {}
    for n, e in context.variables.items():
        if any(n in s.names for s in made) or n == name:
            inputs[n] = e
    names = {n: next((s.names[n] for s in made if n in s.names), n) for n in inputs}
    known: Mapping[str, int] = d.outcome.sizes if d.outcome is not None else dict[str, int]()
    sizes = {n: known.get(n, LEAST + k) for k, n in enumerate(sorted(context.sizes))}
    lines = [
        "def check(seed=0):",
        f'    """The {form} against central differences of the {base}, at a random point."""',
        "    random = np.random.default_rng(seed)",
    ]
    if sizes:
        lines.append(f"    {', '.join(sizes)} = {', '.join(map(str, sizes.values()))}")
    for n, e in inputs.items():
        lines += [f"    {line}" for line in _drawn(names[n], e, target)]
    lines += [f"    {line}" for line in _drawn("step", context.variables[name], target, increment=True)]
    extra = ""
    if form == "pullback":
        lines.append(f"    upstream = {_array(f'random.normal(size={shape(context.original.shape)})', target)}")
        extra = f", {symbols.upstream}=upstream"
    if form in ("pushforward", "hvp"):
        extra = f", {symbols.increment if form == 'pushforward' else symbols.direction}=step"

    def call(s: Source, moved: str, more: str = "") -> str:
        given = [f"{s.names[n]}={moved if n == name else names[n]}" for n in inputs if n in s.names]
        given += [f"{n}={n}" for n in s.asked]
        return f"{s.called}({', '.join(given)}{more})"

    lines.append("    h = 1e-5")
    ahead, behind = call(made[0], f"{x} + h * step"), call(made[0], f"{x} - h * step")
    lines.append(f"    difference = np.asarray({ahead} - {behind}) / (2 * h)")
    lines.append(
        f"    found = np.asarray({call(made[-1], x, extra)})".replace(f"{made[-1].called}(, ", f"{made[-1].called}(")
    )
    if form == "value_and_gradient":
        lines[-1] = lines[-1].replace("np.asarray(", "np.asarray(", 1).removesuffix(")") + "[1])"
    order = "F" if vec == "column" else "C"
    if form in ("gradient", "value_and_gradient", "pullback"):
        lines.append("    found = np.vdot(found, np.asarray(step))")
        if form == "pullback":
            lines.append("    difference = np.vdot(np.asarray(upstream), difference)")
    if form in ("jacobian", "hessian"):
        turned = ".T" if layout == "denominator" and form == "jacobian" else ""
        lines.append(
            f'    found = found.reshape(difference.size, -1){turned} @ np.asarray(step).ravel(order="{order}")'
            if not turned
            else f'    found = found.reshape(-1, difference.size).T @ np.asarray(step).ravel(order="{order}")'
        )
        lines.append(f'    difference = difference.ravel(order="{order}")')
    lines += [
        "    error = abs(found - difference).max() / max(1, abs(difference).max())",
        f'    assert error < 1e-6, f"the {form} is off by {{error:.1e}}"',
        f'    print(f"{form}: right to {{error:.1e}}")',
    ]
    return lines


def _array(text: str, target: str) -> str:
    return f"{ARRAYS[target]}({text})" if ARRAYS[target] else text


def _drawn(name: str, e: Expr, target: str, increment: bool = False) -> list[str]:
    """Statements that draw an array within its structure: positive entries, an increment of both signs."""
    sizes = shape(e.shape)
    text = f"random.normal(size={sizes})" if increment else f"random.uniform(0.5, 1.5, size={sizes})"
    kind = kind_of(e)
    if kind == "orthogonal":
        raise FrechetError("input", "a test by differences cannot keep a matrix orthogonal")
    if "positive definite" in e.params[1] and not increment:
        rows = shape(e.shape)[1:].partition(",")[0]
        return [f"{name} = {text}", f"{name} = {_array(f'{name} @ {name}.T + {rows} * np.eye({rows})', target)}"]
    structures: Mapping[str, str] = {
        "symmetric": f"({name} + {name}.T) / 2",
        "skew": f"({name} - {name}.T) / 2",
        "diagonal": f"np.diag(np.diag({name}))",
        "lower": f"{name} * np.tri(len({name}))",
        "upper": f"{name} * np.tri(len({name})).T",
    }
    if kind in structures:
        return [f"{name} = {text}", f"{name} = {_array(structures[kind], target)}"]
    return [f"{name} = {_array(text, target)}"]
