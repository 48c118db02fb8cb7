"""A learner's digits are kept, come back, and are never written over by mistake."""

import datetime
import json
import os
import re
import threading
import time

import numpy as np
import pytest

from helpers import data, handwriting
from helpers.handwriting import HALVES, Beside, Collector, Handwriting, missing, to_images
from helpers.made_up import _FORMS, made_up_writer
from kernels import patience
from tools.handwriting import main as merge_command

ONE = [[(0.5, 0.15), (0.48, 0.5), (0.5, 0.85)]]
DOT = [[(0.5, 0.5)]]
SCRIBBLE = [[(0.2 + 0.6 * (i % 2), 0.2 + 0.02 * i) for i in range(30)]]


@pytest.fixture
def store(tmp_path):
    return Handwriting(tmp_path / "handwriting.json")


def test_what_is_kept_comes_back(store):
    strokes = [np.array(ONE[0]), np.array([[0, 1], [0.12345, 1]])]
    kept = store.add(4, strokes)
    (back,) = store.drawings()
    assert (back.label, back.half, back.when, back.key) == (4, kept.half, kept.when, kept.key)
    for stroke, again in zip(strokes, back.strokes, strict=True):
        np.testing.assert_allclose(again, stroke, atol=1e-4)


def test_when_it_was_kept_is_the_same_moment_on_all_computers(store):
    when = datetime.datetime.fromisoformat(store.add(4, ONE).when)
    ago = datetime.datetime.now(datetime.UTC) - when  # fails for a time without its zone
    assert abs(ago) < datetime.timedelta(minutes=2)


def test_without_a_path_it_lies_in_the_folder_of_the_learner():
    assert Handwriting().path == data.CACHE / "handwriting.json"


def test_without_a_file_there_are_no_digits_and_none_is_made(store):
    assert store.drawings() == []
    assert not store.path.exists()


def test_halves_are_equal_for_each_digit_and_do_not_follow_a_pattern(store):
    halves = [store.add(label, ONE).half for label in range(10) for _ in range(6)]
    for start in range(0, 60, 2):
        assert sorted(halves[start : start + 2]) == sorted(HALVES)
    assert 5 < halves[::2].count("learn") < 25


def test_half_depends_only_on_what_is_in_the_file(tmp_path):
    stores = [Handwriting(tmp_path / name) for name in ("a.json", "b.json")]
    halves = [[s.add(label, ONE).half for label in (3, 3, 7, 3)] for s in stores]
    assert halves[0] == halves[1]


def test_a_digit_is_one_line_that_people_can_read(store):
    store.add(4, ONE)
    store.add(5, ONE)
    lines = store.path.read_text().splitlines()
    assert len(lines) == 4
    assert '"label": 4' in lines[1]
    assert json.loads(store.path.read_text())["version"] == 1


@pytest.mark.parametrize(
    ("label", "strokes", "problem"),
    [
        (10, ONE, "0 to 9"),
        ("4", ONE, "0 to 9"),
        (4, [], "draw the digit first"),
        (4, [[(0.5, 2)]], "outside of 0…1"),
    ],
)
def test_what_is_no_digit_is_not_kept(store, label, strokes, problem):
    with pytest.raises(ValueError, match=problem):
        store.add(label, strokes)
    assert not store.path.exists()


def cut(text):
    return text[: len(text) - 40]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: "", "damaged: .*rescue"),
        (cut, "damaged: .*rescue"),
        (lambda text: text.replace('"label": 5', '"label": 50'), "damaged: .*rescue"),
        (lambda text: text.replace('"half"', '"part"', 1), "damaged: .*rescue"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "version 2, but .* version 1"),
        (lambda text: text.replace('"me"', '"ben"'), "digits of 'ben', not of 'me'"),
        (lambda text: "[1, 2]", "does not hold drawn digits"),
        (lambda text: '{"cells": []}', "does not hold drawn digits"),
    ],
    ids=["empty", "cut", "label", "key", "newer", "of another writer", "list", "notebook"],
)
def test_a_file_that_is_not_understood_is_left_as_it_is(store, change, problem):
    store.add(4, ONE)
    store.add(5, ONE)
    store.path.write_text(change(store.path.read_text()))
    before = store.path.read_bytes()
    for act in (store.drawings, lambda: store.add(6, ONE), lambda: store.remove("x")):
        with pytest.raises(ValueError, match=problem):
            act()
    assert store.path.read_bytes() == before
    assert [path.name for path in store.path.parent.iterdir()] == [store.path.name]


def test_bytes_that_are_no_text_are_called_damaged(store):
    store.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="damaged"):
        store.drawings()


def test_rescue_keeps_what_is_whole_and_puts_the_damaged_file_aside(store):
    first = [store.add(label, ONE).key for label in (4, 5, 6)][:2]
    damaged = cut(store.path.read_text()).encode() + b"\xff"
    store.path.write_bytes(damaged)
    assert store.rescue() == 2
    assert [drawing.key for drawing in store.drawings()] == first
    aside = [path for path in store.path.parent.iterdir() if path != store.path]
    assert [path.read_bytes() for path in aside] == [damaged]


def test_a_write_protected_file_stays_and_is_named(store, monkeypatch):
    store.add(4, ONE)
    before = store.path.read_bytes()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match=r"handwriting\.json is write-protected"):
        store.add(5, ONE)
    assert store.path.read_bytes() == before


def test_a_folder_that_is_missing_is_said_to_be(tmp_path):
    with pytest.raises(OSError, match="cannot be written"):
        Handwriting(tmp_path / "gone" / "handwriting.json").add(4, ONE)


def test_a_kernel_that_dies_while_it_writes_leaves_the_older_file(store, monkeypatch):
    store.add(4, ONE)
    before = store.path.read_bytes()

    def die(path, write):
        write(path.with_name(".half"))
        raise KeyboardInterrupt

    monkeypatch.setattr(data, "write_whole", die)
    with pytest.raises(KeyboardInterrupt):
        store.add(5, ONE)
    assert store.path.read_bytes() == before


def test_two_notebooks_on_one_file_lose_nothing(store):
    other = Handwriting(store.path)

    def add(one):
        for label in range(10):
            one.add(label, ONE)

    threads = [threading.Thread(target=add, args=(one,)) for one in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drawings = store.drawings()
    assert sorted(drawing.label for drawing in drawings) == sorted([*range(10)] * 2)
    assert missing(drawings) == ""


def test_a_lock_that_a_dead_kernel_left_holds_nobody_up_for_long(store, monkeypatch):
    monkeypatch.setattr(handwriting, "_STALE", 0.05)
    store.path.with_name(".handwriting.json.lock").touch()
    start = time.monotonic()
    store.add(4, ONE)
    assert time.monotonic() - start < 5 * patience.factor()
    assert len(store.drawings()) == 1


def test_digits_from_another_computer_come_in_once(store, tmp_path):
    other = Handwriting(tmp_path / "other.json")
    keys = [store.add(1, ONE).key, other.add(2, ONE).key, other.add(3, ONE).key]
    assert store.bring_in(other.path) == 2
    assert store.bring_in(str(other.path)) == 0
    assert [drawing.key for drawing in store.drawings()] == keys
    with pytest.raises(FileNotFoundError, match="no file"):
        store.bring_in(tmp_path / "none.json")


def test_digits_of_another_writer_do_not_come_in(store, tmp_path):
    ben = Handwriting(tmp_path / "ben.json", writer="ben")
    ben.add(1, ONE)
    with pytest.raises(ValueError, match="digits of 'ben'"):
        store.bring_in(ben.path)


def test_missing_digits_are_named(store):
    assert "0, 1, 2" in missing([])
    for label in range(10):
        for _ in range(2 - (label == 7)):
            store.add(label, ONE)
    assert missing(store.drawings()) == "There are too few drawings of 7: draw more of each."


def test_images_are_those_that_the_network_gets(store):
    store.add(1, ONE)
    images, labels = to_images(store.drawings())
    assert (images.shape, images.dtype, labels.tolist()) == ((1, 28, 28), np.float32, [1])
    assert (images.min(), images.max()) == (0, 1)
    images, labels = to_images([])
    assert (images.shape, labels.shape) == ((0, 28, 28), (0,))


# The canvas that asks.


def draw(collector, strokes):
    collector.pad.strokes = strokes


def press(collector, name):
    collector.buttons[name].click()
    return collector.message.value


def test_it_asks_for_each_digit_once_before_it_asks_again(store):
    collector, asked = Collector(store, 20), []
    for number in range(20):
        article = "an" if collector.asked == 8 else "a"
        place = f"{number + 1} of 20"
        assert collector.prompt.value == f"Write {article} {collector.asked}, {place}"
        asked.append(collector.asked)
        draw(collector, ONE)
        press(collector, "Keep")
    assert sorted(asked[:10]) == sorted(asked[10:]) == [*range(10)]
    assert asked[:10] != sorted(asked[:10])
    assert [drawing.label for drawing in store.drawings()] == asked
    assert collector.prompt.value == "All 20 digits have been kept."
    assert "larger count" in press(collector, "Keep")


def test_the_canvas_is_empty_again_after_a_digit_is_kept(store):
    collector = Collector(store)
    draw(collector, ONE)
    press(collector, "Keep")
    assert collector.pad.strokes == []


def test_one_can_stop_and_go_on_another_day(store):
    collector = Collector(store, 10)
    for _ in range(3):
        draw(collector, ONE)
        press(collector, "Keep")
    later = Collector(Handwriting(store.path), 10)
    assert later.prompt.value.endswith("4 of 10")
    assert later.asked == collector.asked


def test_skip_asks_for_another_digit(store):
    collector = Collector(store)
    before = collector.asked
    press(collector, "Skip")
    assert collector.asked != before
    assert store.drawings() == []


def test_take_back_removes_the_last_digit_and_asks_for_it_again(store):
    collector = Collector(store)
    first = collector.asked
    draw(collector, ONE)
    press(collector, "Keep")
    assert "taken back" in press(collector, "Take back")
    assert store.drawings() == []
    assert collector.asked == first
    draw(collector, ONE)
    press(collector, "Keep")
    second = collector.asked
    draw(collector, ONE)
    press(collector, "Keep")
    press(collector, "Take back")
    assert [drawing.label for drawing in store.drawings()] == [first]
    assert collector.asked == second
    press(collector, "Take back")
    assert "nothing to take back" in press(collector, "Take back")


def test_nothing_is_kept_of_an_empty_canvas(store):
    assert "Draw the digit first" in press(Collector(store), "Keep")
    assert not store.path.exists()


@pytest.mark.parametrize(("strokes", "said"), [(DOT, "a dot"), (SCRIBBLE, "a scribble")])
def test_what_is_hardly_a_digit_is_asked_about_once(store, strokes, said):
    collector = Collector(store)
    draw(collector, strokes)
    assert said in press(collector, "Keep")
    assert store.drawings() == []
    press(collector, "Keep")
    assert len(store.drawings()) == 1
    draw(collector, strokes)
    assert said in press(collector, "Keep")  # that one was meant says nothing of the next
    assert len(store.drawings()) == 1


def test_what_cannot_be_written_stays_on_the_canvas(store, monkeypatch):
    collector = Collector(store)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(data, "write_whole", refuse)
        draw(collector, ONE)
        said = press(collector, "Keep")
    assert "No space left" in said
    assert "still on the canvas" in said
    assert len(collector.pad.strokes) == 1
    press(collector, "Keep")
    assert len(store.drawings()) == 1


def test_a_damaged_file_is_said_to_be_so_in_the_widget(store):
    store.path.write_text("{")
    collector = Collector(store)
    assert "damaged" in collector.message.value
    draw(collector, ONE)
    assert "still on the canvas" in press(collector, "Keep")


def test_the_stored_form_shows_what_is_asked(store):
    collector = Collector(store)
    stored, metadata = collector._repr_mimebundle_()
    assert stored["text/plain"] == metadata["image/png"]["alt"]
    assert collector.prompt.value in stored["text/plain"]


# The made-up writer.


def test_made_up_writer_has_five_forms_of_each_digit_and_two_equal_halves():
    assert [len(set(forms)) for forms in _FORMS.values()] == [5] * 10
    drawings = made_up_writer(20)
    for half in HALVES:
        labels = [drawing.label for drawing in drawings if drawing.half == half]
        assert np.bincount(labels).tolist() == [10] * 10
    assert len({drawing.key for drawing in drawings}) == 200


def test_made_up_writer_writes_the_same_each_time_but_no_two_digits_alike():
    first, second = (to_images(made_up_writer(4))[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len({image.tobytes() for image in first}) == 40


def test_made_up_digits_could_have_been_drawn_on_the_canvas():
    for drawing in made_up_writer(40):
        for stroke in drawing.strokes:
            assert stroke.min() >= 0
            assert stroke.max() <= 1


# Two networks.


def test_beside_shows_what_each_network_says():
    beside = Beside({"before": np.eye(10)[3], "<after>": [np.eye(10)[4]]})
    assert beside.summary == "before: 3, 100 %; <after>: 4, 100 %"
    assert beside.svg().count("<rect") == 20
    assert "&lt;after&gt;: 4, 100 %" in beside.svg()


def test_bars_of_beside_stand_on_one_line_and_are_as_high_as_probable():
    shares = np.arange(10) / 45
    svg = Beside({"before": shares, "after": shares[::-1]}).svg()
    bars = np.array(re.findall(r'<rect x="(\S+)" y="(\S+)" \S+ height="(\S+)"', svg), float)
    for row, wanted in zip(bars.reshape(2, 10, 3), (shares, shares[::-1]), strict=True):
        left, top, height = row.T
        assert (np.diff(left) > 0).all()
        assert np.ptp(top + height) < 0.2
        np.testing.assert_allclose(height, height.max() * wanted / wanted.max(), atol=0.1)


# A class.


def test_the_files_of_a_class_are_merged_with_the_names_of_their_folders(tmp_path, capsys):
    for name, writer in [("anna", "me"), ("ben", "Ben")]:
        (tmp_path / "all" / name / "data").mkdir(parents=True)
        path = tmp_path / "all" / name / "data" / "handwriting.json"
        Handwriting(path, writer=writer).add(4, ONE)
    copy = tmp_path / "all" / "anna" / "handwriting.json"
    copy.write_bytes((tmp_path / "all" / "anna" / "data" / "handwriting.json").read_bytes())
    (tmp_path / "all" / "cleo").mkdir()
    (tmp_path / "all" / "cleo" / "handwriting.json").write_text("{")
    target = tmp_path / "class.json"
    assert merge_command([str(tmp_path / "all"), str(target)]) == 0
    merged = json.loads(target.read_text())
    assert [(one["writer"], one["label"]) for one in merged["digits"]] == [("anna", 4), ("ben", 4)]
    said = capsys.readouterr().out
    assert "cleo: The file" in said
    assert "anna: 1 digits" in said


def test_without_any_handwriting_no_file_is_written(tmp_path):
    target = tmp_path / "class.json"
    assert "no handwriting.json" in merge_command([str(tmp_path), str(target)])
    assert not target.exists()
