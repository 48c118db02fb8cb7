"""Build the book: python -m book [FOLDER]."""

import sys
import time
from pathlib import Path

from book import BUILT, BookError
from book.build import build, size_of
from checks.notebook import UnreadableError


def main(arguments):
    """Build it, and say where it is and how long that took."""
    target = Path(arguments[0]).resolve() if arguments else BUILT / "html"
    began = time.perf_counter()
    try:
        built = build(target)
    except (BookError, UnreadableError) as problem:
        sys.exit(f"The book was not built. {problem}.".replace("..", "."))
    seconds, size = time.perf_counter() - began, size_of(target) / 1e6
    how = f"built in {seconds:.0f} seconds, {size:.1f} MB" if built else "built already"
    print(f"The book is {how}. Open {target / 'index.html'}")


if __name__ == "__main__":
    main(sys.argv[1:])
