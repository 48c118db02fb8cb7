"""An exercise in a real JupyterLab: tried, solved, and its solution unfolded."""

import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from checks.series import tasks_of
from tools import NOTEBOOKS

from .test_notebooks import Notebook

pytestmark = pytest.mark.xdist_group("exercise")


@pytest.fixture(scope="module")
def cells(server, shared_context):
    """The cells of exercise 2.1, from its text to its solution, in step 2 as it was run."""
    name, errors = "02_activations.ipynb", []
    page = shared_context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    shutil.copy(NOTEBOOKS / name, server.root)
    server.open(page, name)
    Notebook(page).run_all()
    task = next(tasks_of(nbformat.read(NOTEBOOKS / name, as_version=4)))
    page.evaluate(
        "i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i)", task.position + 1
    )
    places = range(task.position, task.position + 4)
    yield [page.locator(f'.jp-Cell[data-windowed-list-index="{place}"]') for place in places]
    page.close()
    server.clean()
    assert errors == []


def try_answer(cells, code):
    """Put code into the blank, and run the blank and the check by keyboard."""
    page = cells[0].page
    cells[1].locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")


def test_a_blank_is_tried_and_solved(cells):
    verdict = cells[2].locator(".jp-OutputArea-output")
    expect(verdict).to_contain_text("○ Exercise 2.1 is not solved yet.")
    try_answer(cells, "def relu_slope(z):\n    return (z >= 0) * 1.0")
    expect(verdict).to_contain_text("use > instead of >=")
    try_answer(cells, "def relu_slope(z):\n    while True:\n        pass")
    expect(verdict).to_contain_text("It is not done after 2 seconds.")
    try_answer(cells, "def relu_slope(z):\n    return (z > 0) * 1.0")
    expect(verdict).to_contain_text("✓ Exercise 2.1 is solved.")


def test_the_solution_is_folded_until_one_wants_it(cells):
    code = cells[3].locator("pre")
    cells[3].scroll_into_view_if_needed()
    expect(code).not_to_be_visible()
    cells[3].locator("summary").focus()
    cells[3].page.keyboard.press("Enter")
    expect(code).to_be_visible()
    expect(code).to_contain_text("def relu_slope(z):")
