"""Lay out the workbook: a copy of all notebooks without outputs, in which the learner works.

    python tools/workbook.py            before JupyterLab opens: add what is new
    python tools/workbook.py 3          begin step 3 anew, and keep the old one beside it

`notebooks/` stays as it was published, with its outputs: `git pull` never meets what a learner has
written, and nobody reads an answer before having thought of one. A notebook in `workbook/` is
written only where there is none, or where nobody has touched it. Nothing beyond Python is needed.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "notebooks"
WORKBOOK = ROOT / "workbook"
# What each notebook of the workbook was made from, and how it then was.
RECORD = ".published.json"


def main(numbers):
    """Add what is new, or begin some steps anew; say what was done, a line each."""
    try:
        lines = list(begin_anew(numbers) if numbers else add_new())
    except (OSError, ValueError) as error:
        return f"The workbook cannot be laid out: {error}"
    print("\n".join(lines), end="\n" if lines else "", flush=True)
    return 0


def add_new():
    """Yield what is new; copy the notebooks that the workbook lacks, or that nobody has touched."""
    first, record = not WORKBOOK.exists(), read_record()
    added, renewed, changed = [], [], []
    for path in sorted(PUBLISHED.glob("*.ipynb")):
        content, mine = without_outputs(path), WORKBOOK / path.name
        made_from, as_made = record.get(path.name, ("", ""))
        if not mine.exists():
            added.append(path.stem)
        elif made_from == sign(content):
            continue
        elif sign(mine.read_bytes()) == as_made:
            renewed.append(path.stem)
        else:
            changed.append(path.stem)
            continue
        write(mine, content, record)
    if first:
        yield f"Your workbook is in {WORKBOOK.name}/: you work there, and nothing overwrites it."
    elif added:
        yield f"New in your workbook: {', '.join(added)}."
    if renewed:
        yield f"Brought up to date, as you had not begun them: {', '.join(renewed)}."
    if changed:
        step = re.match(r"0*(\d*)", changed[0])[1]
        yield (
            f"Published anew since you began them: {', '.join(changed)}. Yours stay as they are; "
            f"make fresh STEP={step} begins one anew and keeps yours beside it."
        )


def begin_anew(numbers):
    """Yield where the old ones are; put the published notebooks of these steps in their place."""
    record = read_record()
    for number in numbers:
        names = [p for p in PUBLISHED.glob("*.ipynb") if re.match(rf"0*{number}_", p.name)]
        if not number.isdecimal() or not names:
            raise ValueError(f"There is no step {number}.")
        for path in names:
            mine = WORKBOOK / path.name
            if mine.exists():
                kept = free_name(mine)
                mine.rename(kept)
                yield f"Yours is now {kept.relative_to(ROOT)}; {path.name} is new."
            else:
                yield f"{path.name} is new."
            write(mine, without_outputs(path), record)


def without_outputs(path):
    """Return a notebook as bytes, without outputs and without what was noted about them."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].pop("stored", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def free_name(path):
    """Return a name beside `path` that no file has, such as ``03_dataset_old_1.ipynb``."""
    number = 1
    while (free := path.with_name(f"{path.stem}_old_{number}.ipynb")).exists():
        number += 1
    return free


def write(path, content, record):
    """Write a notebook, and what it was made from, at once: what is half done would be lost."""
    path.parent.mkdir(exist_ok=True)
    record[path.name] = sign(content), sign(content)
    for target, data in [(path, content), (path.with_name(RECORD), json.dumps(record).encode())]:
        temporary = target.with_name(f".{target.name}.new")
        temporary.write_bytes(data)
        temporary.replace(target)


def read_record():
    """Return what each notebook was made from and how it then was, by its name."""
    try:
        record = json.loads((WORKBOOK / RECORD).read_text(encoding="utf-8"))
        return {name: tuple(signs) for name, signs in record.items() if len(signs) == 2}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # what is there may then be the learner's, and stays


def sign(content):
    """Return the SHA-256 of bytes, as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(re.findall(r"[^\s,]+", " ".join(sys.argv[1:]))))
