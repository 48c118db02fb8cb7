"""The kernel's half of the drawing canvas; tests/browser/ has the rest."""

import base64
import io
import re
import threading

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import helpers
from helpers import DigitCanvas, draw_strokes, to_digit, to_digits
from helpers.canvas import _decode, _encode
from helpers.ink import BRUSH
from helpers.inside import Diagram

ONE = [(0.5, 0.15), (0.48, 0.5), (0.5, 0.85)]
BAR = [(0.3, 0.85), (0.7, 0.85)]


def three(digit):
    return np.eye(10)[3]


def received(pad, message):
    """Let a message from the browser arrive, and return what the widget says to it."""
    pad.set_state({"_drawing": memoryview(message)})
    return pad._answer


def test_network_gets_what_to_digit_makes_of_the_drawing():
    seen = []
    pad = DigitCanvas(lambda digit: seen.append(digit) or np.eye(10)[1], strokes=[ONE])
    # The browser rounds to 1/65534 of the side.
    expected = to_digit(draw_strokes(pad.strokes))
    assert np.array_equal(seen[-1], expected)
    assert np.array_equal(pad.digit, expected)
    assert np.abs(pad.strokes[0] - ONE).max() < 1e-5
    assert pad._answer["text"] == "1, 100 %"
    assert pad._answer["probabilities"] == np.eye(10)[1].tolist()


def test_size_28_is_for_networks_trained_on_mnist():
    assert DigitCanvas(three, size=28, strokes=[ONE]).digit.shape == (28, 28)


def test_empty_canvas_is_not_read():
    def predict(digit):
        raise AssertionError("There is nothing to read.")

    pad = DigitCanvas(predict)
    assert pad.digit is None
    assert pad.strokes == []
    assert pad._answer["text"] == "Draw a digit."
    assert not pad._answer["problem"]


def test_undo_and_clear():
    pad = DigitCanvas(three, strokes=[ONE, BAR])
    pad.undo()
    (left,) = pad.strokes
    np.testing.assert_allclose(left, ONE, atol=1e-4)
    pad.clear()
    assert pad.strokes == []
    pad.undo()
    assert pad.strokes == []
    assert pad.digit is None


def test_strokes_travel_unharmed():
    rng = np.random.default_rng(0)
    strokes = [rng.uniform(size=(n, 2)) for n in (1, 2, 50_000)] + [
        np.zeros((1, 2)),
        np.ones((3, 2)),
    ]
    again, number = _decode(_encode(strokes, 70_000))
    assert number == 70_000
    assert [len(stroke) for stroke in again] == [1, 2, 50_000, 1, 3]
    assert max(np.abs(a - b).max() for a, b in zip(again, strokes, strict=True)) < 1e-5


def test_digit_of_ordinary_size_takes_less_than_two_kilobytes():
    assert len(_encode([np.random.default_rng(0).uniform(size=(400, 2))], 1)) < 2000


def test_message_from_the_browser_is_read():
    pad = DigitCanvas(three)
    answer = received(pad, _encode([np.array(ONE)], 5))
    assert answer["number"] == 5
    assert answer["text"] == "3, 100 %"
    assert len(pad.strokes) == 1


def test_message_older_than_what_the_kernel_drew_is_ignored():
    pad = DigitCanvas(three)
    received(pad, _encode([np.array(ONE)], 7))
    pad.strokes = [ONE, BAR]
    received(pad, _encode([np.array(ONE)], 7))
    assert len(pad.strokes) == 2


WHOLE = _encode([np.array(ONE)], 9)
OUTSIDE = np.array([0, 0, 65535, 1, 65535, 65535], dtype="<u2").tobytes()


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0\0\0",
        WHOLE[:-1],
        WHOLE[:-2],
        WHOLE[:-4],
        WHOLE[:7],
        OUTSIDE,
    ],
)
def test_damaged_message_keeps_the_drawing(message):
    pad = DigitCanvas(three, strokes=[ONE, BAR])
    answer = received(pad, message)
    assert answer["problem"].startswith("Part of the drawing got lost")
    assert len(pad.strokes) == 2
    assert received(pad, WHOLE)["problem"] == ""
    assert len(pad.strokes) == 1


@pytest.mark.parametrize("message", ["text", None, 5, [1, 2], {"a": 1}])
def test_message_of_another_kind_keeps_the_drawing(message):
    pad = DigitCanvas(three, strokes=[ONE])
    pad.set_state({"_drawing": message})
    assert len(pad.strokes) == 1
    assert "got lost" in pad._answer["problem"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (np.ones(9) / 9, r"10 probabilities.*\(9,\)"),
        (np.ones((2, 10)) / 10, r"10 probabilities.*\(2, 10\)"),
        (7, r"10 probabilities.*\(\)"),
        (None, "10 probabilities"),
        ("seven", "10 probabilities"),
        ([[1], [1, 2]], "10 probabilities"),
        (np.arange(10), "from 0 to 1.*Softmax"),
        (np.full(10, np.nan), "from 0 to 1"),
        ([-1, 2] + [0] * 8, "from 0 to 1"),
        (np.full(10, 0.5), "add up to 1.*Softmax"),
    ],
)
def test_wrong_result_of_predict_is_said(result, message):
    pad = DigitCanvas(lambda digit: result, strokes=[ONE])
    assert re.search(message, pad._answer["problem"]), pad._answer["problem"]
    assert pad._answer["text"] == "The network could not read it."
    assert pad.digit is not None


def network(*shape):
    return keras.Sequential(
        [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
        if len(shape) > 1
        else [keras.Input(shape), keras.layers.Dense(10, "softmax")]
    )


@pytest.mark.parametrize(
    ("shape", "size", "read", "sentence"),
    [
        ((400,), 20, lambda model, d: model(d.reshape(400)), "give it digit.reshape(1, 400)."),
        ((400,), 20, lambda model, d: model(d), "give it digit.reshape(1, 400)."),
        ((400,), 20, lambda model, d: model(d[None]), "give it digit.reshape(1, 400)."),
        ((400,), 20, lambda model, d: model.predict(d, verbose=0), "digit.reshape(1, 400)."),
        ((400,), 20, lambda model, d: model.predict(d.ravel(), verbose=0), "reshape(1, 400)."),
        ((28, 28, 1), 28, lambda model, d: model(d), "give it digit.reshape(1, 28, 28, 1)."),
        (
            (400,),
            28,
            lambda model, d: model(d.reshape(1, 784)),
            "it reads digits of 20×20 pixels, as DigitCanvas(predict, size=20) makes, not 28×28.",
        ),
    ],
)
def test_an_input_of_the_wrong_shape_is_said_in_a_sentence(shape, size, read, sentence):
    model = network(*shape)
    pad = DigitCanvas(lambda digit: read(model, digit), size, strokes=[ONE])
    problem, details = pad._answer["problem"], pad._answer["details"]
    assert problem.startswith("The network got an input of shape (")
    assert problem.endswith(sentence), problem
    assert "Exception encountered" in details
    assert "\x1b" not in problem + details


def test_what_was_flattened_by_softmax_twice_is_said():
    logits = np.eye(10)[3] * 50
    once = np.exp(logits) / np.exp(logits).sum()
    twice = np.exp(once) / np.exp(once).sum()
    pad = DigitCanvas(lambda digit: twice, strokes=[ONE])
    assert pad._answer["text"] == "3, 23 %"
    assert pad._answer["problem"].endswith("or softmax was applied twice.")
    assert DigitCanvas(lambda digit: once, strokes=[ONE])._answer["problem"] == ""


def test_a_long_message_is_folded():
    def predict(digit):
        raise KeyError("x" * 5000)

    answer = DigitCanvas(predict, strokes=[ONE])._answer
    assert len(answer["problem"]) < 310
    assert "x" * 5000 in answer["details"]


def test_what_stands_below_the_first_line_of_a_message_is_folded():
    def predict(digit):
        raise ValueError("no layer\n1, 2")

    answer = DigitCanvas(predict, strokes=[ONE])._answer
    assert answer["problem"] == "ValueError: no layer"
    assert answer["details"] == "no layer\n1, 2"


def test_table_of_one_row_will_do():
    pad = DigitCanvas(lambda digit: np.eye(10)[[4]], strokes=[ONE])
    assert pad._answer["text"] == "4, 100 %"


def test_error_in_predict_is_shown_and_drawing_goes_on():
    def predict(digit):
        if len(pad.strokes) == 2:
            raise RuntimeError("too much ink")
        return np.eye(10)[1]

    pad = DigitCanvas(predict)
    pad.strokes = [ONE, BAR]
    assert pad._answer["problem"] == "RuntimeError: too much ink"
    assert pad._answer["details"] == ""
    pad.strokes = [ONE]
    assert pad._answer["problem"] == ""
    assert pad._answer["text"] == "1, 100 %"


def test_predict_cannot_change_the_digit():
    def predict(digit):
        digit[:] = 0
        return np.eye(10)[0]

    assert DigitCanvas(predict, strokes=[ONE]).digit.max() == 1


def test_predict_never_runs_twice_at_once():
    inside, both, met = threading.Event(), threading.Barrier(2), []

    def predict(digit):
        inside.set()
        try:
            met.append(both.wait(0.5))
        except threading.BrokenBarrierError:  # nobody else came
            met.append(None)
        return np.eye(10)[3]

    pad = DigitCanvas(predict)
    cell = threading.Thread(target=lambda: setattr(pad, "strokes", [ONE, BAR]))
    cell.start()
    assert inside.wait(60)
    received(pad, _encode([np.array(ONE)], 2))
    cell.join()
    assert met == [None, None]
    assert len(pad.strokes) == 1


@pytest.mark.parametrize("strokes", [[[(0.5, 1.5)]], [[(np.nan, 0.5)]], [[1, 2, 3]], ["no"]])
def test_wrong_strokes_are_refused_and_the_drawing_kept(strokes):
    pad = DigitCanvas(three, strokes=[ONE])
    with pytest.raises(ValueError, match="Stroke 1"):
        pad.strokes = strokes
    assert len(pad.strokes) == 1
    with pytest.raises(ValueError, match="Stroke 1"):
        DigitCanvas(three, strokes=strokes)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="predict must be a function"):
        DigitCanvas(np.eye(10))


@pytest.mark.parametrize("size", [0, 21, None, "20"])
def test_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match="size must be 20 or 28"):
        DigitCanvas(three, size=size)


def test_still_picture_and_sentence_stand_beside_the_widget():
    pad = DigitCanvas(three, strokes=[ONE])
    data, metadata = pad._repr_mimebundle_()
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width == 700
    assert np.asarray(picture.convert("L")).min() < 10
    assert data["text/plain"] == metadata["image/png"]["alt"]
    assert "3, 100 %" in data["text/plain"]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == pad.model_id


def test_still_picture_shows_the_drawing_the_digit_and_the_probabilities(monkeypatch):
    panels = []

    def render(draw, *, panels, figsize, list=panels):
        list.extend(Figure(figsize=figsize).subplots(1, panels))
        draw(list)

    monkeypatch.setattr("helpers.canvas.render", render)
    pad = DigitCanvas(three, strokes=[ONE])
    pad._still()
    drawn, digit, bars = panels
    assert [ax.get_title(loc="left") for ax in panels] == ["drawn", "what the network gets", ""]
    assert np.array_equal(255 * drawn.images[0].get_array(), draw_strokes(pad.strokes, pen=BRUSH))
    assert np.array_equal(digit.images[0].get_array(), pad.digit)
    assert [patch.get_height() for patch in bars.patches] == np.eye(10)[3].tolist()


def test_the_browser_gets_the_brush_the_drawing_and_the_answer():
    pad = DigitCanvas(three, strokes=[ONE])
    state = pad.get_state()
    assert state["_brush"] == BRUSH
    assert state["_drawing"] == pad._drawing
    assert state["_answer"] == pad._answer


@pytest.mark.parametrize("total", [0.992, 1.008])
def test_probabilities_that_a_learner_rounded_will_do(total):
    pad = DigitCanvas(lambda digit: [total - 0.5, 0.5] + [0] * 8, strokes=[ONE])
    assert pad._answer["problem"] == ""
    assert pad._answer["probabilities"][1] == 0.5


def test_still_picture_of_an_empty_canvas():
    data, _ = DigitCanvas(three)._repr_mimebundle_()
    assert data["image/png"]
    assert "Draw a digit." in data["text/plain"]


def two_neurons(digit):
    """Return the layers of a network with two neurons, for the ink above and that below."""
    x = digit.ravel()
    halves = np.array([x[:200].sum(), x[200:].sum() - 100])
    return x, np.maximum(0, halves), three(digit)


WEIGHTS = [np.ones((400, 2)), np.ones((2, 10))]


def inside(digit):
    return Diagram(two_neurons(digit), WEIGHTS)


def test_a_diagram_of_the_network_is_shown_and_drawn_anew():
    pad = DigitCanvas(three, inside=inside)
    assert pad._answer["inside"] == ""
    pad.strokes = [ONE]
    assert pad._answer["inside"] == inside(pad.digit).svg()
    before = pad._answer["inside"]
    pad.strokes = [ONE, BAR]
    assert pad._answer["inside"] == inside(pad.digit).svg() != before
    pad.clear()
    assert pad._answer["inside"] == ""


def test_without_a_diagram_there_is_no_room_for_it():
    assert "inside" not in DigitCanvas(three, strokes=[ONE])._answer


def test_an_error_in_the_diagram_is_shown_and_the_network_reads_on():
    pad = DigitCanvas(three, strokes=[ONE], inside=lambda digit: Diagram([digit], []))
    assert pad._answer["problem"].startswith("ValueError: ")
    assert pad._answer["inside"] == ""
    assert pad._answer["text"] == "3, 100 %"


def test_what_draws_no_diagram_is_refused():
    with pytest.raises(TypeError, match="inside must be a function"):
        DigitCanvas(three, inside=inside(to_digit(draw_strokes([ONE]))))


def test_still_picture_and_sentence_tell_of_the_diagram(monkeypatch):
    drawn = []
    monkeypatch.setattr(Diagram, "draw", lambda diagram, ax: drawn.append(diagram))
    pad = DigitCanvas(three, strokes=[ONE], inside=inside)
    data, metadata = pad._repr_mimebundle_()
    assert [diagram.summary for diagram in drawn] == [inside(pad.digit).summary]
    assert data["text/plain"].endswith(f"3, 100 %. {drawn[0].summary}")
    assert metadata["image/png"]["alt"] == data["text/plain"]
    with_diagram, without = (
        Image.open(io.BytesIO(base64.b64decode(canvas._repr_mimebundle_()[0]["image/png"])))
        for canvas in (pad, DigitCanvas(three, strokes=[ONE]))
    )
    assert with_diagram.height > without.height
    assert with_diagram.width == without.width


# What is written on a wide canvas: 1, 0, 1.
ROUND = [(0.5 + 0.06 * np.sin(a), 0.5 - 0.3 * np.cos(a)) for a in np.linspace(0, 6.3, 40)]
NUMBER = [[(0.3, 0.2), (0.3, 0.8)], ROUND, [(0.7, 0.15), (0.7, 0.7)]]


def zero_or_one(digit):
    """Tell a zero by its empty middle, and be less sure of it."""
    return np.eye(10)[1] if digit[9:11, 9:11].max() > 0.5 else 0.7 * np.eye(10)[0] + 0.03


def test_a_wide_canvas_reads_a_number_digit_by_digit():
    pad = DigitCanvas(zero_or_one, strokes=NUMBER, wide=True)
    expected = to_digits(draw_strokes(pad.strokes, wide=True))
    assert len(expected) == 3
    assert np.array_equal(pad.digits, expected)
    assert np.array_equal(pad.digit, expected[0])
    assert pad._answer["text"] == "101 (100 %, 73 %, 100 %)"
    assert pad._answer["problem"] == ""
    shown = [np.frombuffer(picture, np.uint8) for _, picture in pad._answer["digits"]]
    assert [text for text, _ in pad._answer["digits"]] == ["1, 100 %", "0, 73 %", "1, 100 %"]
    assert np.array_equal(shown, [np.round(255 * digit).ravel() for digit in expected])
    pad.undo()
    assert pad._answer["text"] == "10 (100 %, 73 %)"
    pad.clear()
    assert pad._answer["text"] == "Write a number."
    assert pad.digit is None
    assert pad.digits == []


def test_a_wide_canvas_is_three_times_as_wide_as_high():
    wide, normal = DigitCanvas(three, wide=True), DigitCanvas(three, strokes=[ONE])
    assert (wide.get_state()["_ratio"], normal.get_state()["_ratio"]) == (3, 1)
    assert len(normal.digits) == 1
    assert DigitCanvas(three, size=28, wide=True, strokes=NUMBER).digit.shape == (28, 28)


def test_a_wide_canvas_says_which_digits_touch():
    broad = [[(x + 1.5 * (rx - 0.5), y) for rx, y in ROUND] for x in (0.4, 0.56)]
    pad = DigitCanvas(three, strokes=[[(0.1, 0.2), (0.1, 0.8)], *broad], wide=True)
    assert pad._answer["problem"].startswith("Digit 2, counted from the left, looks like digits")
    assert pad._answer["text"].startswith("33 (")


def test_an_error_on_a_wide_canvas_is_shown_and_the_digits_with_it():
    answer = DigitCanvas(lambda digit: np.ones(9) / 9, strokes=NUMBER, wide=True)._answer
    assert "10 probabilities" in answer["problem"]
    assert answer["text"] == "The network could not read it."
    assert [text for text, _ in answer["digits"]] == ["", "", ""]
    alike = DigitCanvas(lambda digit: np.ones(10) / 10, strokes=NUMBER, wide=True)
    assert alike._answer["problem"].startswith("All ten probabilities are nearly the same")


def test_still_picture_of_a_wide_canvas():
    heights = []
    for strokes in ([], NUMBER, 5 * NUMBER):
        pad = DigitCanvas(three, strokes=strokes, wide=True)
        data, metadata = pad._repr_mimebundle_()
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        assert picture.width == 700
        heights.append(picture.height)
        assert metadata["image/png"]["alt"].endswith(pad._answer["text"])
    assert heights[0] < heights[1] == heights[2]


def test_a_wide_canvas_shows_no_diagram():
    with pytest.raises(ValueError, match="inside shows one digit"):
        DigitCanvas(three, inside=inside, wide=True)


def test_two_digits_on_a_canvas_for_one_are_said_to_be_two():
    left, right = [[(x + by, y) for x, y in ONE] for by in (-0.2, 0.2)]
    pad = DigitCanvas(three, strokes=[left, right])
    assert pad._answer["text"] == "3, 100 %"
    assert pad._answer["problem"] == (
        "This looks like 2 digits, and they are read as one. Write one at a time, or use "
        "DigitCanvas(…, wide=True)."
    )
    pad.undo()
    assert pad._answer["problem"] == ""


def test_helpers_have_no_other_names():
    with pytest.raises(AttributeError, match="no attribute 'DigitCanva'"):
        _ = helpers.DigitCanva
