"""Print what the static checks find: python -m checks [STEP ...].

With --left-out, print instead which notebooks cannot be run here, and why; with --web, which links
to the web lead nowhere.
"""

import re
import sys
from pathlib import Path

from checks.links import dead_links
from checks.notebook import load
from checks.project import open_project
from checks.static import check_notebook, check_project


def main(numbers):
    """Check all notebooks and pages, or only the notebooks of these numbers; return 1 if bad."""
    project = open_project(Path.cwd())
    if numbers == ["--left-out"]:
        reasons = {}
        for path in project.notebooks():
            reason = project.more("reason_to_skip", load(path, project), default=None)
            reasons.setdefault(reason, []).append(path.stem)
        reasons.pop(None, None)
        lines = [f"NOT RUN: {', '.join(names)}; {reason}." for reason, names in reasons.items()]
        print("\n".join(lines) or "All notebooks were run.")
        return 0
    if numbers == ["--web"]:
        dead = list(dead_links(project))
        print("\n".join(dead) or "All links to the web lead to a page.")
        return 1 if dead else 0
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
