# ruff: noqa: D100, D103, F821
# Run in a notebook by bench.canvas_lab, after ours.py.
import numpy as np
from ipycanvas import Canvas, hold_canvas
from ipywidgets import Button, Label, VBox

from helpers import draw_strokes, to_digit
from helpers.ink import BRUSH

canvas = Canvas(width=280, height=280, layout={"width": "280px", "height": "280px"})
canvas.line_width, canvas.line_cap = 280 * BRUSH, "round"
label, button = Label(), Button(description="Clear")
down, lines = False, []


def begin(x, y):
    global down
    down = True
    lines.append([(x, y)])


def extend(x, y):
    if down:
        with hold_canvas():
            canvas.stroke_line(*lines[-1][-1], x, y)
        lines[-1].append((x, y))


def end(x, y):
    global down
    extend(x, y)
    down = False
    digit = to_digit(draw_strokes([np.array(line) / 280 for line in lines]))
    probabilities = predict(digit).numpy()
    label.value = f"{probabilities.argmax()}, {100 * probabilities.max():.0f} %"


def clear(_):
    lines.clear()
    canvas.clear()
    label.value = ""


canvas.on_mouse_down(begin)
canvas.on_mouse_move(extend)
canvas.on_mouse_up(end)
button.on_click(clear)
display(pad, VBox([canvas, label, button]).add_class("theirs"))
