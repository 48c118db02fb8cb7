"""What a formula says is computed, whatever its signs."""

import numpy as np
import pytest

from checks.formulas import check_formulas, is_identity, known_from, to_python
from checks.notebook import load
from checks.prose import read_text
from kernels.influence import formula, judge
from tools import NOTEBOOKS, PROJECT

MATRIX = np.array([[1.0, 2.0], [3.0, 5.0]])
ROW = np.array([7.0, 11.0])


@pytest.mark.parametrize(
    ("latex", "symbols", "value"),
    [
        (r"2ab - b^2", {"a": 3, "b": 4}, 8),
        (r"-a + b \cdot a", {"a": 3, "b": 4}, 9),
        (r"a / b / 2", {"a": 8, "b": 2}, 2),
        (r"x_1^2", {"x_1": 3}, 9),
        (r"a^{\,b + 1}", {"a": 3, "b": 1}, 9),
        (r"\frac{a + 1}{\sqrt{b}}", {"a": 5, "b": 9}, 2),
        (r"\log a / b", {"a": np.e, "b": 2}, 0.5),
        (r"\log e^a - 1", {"a": 3}, 2),
        (r"\max(a, b)", {"a": 3, "b": 4}, 4),
        (r"\text{ReLU}(x - 1) \cdot \text{the slope}", {"ReLU": abs, "x": -1, "the_slope": 3}, 6),
        (r"\text{half} (x - 1)", {"half": 0.5, "x": 7}, 3),
        (r"\gamma\,\mu_1", {"gamma": 2, "mu_1": 3}, 6),
        (r"z_0 + z_1 + \dots + z_3", {"z_0": 1, "z_1": 2, "z_2": 3, "z_3": 4}, 10),
        (r"w \leftarrow w - 1", {"w": 3}, 2),
        (r"\pm\sqrt{a}", {"a": 9}, 3),
        (r"a = 2b", {"a": 6, "b": 3}, True),
        (r"a = 2b", {"a": 6, "b": 4}, False),
        (r"\log a = 2.3", {"a": 10}, True),
        (r"\log a = 2.30", {"a": 9.9}, False),
        (r"a = 2b, \qquad b = c", {"a": 6, "b": 3, "c": 4}, False),
    ],
)
def test_a_formula_is_computed_as_it_is_read(latex, symbols, value):
    assert formula(to_python(f"${latex}$"))(**symbols) == pytest.approx(value)


def test_matrices_are_multiplied_as_such():
    product = formula(to_python("$x W + b$"))(x=ROW, W=MATRIX, b=1)
    assert product.tolist() == [41, 70]
    each = formula(to_python(r"$x \cdot y$"))(x=ROW, y=ROW)
    assert each.tolist() == [49, 121]


@pytest.mark.parametrize(
    ("latex", "so"),
    [
        ("(a - b)^2 = a^2 - 2ab + b^2", True),
        ("(a - b)^2 = a^2 - 2ab - b^2", False),
        (r"\log(a/b) = \log a - \log b", True),
        (r"\log(a/b) = \log a + \log b", False),
        ("(X W_1 + b_1) W_2 = X W_1 W_2 + b_1 W_2", True),
        ("(X W_1) W_2 = X (W_2 W_1)", False),
        ("z = w x + b", False),
        ("2ab", False),
    ],
)
def test_an_identity_holds_for_whatever_numbers(latex, so):
    assert is_identity(to_python(f"${latex}$")) is so


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("It is $w x + b$.", "held to nothing that runs"),
        ("It is $y = x^2$.", "held to nothing that runs"),
        ("It is $(a + b)^2 = a^2 + b^2$.", "held to nothing that runs"),
        (r"It is $a \circ b$.", "cannot be computed"),
        ("It is $w x + b$<!-- formula(w=2, x=x, b=1) == 7 -->.", None),
        ("It is $w x$ of $z = w x + b$<!-- formula(z=7, w=2, x=x, b=1) -->.", None),
        ("It is $2ab$ of $(a + b)^2 = a^2 + 2ab + b^2$.", None),
        (r"Take $x = 3$, $x = 1, 2$, $n - 1$, $\log u$ or $e^{1000}$.", None),
    ],
)
def test_a_formula_is_held_to_what_runs(source, problem):
    found = [message for _, message in check_formulas([(0, read_text(source))])]
    assert len(found) == (problem is not None)
    assert all(problem in message for message in found)


def test_a_formula_is_bound_by_the_comment_behind_it():
    text = read_text("It is $a^2$ or $2a$<!-- formula(a=x) == y --> of 7<!-- z -->.")
    first, second = text.bindings
    assert (first.kind, first.said, first.expression) == ("formula", ["$2a$"], "formula(a=x) == y")
    assert (second.kind, second.said) == ("number", ["7"])
    assert text.problems == []


def test_it_must_be_so_in_the_run_and_depend_on_it():
    def result(expression, **names):
        return judge(expression, "formula", names | {"formula": formula(to_python("$z = w x$"))})

    assert result("formula(z=z, w=2, x=x)", z=6, x=3) == (True, [])
    assert result("formula(z=z, w=2, x=x)", z=6, x=4) == (False, [])
    # Whatever x is, the formula holds.
    assert result("formula(z=2 * x, w=2, x=x)", x=3) == (True, ["x"])
    assert result("formula(z=6, w=2, x=3)") == (True, ["what was run"])
    assert "needs w, x, z" in result("formula(z=z)", z=6)[0]


def test_a_formula_is_computed_once_all_that_it_names_is_there():
    stored = load(NOTEBOOKS / "02_activations.ipynb", PROJECT)
    code = [position for position, _ in stored.code()]
    texts = [position for position, cell in stored.texts() if "$$z = w_1" in cell]
    assert known_from(stored, "formula(z=upper)", texts[0]) == code[2]
    assert known_from(stored, "formula(z=upper)", code[5]) == code[5]
    assert known_from(stored, "all(formula(z=upper) for _ in 'ab')", texts[0]) == code[2]
    assert known_from(stored, "formula(z=", texts[0]) == texts[0]
