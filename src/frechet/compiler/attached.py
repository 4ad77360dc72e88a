"""Functions with their derivative attached: what PyTorch and JAX differentiate by closed forms and not by rules.

`torch.autograd.Function` for PyTorch, `jax.custom_vjp` (backward) and `jax.custom_jvp` (forward, and transposed by JAX)
for JAX.  The derivative is made of what the library differentiates itself, so that second derivatives are right.  In
JAX what is kept for the backward pass is traced; in PyTorch it is computed anew where the gradient is to be
differentiated again, because what a function keeps beside its arguments and its result is a constant there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from frechet.compiler.closed import Closed, Lines
from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.request import Request
from frechet.compiler.source import Source, checks_of, docstring_of, indented, squeezed
from frechet.errors import FrechetError

Kind = Literal["function", "function_jvp"]
KINDS: tuple[Kind, ...] = ("function", "function_jvp")

CONSTANT = '''
@jax.custom_jvp
def constant(x):
    """An argument by which nothing is differentiated."""
    return x


@constant.defjvp
def refused(arrays, directions):
    raise ValueError("{told}")
'''


def attached(request: Request, target: type[Dialect], sizes: Mapping[str, int]) -> Source:
    """The source of a function that a library differentiates by the closed form that stands beside it."""
    if target.name == "numpy":
        raise FrechetError(
            "input", 'NumPy differentiates nothing: a function with its derivative is for "jax" or "torch"'
        )
    if target.name == "torch" and request.called == "function_jvp":
        raise FrechetError("input", 'for PyTorch the derivative is attached as a backward pass: form="function"')
    if request.complexes:
        raise FrechetError("unsupported", "a function with its derivative attached is of real arrays")
    c = Closed(request, target, sizes)
    if c.value in c.dialect.complexes:
        raise FrechetError("unsupported", "a function with its derivative attached is of real arrays")
    if target.name == "torch":
        parts = [_torch(c), _public(c)]
    elif request.called == "function":
        parts = [_backward_of_jax(c), _public(c)]
    else:
        parts = [_forward_of_jax(c), _public(c)]
    if c.dialect.passed:
        raise FrechetError("unsupported", f"a function of arrays alone, but {next(iter(c.dialect.passed))} is passed")
    above = {**c.dialect.helpers, **c.dialect.carried.functions}
    if target.name == "jax":
        c.dialect.imports["import jax"] = None
        if c.constants:
            above["constant"] = CONSTANT.strip().replace("{told}", _told(c))
    else:
        c.dialect.imports["import torch"] = None
    function = "\n\n\n".join("\n".join(part) for part in parts)
    return Source(tuple(c.dialect.imports), above, function, request.called, c.inputs, (), tuple(c.roots), ())


def _told(c: Closed) -> str:
    by = _listed([called for n, called in c.inputs.items() if n in c.request.variables])
    return f"the derivative that is attached is by {by}, not by {_listed(c.constants)}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _public(c: Closed) -> list[str]:
    """The function that is called: its docstring, the checks of its arguments."""
    arguments = list(c.inputs.values())
    inputs = {n: c.request.inputs[n] for n in c.inputs}
    checks, asked = checks_of(inputs, c.inputs, set())
    lines = [*docstring_of(c.request, inputs, c.inputs, asked, ()), *checks]
    name = {"function": "with_backward", "function_jvp": "with_derivative"}[c.request.called]
    if c.dialect.name == "torch":
        if c.constants:
            wanted = " or ".join(f"{a}.requires_grad" for a in c.constants)
            wanted = f"({wanted})" if len(c.constants) > 1 else wanted
            lines += [f"if torch.is_grad_enabled() and {wanted}:", f'    raise ValueError("{_told(c)}")']
        lines.append(f"return WithBackward.apply({', '.join(arguments)})")
    else:
        given = [f"constant({a})" if a in c.constants else a for a in arguments]
        lines.append(f"return {name}({', '.join(given)})")
    return [f"def {c.request.called}({', '.join(arguments)}):", *indented(lines)]


class _Split:
    """The forward and the backward pass, and what goes from one to the other."""

    def __init__(self, c: Closed, one_by_one: bool) -> None:
        self.c = c
        self.kept = c.shared()
        self.forward = c.written([c.value, *self.kept], names=dict.fromkeys(self.kept, ""))
        self.known = {v: self.forward.body.result(v).text for v in self.kept}
        factors = {a: code.text for a, code in self.forward.body.factors.items()}
        several = one_by_one and len(c.derivatives) > 1
        common = c.common(self.known) if several else c.derivatives
        first = c.written(common, self.known, dict.fromkeys(common, "") if several else None, factors)
        known = self.known | {v: first.body.result(v).text for v in common}
        factors = {a: code.text for a, code in first.body.factors.items()} | factors
        self.first = first
        self.each = [c.written([r], known, None, factors) for r in c.derivatives] if several else []
        said = set[str]().union(first.said, *(part.said for part in self.each))
        self.factors = {a: code.text for a, code in self.forward.body.factors.items() if code.text in said}
        self.again = self._again() if one_by_one else None
        said |= self.again.said if self.again else set()
        self._hand_on(said)

    def _again(self) -> Lines | None:
        """What is kept, from the arguments and the result."""
        c, names = self.c, self.forward.body.assigned
        lost = [v for v in self.kept if v is not c.value]
        if not lost and not self.factors:
            return None
        known = {c.value: self.known[c.value]} if c.value in self.known else {}
        made = c.written([*lost, *self.factors], known, {v: n for v, n in names.items() if v not in known})
        body, lines = made.body, list(made.lines)
        for a, name in self.factors.items():
            before = len(body.lines)
            found = body.factorise(a, self.forward.body.ways[a]).text
            lines += body.lines[before:]
            lines += [f"{name} = {found}"] if found != name else []
        return Lines(tuple(lines), (), body)

    def _hand_on(self, said: set[str]) -> None:
        c = self.c
        arrays = {called: c.plain(n) for n, called in c.inputs.items() if called in said}
        dims = {**arrays, **{name: list(v.dims) for v, name in self.known.items()}}
        plain = [d for d in c.value.dims if d.number != 1]
        self.upstream = c.upstream
        dims[self.upstream] = plain
        self.sizes, more = c.sizes(said, dims)
        inputs = [a for a in c.inputs.values() if a in arrays or a in more]
        self.given, self.taken, self.joined = (
            [*inputs, *self.known.values()],
            [*inputs, *self.known.values()],
            list[str](),
        )
        for a, name in self.factors.items():
            given, taken, joined = c.dialect.kept(name, self.forward.body.ways[a])
            self.given, self.taken, self.joined = [*self.given, *given], [*self.taken, *taken], [*self.joined, *joined]

    def opening(self) -> list[str]:
        """The statements before those of the backward pass."""
        return [*self.joined, *squeezed(self.upstream, self.c.value.dims), *self.sizes]

    def gradient(self, text: str) -> str:
        """A gradient in the tuple of all; nothing stands for zeros."""
        return "None" if text in ("0", "None") else text

    def inner(self) -> list[str]:
        """The statements that the forward pass starts with: its sizes."""
        return self.c.sizes(self.forward.said, {a: self.c.plain(n) for n, a in self.c.inputs.items()})[0]


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _unpacked(names: Sequence[str], source: str) -> list[str]:
    """Names for the parts of a tuple."""
    if not names:
        return []
    return [f"{names[0] + ',' if len(names) == 1 else ', '.join(names)} = {source}"]


def _torch(c: Closed) -> list[str]:
    """A `torch.autograd.Function`."""
    s = _Split(c, True)
    keep = [f"ctx.save_for_backward({', '.join(s.given)})"] if s.given else []
    forward = [*s.inner(), *s.forward.lines, *keep, f"return {s.forward.results[0]}"]
    arguments, order = list(c.inputs.values()), list(c.request.variables)
    backward = [*_unpacked(s.taken, "ctx.saved_tensors"), *s.opening()]
    if s.again is not None:
        what = _listed([*(n for v, n in s.known.items() if v is not c.value), *s.factors.values()])
        note = f"if torch.is_grad_enabled():  # the gradient is differentiated again, and with it {what}"
        backward += [note, *indented(s.again.lines)]
    backward += s.first.lines
    if not s.each:
        found = dict(zip(order, s.first.results, strict=True))
    else:
        parts = dict(zip(order, s.each, strict=True))
        later = {n: part for n, part in parts.items() if part.lines}  # the others are there already
        found = {n: f"grad_{n}" if n in later else part.results[0] for n, part in parts.items()}
        if later:
            backward.append(f"{' = '.join(found[n] for n in later)} = None")
        for n, part in later.items():
            last = [] if part.results[0] == found[n] else [f"{found[n]} = {part.results[0]}"]
            place = arguments.index(c.inputs[n])
            backward += [f"if ctx.needs_input_grad[{place}]:", *indented([*part.lines, *last])]
    by = {c.inputs[n]: s.gradient(text) for n, text in found.items()}
    backward.append(f"return {', '.join(by.get(a, 'None') for a in arguments)}")
    return [
        "class WithBackward(torch.autograd.Function):",
        '    """The function and its backward pass, which may be differentiated again."""',
        "",
        "    @staticmethod",
        f"    def forward(ctx, {', '.join(arguments)}):",
        *indented(indented(forward)),
        "",
        "    @staticmethod",
        f"    def backward(ctx, {s.upstream}):",
        *indented(indented(backward)),
    ]


def _backward_of_jax(c: Closed) -> list[str]:
    """A function with `jax.custom_vjp`."""
    s = _Split(c, False)
    arguments, order = ", ".join(c.inputs.values()), list(c.request.variables)
    forward = [*s.inner(), *s.forward.lines, f"return {s.forward.results[0]}, {_tuple(s.given)}"]
    by = {c.inputs[n]: s.gradient(text) for n, text in zip(order, s.first.results, strict=True)}
    gradients = _tuple([by.get(a, "None") for a in c.inputs.values()])
    backward = [*_unpacked(s.taken, "saved"), *s.opening(), *s.first.lines, f"return {gradients}"]
    return [
        "@jax.custom_vjp",
        f"def with_backward({arguments}):",
        f"    return forward({arguments})[0]",
        "",
        "",
        f"def forward({arguments}):",
        '    """The value, and what the backward pass needs."""',
        *indented(forward),
        "",
        "",
        f"def backward(saved, {s.upstream}):",
        '    """The gradients by the arguments, for that by the value."""',
        *indented(backward),
        "",
        "",
        "with_backward.defvjp(forward, backward)",
    ]


def _forward_of_jax(c: Closed) -> list[str]:
    """A function with `jax.custom_jvp`."""
    arguments = list(c.inputs.values())
    every = {a: c.plain(n) for n, a in c.inputs.items()}
    value = c.written([c.value])
    both = c.written([c.value, *c.derivatives])
    directions = {n: c.names.get(d, d) for n, d in c.request.variables.items()}
    tangent = both.results[1]
    if c.request.variables and not c.value.dims and _is_gradient(c):
        terms: list[str] = []
        for (n, d), text in zip(directions.items(), both.results[1:], strict=True):
            scalar = not c.plain(n)
            terms.append(f"{_bracketed(text)} * {d}" if scalar else f"jnp.vdot({text}, {d})")
        tangent = " + ".join(terms)
    named = [
        next((directions[n] for n, called in c.inputs.items() if called == a and n in directions), "_")
        for a in arguments
    ]
    value_sizes, _ = c.sizes(value.said, every)
    sizes, _ = c.sizes(both.said, every)
    both_lines = [*_unpacked(arguments, "arrays"), *_unpacked(named, "directions"), *sizes, *both.lines]
    c.dialect.use(tangent)
    return [
        "@jax.custom_jvp",
        f"def with_derivative({', '.join(arguments)}):",
        *indented([*value_sizes, *value.lines, f"return {value.results[0]}"]),
        "",
        "",
        "@with_derivative.defjvp",
        "def derivative(arrays, directions):",
        '    """The value, and its derivative along the directions of the arguments."""',
        *indented([*both_lines, f"return {both.results[0]}, {tangent}"]),
    ]


def _is_gradient(c: Closed) -> bool:
    return all(o.name.startswith("gradient") for o in c.request.outputs[1:])


def _bracketed(text: str) -> str:
    return text if text.isidentifier() else f"({text})"
