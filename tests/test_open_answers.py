"""What the pages say of their open tasks: that our solutions reach it, and what is known before."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from helpers import data, to_digit
from helpers.exercises import EXERCISES, diagnose, step_11, step_16
from helpers.exercises.step_07 import read_leaning
from helpers.exercises.step_10 import train_on_changed
from helpers.exercises.step_16 import train_with_little_sent
from tests.test_exercises import tasks
from tools import NOTEBOOKS
from tools.sources import load_source


def test_without_straightening_as_many_leaning_digits_are_read_as_the_page_says():
    score, advice = read_leaning(to_digit)
    assert round(score, 1) == 84.0
    assert "`np.polyfit` can tell" in advice


@pytest.mark.parametrize("value", [np.nan, -0.5, 255.0])
def test_a_picture_whose_values_are_no_ink_does_not_count(value):
    verdict = diagnose("7.4", lambda picture: np.full((20, 20), value))
    assert not verdict.solved
    assert "paper is 0 and ink is 1" in verdict.sentence


def test_what_the_page_says_of_augmentation_is_what_its_check_measures():
    change = load_source(NOTEBOOKS / "10_dropout.ipynb", ["change"])["change"]

    def as_on_the_page(images, rng):
        new = np.empty(images.shape)
        for i, image in enumerate(images):
            degrees, factor = rng.uniform(-12, 12), rng.uniform(0.9, 1.1)
            new[i] = change(image, degrees, factor, rng.uniform(-2, 2, 2))
        return new

    assert round(train_on_changed(lambda images, rng: images)[0], 1) == 85.1
    assert round(train_on_changed(as_on_the_page)[0], 1) == 91.3


def test_a_trained_layer_reads_more_pixels_than_a_fitted_one_as_the_page_says():
    images, labels, known = step_11._halves()
    rows = images.reshape(len(images), -1)
    keras.utils.set_random_seed(0)
    layer = keras.Sequential([keras.Input((rows.shape[1],)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    layer.compile(loss=loss, optimizer=keras.optimizers.Adam(0.001))
    layer.fit(rows[known], labels[known], epochs=40, verbose=0)
    guesses = layer.predict(rows[~known], verbose=0).argmax(axis=1)
    assert abs(100 * (guesses == labels[~known]).mean() - 91) < 1


def test_with_everything_sent_as_many_digits_are_read_as_the_page_says(monkeypatch):
    monkeypatch.setattr(step_16, "MOST", 4010)
    assert round(train_with_little_sent(lambda gradient, memory: gradient)[0], 1) == 88.7


def test_networks_that_cannot_be_measured_get_one_sentence():
    for answer in (lambda images, labels: 1 / 0, lambda images, labels: "a network"):
        verdict = diagnose("9.4", answer)
        assert not verdict.solved
        assert verdict.sentence.count(".") >= 1
        assert "\n" not in verdict.sentence


def test_the_networks_of_our_solution_beat_that_of_the_page_by_what_is_said():
    (X_train, y_train), _, _ = data.split_data(*data.load_data())
    names = {"np": np, "tf": tf, "X_train": X_train, "y_train": y_train}
    names |= {"Sequential": keras.Sequential, "Dense": keras.layers.Dense}
    exec(compile(tasks()["8.4"].solution, "solution", "exec"), names)
    verdict = diagnose("8.4", names["challengers"])
    assert verdict.solved
    assert abs(verdict.score - EXERCISES["8.4"].ours) < 0.6  # with 32 bits, too


def test_fixed_rates_and_plain_steps_reach_what_the_pages_say():
    assert round(diagnose("6.4", lambda epoch: 0.3).score, 1) == 92.0

    def plain(parameters, gradients, memory):
        for p, gradient in zip(parameters, gradients, strict=True):
            p -= 0.1 * gradient

    assert round(diagnose("12.3", plain).score, 1) == 89.5
    names = {"np": np}
    solution = tasks()["12.3"].solution.replace("0.003", "0.001")
    exec(compile(solution, "solution", "exec"), names)
    assert round(diagnose("12.3", names["my_step"]).score, 1) == 89.9


def test_a_step_that_fails_or_blows_up_gets_one_sentence():
    verdict = diagnose("12.3", lambda parameters, gradients, memory: 1 / 0)
    assert "divides by 0" in verdict.sentence

    def uphill(parameters, gradients, memory):
        for p, gradient in zip(parameters, gradients, strict=True):
            p += 50 * gradient

    verdict = diagnose("12.3", uphill)
    assert verdict.score < 30
    assert "the sign" in verdict.sentence
