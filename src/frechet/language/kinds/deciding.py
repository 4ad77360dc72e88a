"""What a reading leaves open is decided by the rules of the field, or asked.

The search finds the kinds that fit with the least deviation from habit.  Some of what fits is still a guess: a small
letter added to a matrix, a capital that could only be a number, a factor that may be a number or a vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from frechet.core.dim import ONE, Shape, rows_cols, show
from frechet.core.records import facts
from frechet.language.brackets import closed
from frechet.language.kinds.habits import coefficients, entrywise
from frechet.language.kinds.infer import fitting
from frechet.language.kinds.odd_readings import BROADCAST, free_scalars, oddities
from frechet.language.kinds.question import Question, Reading
from frechet.language.kinds.turned_capitals import turned_capitals
from frechet.language.names import COUNTS, SPELLED, Kind, habit, loose
from frechet.language.questions import Ask, Offer
from frechet.language.tree import Node, is_dot, walk

_DOUBTED = frozenset("xyzuvw")
"""Letters that name vectors: where one of them could only be a number, it is asked."""


def counted(question: Question, reading: Reading) -> Reading:
    """The reading in which counts and Greek letters that are only factors of numbers are numbers."""
    names = [n for n in _factors(question, reading) if n in COUNTS or loose(n)]
    if not names:
        return reading
    kinds: dict[str, Kind] = {**reading.kinds, **dict.fromkeys(names, "scalar")}
    return fitting(question, kinds) or reading


def _factors(question: Question, reading: Reading) -> list[str]:
    """The free names that are arrays and only ever multiply a number."""
    found = [*coefficients(question.statements, reading.seen), *_times_numbers(question, reading)]
    kinds, usage = reading.kinds, question.usage
    heads = [n for n in dict.fromkeys(found) if n in kinds and n not in usage.arrays and n not in usage.entered]
    return [n for n in heads if kinds[n] in ("vector", "matrix") and "integer" not in question.assumptions.get(n, ())]


def _times_numbers(question: Question, reading: Reading) -> list[str]:
    """Greek letters and counts that never stand but before or behind numbers: `2*lambda`, `n/2`."""
    parents = {id(a): n for s in question.statements for n in walk(s) for a in n.args}
    found: dict[str, bool] = {}
    for node in (n for s in question.statements for n in walk(s) if n.kind == "name" and n.data in reading.kinds):
        below, above, alone = node, parents.get(id(node)), False
        while above is not None and above.kind == "op" and above.data in ("mul", "divide", "neg"):
            others = [a for a in above.args if a is not below]
            if any(reading.seen[id(a)].shape for a in others):
                above, alone = None, False
                break
            alone = alone or bool(others)
            below, above = above, parents.get(id(above))
        alone = alone and (above is None or (above.kind == "op" and above.data in ("add", "sub", "power")))
        found[str(node.data)] = found.get(str(node.data), True) and alone
    return [n for n, alone in found.items() if alone and ((n in SPELLED and n.islower()) or n in COUNTS)]


def asks(question: Question, reading: Reading) -> Iterator[Ask]:
    """What has to be asked of a reading."""
    yield from _factor_or_vector(question, reading)
    yield from _dotted(question, reading)
    yield from _added(question, reading)
    yield from _numbers(question, reading)
    yield from turned_capitals(question, reading)
    yield from reading.notes.asked


def turned_against_themselves(question: Question, reading: Reading) -> bool:
    """Whether a capital became a vector by nothing but a sum that would not have fitted: `X - mean(X,1)`, `A + x`."""
    capitals = {n for n, k in reading.kinds.items() if habit(n) == "matrix" and k in ("vector", "row")}
    for statement in question.statements if capitals else ():
        for node in walk(statement):
            if node.kind == "op" and node.data in ("add", "sub"):
                for one, other in (node.args, node.args[::-1]):
                    if one.kind == "name" and one.data in capitals:
                        names = {str(n.data) for n in walk(other) if n.kind == "name"}
                        bare = other.kind == "name" and other.data in reading.kinds
                        if one.data in names or (bare and habit(str(other.data)) != "matrix"):
                            return True
    return False


def _place(question: Question, name: str) -> Node:
    return question.usage.values[name]


def _factor_or_vector(question: Question, reading: Reading) -> Iterator[Ask]:
    for name in _factors(question, reading):
        small = name.islower() and name not in SPELLED
        if small and fitting(question, {**reading.kinds, name: "scalar"}) is not None:
            shape = reading.leaves[name].shape
            offers = (
                Offer("a number", option=f"--shape {name}="),
                Offer(f"a vector {show(shape)}", option=f"--shape {name}={_listed(shape)}"),
            )
            yield Ask(_place(question, name), f"{name} only multiplies a number, and could be", offers)


def _dotted(question: Question, reading: Reading) -> Iterator[Ask]:
    """A Greek letter before a dot and a vector, λ·w, that may be a number or a vector."""
    for node in (n for s in question.statements for n in walk(s) if is_dot(n)):
        left, right = node.args
        name = str(left.data) if left.kind == "name" else ""
        if name not in SPELLED or name not in reading.kinds or name in question.bold or name in question.usage.arrays:
            continue
        both = [len(reading.seen[id(a)].shape) for a in node.args] == [1, 1]
        if both and fitting(question, {**reading.kinds, name: "scalar"}) is not None:
            offers = (
                Offer("a number", option=f"--shape {name}="),
                Offer("a vector", instead=f"{name}'*{question.scope.written(right)}", piece=node),
            )
            yield Ask(left, f"before a dot {name} could be", offers)


def _listed(shape: Shape) -> str:
    return ",".join(str(d) for d in shape)


def _added(question: Question, reading: Reading) -> Iterator[Ask]:
    """A number that is added to an array and could as well be an array."""
    powers = [n for s in question.statements for n in walk(s) if n.kind == "op" and n.data == "power"]
    for odd in oddities(question.statements, reading.seen, reading.kinds, question.usage):
        if odd.cost != BROADCAST or odd.array is None:
            continue
        raised = next((n for n in powers if n.args[0] is odd.piece), None)
        if raised is not None:
            yield _raised(question, raised)
            continue
        shape = reading.seen[id(odd.array)].shape
        wanted: Kind = "vector" if len(shape) == 1 else "row" if shape[0] == ONE else "matrix"
        for name in free_scalars(odd.number, reading.seen, reading.kinds):
            if name in question.usage.entered or fitting(question, {**reading.kinds, name: wanted}) is None:
                continue
            offers = [Offer("a number added to every entry", option=f"--shape {name}=")]
            if wanted == "matrix":
                rows, cols = rows_cols(shape)
                if odd.number.kind == "name":
                    each = Offer(
                        f"a {cols}-vector added to every row", instead=f"ones({rows})*{name}'", piece=odd.number
                    )
                    offers.append(each)
                offers.append(Offer(f"an {show(shape)} matrix", option=f"--shape {name}={_listed(shape)}"))
            else:
                offers.append(Offer(f"a {'row' if wanted == 'row' else 'vector'} {show(shape)}",
                                    option=f"--shape {name}={_listed(shape)}"))  # fmt: skip
            piece = question.scope.written(odd.array)
            yield Ask(odd.number, f"{piece} is {show(shape)}, and {name} could be", tuple(offers))


def _raised(question: Question, power: Node) -> Ask:
    """What the power of a name or a sum may be: `x^2`, `sum((y - X*b)^2)`."""
    inside, exponent = (question.scope.written(a) for a in power.args)
    inside = inside if power.args[0].kind == "name" or closed(inside) else f"({inside})"
    offers = [Offer("the power of every entry", instead=f"{inside}.^{exponent}", piece=power)]
    if power.args[1].kind == "number" and power.args[1].data[0] == 2:
        offers.append(Offer("the inner product with itself", instead=f"{inside}'*{inside}", piece=power))
    return Ask(power, f"{inside}^{exponent} could be", tuple(offers))


def _numbers(question: Question, reading: Reading) -> Iterator[Ask]:
    """A capital, or one of x y z u v w, that could only be a number."""
    plain = entrywise(question.statements, question.scope.functions) and not any(e.shape for e in reading.seen.values())
    summed = _summed(question, reading)
    for name, kind in reading.kinds.items():
        if kind != "scalar" or question.assumptions.get(name):
            continue
        capital = habit(name) == "matrix" and not loose(name) and not (name in COUNTS and _only_counts(question, name))
        doubted = (name in _DOUBTED and not plain) or (
            habit(name) == "vector" and name in summed and name not in "nmkdt"
        )
        if capital or doubted:
            offers = [Offer("a number", option=f"--shape {name}=")]
            offers += _instead(question, name)
            what = "a matrix" if capital else "a vector"
            yield Ask(_place(question, name), f"as it stands {name}, which by habit is {what}, could be", tuple(offers))


def _summed(question: Question, reading: Reading) -> set[str]:
    """The letters in a sum of one number, `sum(p*log(p))`, or below a bare array, `p/q`: there arrays are meant."""
    found: set[str] = set()
    for node in (n for s in question.statements for n in walk(s)):
        if node.kind == "call" and facts(node.data).adds and not node.params:
            if not reading.seen[id(node.args[0])].shape:
                found |= {str(n.data) for n in walk(node.args[0]) if n.kind == "name" and n.data not in SPELLED}
        elif node.kind == "op" and node.data == "divide" and question.mathematical:
            above, below = node.args
            if above.kind == below.kind == "name" and reading.seen[id(above)].shape and below.data not in SPELLED:
                found.add(str(below.data))
    return found


def _only_counts(question: Question, name: str) -> bool:
    """Whether a letter stands only as a factor, a divisor or an exponent."""
    parents = {id(a): n for s in question.statements for n in walk(s) for a in n.args}
    places = [n for s in question.statements for n in walk(s) if n.kind == "name" and n.data == name]
    above = [parents.get(id(n)) for n in places]
    return all(
        n is None or (n.kind == "op" and n.data in ("mul", "divide", "power", "neg", "add", "sub")) for n in above
    )


def _instead(question: Question, name: str) -> Iterator[Offer]:
    """What is often meant where a name of an array is used as a number."""
    written = question.scope.written
    for statement in question.statements:
        for node in walk(statement):
            if node.kind != "op" or node.data not in ("power", "divide", "mul"):
                continue
            left, right = node.args
            if node.data == "mul":
                if all(any(n.kind == "name" and n.data == name for n in walk(a)) for a in node.args):
                    yield Offer("the product entry by entry", instead=f"{written(left)}.*{written(right)}", piece=node)
                continue
            if node.data == "power" and right.kind == "number" and left.kind == "op":
                if any(n.kind == "name" and n.data == name for n in walk(left)):
                    yield from _raised(question, node).offers
                continue
            if not any(n.kind == "name" and n.data == name for n in (left, right)):
                continue
            if node.data == "divide" and right.kind == "name" and right.data == name:
                one = left.kind == "number" and left.data[0] == 1
                inverse = f"inv({name})" if one else f"{written(left)}*inv({name})"
                yield Offer("an inverse", instead=inverse, piece=node)
                yield Offer("an entrywise quotient", instead=f"{written(left)}./{name}", piece=node)
            elif node.data == "power" and right.kind == "name" and str(right.data) in "tT":
                yield Offer("a transpose", instead=f"{written(left)}'", piece=node)
            elif node.data == "power" and right.kind == "number":
                yield from _raised(question, node).offers


def assumptions(question: Question, reading: Reading) -> tuple[str, ...]:
    """What was assumed of the names, one clause each."""
    clauses: list[str] = []
    beside = _sums(question, reading.kinds) if reading.kinds else {}
    for name, kind in reading.kinds.items():
        shape = show(reading.leaves[name].shape) if name in reading.leaves else ""
        if question.usage.entered.get(name) == 1 and question.mathematical:
            member = _member(question, name)
            if kind == "vector":
                clauses.append(f"{member[0]} is entry {member[1]} of {name}, {shape}")
            elif kind == "matrix":
                clauses.append(f"{member[0]} is row {member[1]} of {name}, {shape}")
            else:
                clauses.append(f"{member[0]} is member {member[1]} of {name}, {shape}")
        elif kind != habit(name) and kind == "scalar":
            clauses.append(f"{name} is a number")
        elif kind != habit(name):
            why = f": it is {beside[name]}" if name in beside else ""
            clauses.append(f"{name} is {shape}{why}")
    return (*clauses, *reading.notes.said)


def _member(question: Question, name: str) -> tuple[str, str]:
    """How a member of a family is called, and its index."""
    for statement in question.statements:
        for node in walk(statement):
            if node.kind == "entry" and node.args[0].kind == "name" and node.args[0].data == name:
                index = node.params[0]
                letter = index.data if index.kind == "name" else index.args[0].data
                return f"{name}_{letter}", str(letter)
    return name, "i"


def _sums(question: Question, kinds: Mapping[str, Kind]) -> dict[str, str]:
    """What names are added to or subtracted from."""
    found: dict[str, str] = {}
    for statement in question.statements:
        for node in walk(statement):
            if node.kind == "op" and node.data in ("add", "sub"):
                left, right = (question.scope.written(a) for a in node.args)
                if node.args[1].kind == "name" and node.args[1].data in kinds:
                    how = "added to" if node.data == "add" else "subtracted from"
                    found.setdefault(str(node.args[1].data), f"{how} {left}")
                elif node.args[0].kind == "name" and node.args[0].data in kinds:
                    found.setdefault(str(node.args[0].data), f"beside {right}")
    return found
