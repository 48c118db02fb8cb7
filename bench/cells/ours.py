# ruff: noqa: D100, D103, F821
# Run in a notebook by bench.canvas_lab, after the cells of step 7 that make `model`.
from helpers import DigitCanvas


def predict(digit):
    return tf.nn.softmax(model(digit.reshape(1, 400)))[0]


pad = DigitCanvas(predict)
