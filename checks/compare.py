"""Compare what a cell makes in a run with what is stored: texts, pictures, kinds, order."""

import itertools
import re

from checks.bindings import PLAIN_NUMBER
from checks.notebook import WIDGET, alt_text
from checks.pictures import picture_differences


def differences(cell, outputs, store):
    """Return, each as a sentence, how `outputs` differ from those stored in `cell`.

    A cell whose results are not portable says so in its metadata, with the reason:
    `"tolerance": {"numbers": 0.3, "blocks": 20, "reason": "…"}`. Then numbers in texts may differ
    by up to 0.3, and up to 20 blocks of 8 × 8 pixels may show something else.

    `store` tells the author what to do if the new outputs are right.
    """
    tolerance = cell.metadata.get("tolerance", {})
    stored = [output_kind(output) for output in cell.outputs]
    fresh = [output_kind(output) for output in outputs]
    if stored != fresh:
        names = [" then ".join(kinds) or "nothing" for kinds in (stored, fresh)]
        return [f"stored is {names[0]}, but it now makes {names[1]}; {store}"]
    found = []
    for old, new in zip(cell.outputs, outputs, strict=True):
        if "text" in old:
            found += text_differences(old.text, new.text, tolerance.get("numbers", 0))
        for kind, data in old.get("data", {}).items():
            if kind == WIDGET:
                continue  # dead when stored, which the static checks say
            if kind == "image/png":
                found += picture_differences(data, new.data[kind], tolerance.get("blocks"))
                alt = alt_text(cell) or new.metadata.get("image/png", {}).get("alt")
                if old.metadata.get("image/png", {}).get("alt") != alt:
                    found.append(f"the alt text now is {alt!r}")
            else:
                found += text_differences(data, new.data[kind], tolerance.get("numbers", 0))
    return [f"{difference}; if that is right, {store}" for difference in found]


def output_kind(output):
    """Return in a few words what an output is, as 'stdout' or 'execute_result of text/plain'."""
    if output.output_type == "stream":
        return output.name
    if output.output_type == "error":
        return f"error {output.ename}"
    kinds = sorted(kind for kind in output.data if kind != WIDGET)
    return f"{output.output_type} of {' and '.join(kinds)}"


def text_differences(old, new, tolerance):
    """Return how two texts differ, apart from numbers that are as close as `tolerance`."""
    if old == new:
        return []
    # Only where all that stands between the numbers is the same are they compared as numbers.
    if tolerance and re.split(PLAIN_NUMBER, old) == re.split(PLAIN_NUMBER, new):
        pairs = zip(re.findall(PLAIN_NUMBER, old), re.findall(PLAIN_NUMBER, new), strict=True)
        pairs = [tuple(float(text.replace(",", "")) for text in pair) for pair in pairs]
        far = [f"{a:g} is stored, now it is {b:g}" for a, b in pairs if abs(a - b) > tolerance]
        return far[:1]
    lines = itertools.zip_longest(old.splitlines(), new.splitlines())
    for number, (a, b) in enumerate(lines, start=1):
        if a != b:
            return [
                f"line {number} of its output is stored as {_shown(a, b)}, now it is {_shown(b, a)}"
            ]
    return ["its output ends its lines in another way"]


def _shown(line, other):
    """Return the part of a line round the place where it begins to differ from another."""
    if line is None:
        return "absent"
    same = 0
    while other and same < min(len(line), len(other)) and line[same] == other[same]:
        same += 1
    start = max(0, same - 30)  # some characters before it, to find the place
    return repr(line[start : start + 90])
