"""Merge the handwriting of a class into one file, which `bench/handwriting.py` reads.

    .venv/bin/python -m tools.handwriting FOLDER FILE

FOLDER holds a folder for each person, with a `handwriting.json` somewhere in it; FILE is written. A
writer is called by the name of the folder.
"""

import json
import re
import sys
from pathlib import Path

from helpers.data import write_whole
from helpers.handwriting import Handwriting


def merge(folder):
    """Return the digits of all people as `bench/strokes.py` reads them, and what went wrong.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    merged : dict
        JSON in the form that `bench/strokes.py` describes, with a box of 1 by 1.
    problems : list of str
        A sentence for each file that cannot be read.
    """
    digits, problems, seen = [], [], set()
    for path in sorted(folder.rglob("handwriting.json")):
        name = path.relative_to(folder).parts[0]
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            written = re.search(r'"writer": ("(?:[^"\\]|\\.)*")', text)
            drawings = Handwriting(
                path, writer=json.loads(written[1]) if written else ""
            ).drawings()
        except (OSError, ValueError) as error:
            problems.append(f"{name}: {error}")
            continue
        for drawing in drawings:
            if drawing.key in seen:  # the file was handed in twice
                continue
            seen.add(drawing.key)
            strokes = [stroke.tolist() for stroke in drawing.strokes]
            digits.append({"label": drawing.label, "writer": name, "strokes": strokes})
    return {"box": [1, 1], "digits": digits}, problems


def main(words):
    """Merge, write the file, and say what is in it."""
    if len(words) != 2 or not Path(words[0]).is_dir():
        return __doc__
    merged, problems = merge(Path(words[0]))
    for problem in problems:
        print(problem)
    counts = {}
    for digit in merged["digits"]:
        counts[digit["writer"]] = counts.get(digit["writer"], 0) + 1
    if not counts:
        return f"There is no handwriting.json with digits in {words[0]}."
    text = json.dumps(merged)
    write_whole(Path(words[1]), lambda path: path.write_text(text, encoding="utf-8"))
    for name, count in counts.items():
        print(f"{name}: {count} digits")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
