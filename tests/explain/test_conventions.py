"""The ledger, pinned: C = A*B, the 1×3 by 3×2 case, the network chain; shapes included."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import frechet as fr
from frechet.apps.cli import main
from judge.corpus import CORPUS, load


def forms(found: dict[str, Any]) -> dict[tuple[str, str | None], tuple[str, list[Any]]]:
    return {(f["name"], f["vec"]): (f["formula"], f["shape"]) for f in found["forms"]}


def test_the_product() -> None:
    assert forms(fr.conventions("C = A*B", "B").to_dict()) == {
        ("differential", None): ("A*dB", ["m", "p"]),
        ("pullback", None): ("A'*G", ["n", "p"]),
        ("index", None): ("A[i,k]*delta(j,l)", ["m", "p", "n", "p"]),
        ("tensor", None): ('einsum("ik,jl->ijkl", A, eye(p))', ["m", "p", "n", "p"]),
        ("numerator", "column"): ("kron(eye(p),A)", ["m*p", "n*p"]),
        ("numerator", "row"): ("kron(A,eye(p))", ["m*p", "n*p"]),
        ("denominator", "column"): ("kron(eye(p),A')", ["n*p", "m*p"]),
        ("denominator", "row"): ("kron(A',eye(p))", ["n*p", "m*p"]),
    }


def test_one_by_three_times_three_by_two() -> None:
    found = fr.conventions("C = A*B", "B", shapes={"A": (1, 3), "B": (3, 2)}).to_dict()
    shown = forms(found)
    assert shown["numerator", "column"] == ("kron(eye(2),A)", [2, 6])
    assert shown["denominator", "row"] == ("kron(A',eye(2))", [6, 2])
    assert shown["pullback", None] == ("A'*G", [3, 2])
    chain = found["chain"]
    assert [(p["name"], p["numerator"], p["denominator"]) for p in chain["pieces"]] == [
        ("∂L/∂C", [1, 2], [2, 1]),
        ("∂C/∂B", [2, 6], [6, 2]),
    ]
    by_a = fr.conventions("C = A*B", "A", shapes={"A": (1, 3), "B": (3, 2)}).to_dict()
    assert forms(by_a)["numerator", "either"] == ("B'", [2, 3])


def network(last: str = "") -> dict[str, Any]:
    shapes = {"h": (1, 3), "W": (3, 2)}
    return fr.conventions(f"a = h*W; y = sigma(a){last}", "W", shapes=shapes, functions=["sigma"]).to_dict()


def test_the_network_chain() -> None:
    chain = network()["chain"]
    assert [(p["name"], p["map"], p["numerator"], p["denominator"], p["diagonal"]) for p in chain["pieces"]] == [
        ("∂L/∂y", "dL = ⟨∂L/∂y, dy⟩", [1, 2], [2, 1], False),
        ("∂y/∂a", "dy = sigma'(a).*da", [2, 2], [2, 2], True),
        ("∂a/∂W", "da = h*dW", [2, 6], [6, 2], False),
    ]
    assert [p["formula"] for p in chain["pieces"]] == [None, "diag(sigma'(a)')", "kron(eye(2),h)"]
    forward = ["∂L/∂y", "∂y/∂a", "∂a/∂W"]
    assert [(p["layout"], p["order"], p["shapes"], p["conforms"], p["result"]) for p in chain["products"]] == [
        ("numerator", forward, [[1, 2], [2, 2], [2, 6]], True, [1, 6]),
        ("numerator", forward[::-1], [[2, 6], [2, 2], [1, 2]], False, None),
        ("denominator", forward[::-1], [[6, 2], [2, 2], [2, 1]], True, [6, 1]),
        ("denominator", forward, [[2, 1], [2, 2], [6, 2]], False, None),
    ]
    assert chain["gradient"] == {"name": "∂L/∂W", "formula": "h'*(G.*sigma'(a))", "shape": [3, 2]}
    assert "(J1*J2*J3)' = J3'*J2'*J1'" in chain["why"]
    assert "“∂a/∂W = h'”" in chain["why"]
    assert "kron(eye(2),h)" in chain["why"]


def test_a_loss_given_is_the_first_piece() -> None:
    chain = network("; L = sum((Y-y).^2)/2")["chain"]
    assert [p["name"] for p in chain["pieces"]] == ["∂L/∂y", "∂y/∂a", "∂a/∂W"]
    assert chain["pieces"][0]["numerator"] == [1, 2]


def test_the_pieces_multiply_to_the_jacobian() -> None:
    shapes = {"h": (1, 3), "W": (3, 2)}
    made = fr.conventions("a = h*W; y = tanh(a)", "W", shapes=shapes)
    assert made.chain is not None
    h, w = [[0.3, -1.0, 0.5]], [[1.0, 2.0], [0.5, -1.0], [0.1, 0.2]]
    a = np.asarray(h) @ np.asarray(w)
    first, second = (fr.Formula(p.formula) for p in made.chain.pieces[1:] if p.formula is not None)
    product = first.evaluate(a=a) @ second.evaluate(h=h)
    whole = fr.derive("tanh(h*W)", "W", shapes=shapes).evaluate(h=h, W=w, form="jacobian")
    assert np.allclose(product, whole)


def test_through_chooses_the_quantities() -> None:
    shapes = {"h": (1, 3), "W": (3, 2)}
    made = fr.conventions("a = h*W; y = tanh(a); L = sum(y)", "W", shapes=shapes, through=["a"]).to_dict()
    assert [p["name"] for p in made["chain"]["pieces"]] == ["∂L/∂a", "∂a/∂W"]
    with pytest.raises(fr.FrechetError, match="no quantity on the way"):
        fr.conventions("a = h*W; L = sum(tanh(a))", "W", through=["q"])


def test_two_roads_are_no_chain_and_it_is_said() -> None:
    made = fr.conventions("a = A*x; f = a'*x", "x")
    assert made.chain is None
    assert any("reaches f through a and directly" in note for note in made.notes)


def test_a_given_loss_is_the_general_map_with_its_formula_beside_it() -> None:
    piece = network("; L = sum((Y-y).^2)")["chain"]["pieces"][0]
    assert piece["map"] == "dL = ⟨∂L/∂y, dy⟩"
    assert piece["gradient"] == "2*(y-Y)"


def test_a_quantity_on_the_way_is_free() -> None:
    """Q = P*P' is symmetric, and yet ∂L/∂Q is A': the pieces are held as if free."""
    pieces = fr.conventions("P = X*W; Q = P*P'; L = tr(A*Q)", "W").to_dict()["chain"]["pieces"]
    assert [p["name"] for p in pieces] == ["∂L/∂Q", "∂Q/∂P", "∂P/∂W"]
    assert pieces[0]["gradient"] == "A'"


def test_where_the_shorthand_is_the_jacobian_too() -> None:
    why = fr.conventions("C = A*B", "A", shapes={"A": (1, 3), "B": (3, 2)}).to_dict()["chain"]["why"]
    assert "is right twice here" in why
    assert "reshape(J',1,3)" in why


def test_the_answers_own_cotangents_are_no_quantities_of_the_chain() -> None:
    pieces = fr.conventions("z = W*x; y = sigma(z); L = norm2(y-t)^2/2", "W", functions=["sigma"]).chain
    assert pieces is not None
    assert [p.name for p in pieces.pieces] == ["∂L/∂y", "∂y/∂z", "∂z/∂W"]


def test_the_command_prints_the_models() -> None:
    asked = ["conventions", "a = h*W; y = sigma(a)", "--function", "sigma", "--wrt", "W"]
    done = CliRunner().invoke(main, [*asked, "--shape", "h=1,3", "--shape", "W=3,2"])
    assert done.exit_code == 0
    shown = [" ".join(line.split()) for line in done.output.splitlines()]
    assert "numerator layout ∂L/∂y · ∂y/∂a · ∂a/∂W (1×2)(2×2)(2×6) = 1×6 conforms" in shown
    assert "∂a/∂W · ∂y/∂a · ∂L/∂y (2×6)(2×2)(1×2) does not" in shown
    assert "in the shape of W ∂L/∂W = h'*(G.*sigma'(a)) (3×1)(1×2) = 3×2" in shown


@pytest.mark.parametrize("style", ["--json", "--markdown", "--latex", "--html", "--unicode", "--brief", "--remainder"])
def test_explain_in_every_style(style: str) -> None:
    done = CliRunner().invoke(main, ["explain", "C = A*B", "--wrt", "B", style])
    assert done.exit_code == 0, done.output
    if style == "--json":
        assert json.loads(done.output)["steps"][1]["after"] == "∂L/∂B = A'*G"


def test_explain_goes_on_to_the_hessian_and_keeps_its_table_in_latex() -> None:
    done = CliRunner().invoke(main, ["explain", "x'*A*x", "--wrt", "x", "--order", "2", "--json"])
    assert json.loads(done.output)["result"] == "A + A'"
    done = CliRunner().invoke(main, ["explain", "x'*A*x + tr(B)", "--latex", "--remainder", "--wrt", "x", "--wrt", "B"])
    assert done.output.count(r"\begin{document}") == 1
    assert done.output.count(r"\begin{tabular}") == 2


def test_trouble_is_told_with_exit_status_one() -> None:
    done = CliRunner().invoke(main, ["explain", "A*B", "--wrt", "Q", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.output)["error"]["kind"] == "name"


REAL = [p for p in load() if p.get("order", 1) == 1] if CORPUS.exists() else []


@pytest.mark.skipif(not REAL, reason=f"there is no corpus at {CORPUS}")
@pytest.mark.parametrize("at", range(0, len(REAL), 4), ids=lambda at: REAL[at]["id"])
def test_real_problems_have_a_ledger(at: int) -> None:
    p = REAL[at]
    found = fr.derive(
        p["expression"],
        p["wrt"],
        shapes=p.get("shapes"),
        assumptions=p.get("assumptions"),
        functions=p.get("functions", ()),
        verify=False,
    )
    made = found.conventions()
    assert made.rows
    assert str(made) and made.markdown() and json.dumps(made.to_dict())
