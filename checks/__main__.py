"""Print what the static checks find: python -m checks [STEP ...]."""

import re
import sys
from pathlib import Path

from checks.project import open_project
from checks.static import check_notebook, check_project


def main(numbers):
    """Check all notebooks and pages, or only the notebooks of these numbers; return 1 if bad."""
    project = open_project(Path.cwd())
    if numbers:
        paths = [path for number in numbers for path in project.numbered(number)]
        problems = [problem for path in paths for problem in check_notebook(path, project)]
    else:
        paths, problems = project.notebooks(), check_project(project)
    good = f"{len(paths)} notebook{'s' * (len(paths) != 1)}: stored as it should be."
    print("\n".join(problems) or good)
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main(re.findall(r"[^\s,]+", " ".join(sys.argv[1:]))))
    except ValueError as error:
        sys.exit(str(error))
