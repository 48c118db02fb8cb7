"""Read the numbers in the tables of a Markdown page."""

import re


def read_tables(path):
    """Return the numbers in the tables of the page at `path`.

    Returns
    -------
    dict of str to dict
        ``found[section][row][column]`` is the first number in that cell, as a float; a section is
        named by its heading ``## …``, a row by its first cell. Cells without a number are left out.
    """
    found, section, columns = {}, None, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section, columns = found.setdefault(line[3:], {}), None
        elif not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = cells_of(line)
        elif not line.startswith("| ---") and section is not None:
            row, *values = cells_of(line)
            numbers = section.setdefault(row, {})
            for column, value in zip(columns[1:], values, strict=True):
                number = re.search(r"-?\d+(?:\.\d+)?", value.replace(",", ""))
                if number:
                    numbers[column] = float(number[0])
    return found


def cells_of(line):
    """Return the cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
