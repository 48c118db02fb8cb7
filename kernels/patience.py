"""How slow is this machine just now? Limits that grow with the answer.

A limit in seconds is right for one machine that has nothing else to do. On another, or beside a
second build, it fails tests that are sound. So a fixed piece of work is timed now and then against
what it takes on a quiet machine of the kind that the limits were chosen on; while it takes twice as
long, a second of a `Limit` lasts two.
"""

import functools
import statistics
import time

import numpy as np

QUIET = 0.020  # seconds that `_work` takes on the quiet 2-core machine that limits are chosen on
AGE = 15  # seconds for which an answer is believed

_measured = {"at": float("-inf"), "factor": 1.0}


def factor():
    """Return how many times as slow as a quiet machine this one is, at least 1."""
    if time.monotonic() - _measured["at"] > AGE:
        # The middle of three: a single pause of the system is no slow machine.
        seconds = statistics.median(_seconds() for _ in range(3))
        _measured.update(at=time.monotonic(), factor=max(1.0, seconds / QUIET))
    return _measured["factor"]


class Limit:
    """A limit of time that runs the slower, the slower the machine is found to be.

    Parameters
    ----------
    seconds : float
        How long it lasts on a quiet machine.
    """

    def __init__(self, seconds):
        self._left, self._seen = seconds, time.monotonic()

    def left(self):
        """Return how many of its seconds are left, negative when it is over."""
        # The factor may change while one waits, so each stretch of time counts by its own.
        now = time.monotonic()
        self._left -= (now - self._seen) / factor()
        self._seen = now
        return self._left


def _seconds():
    start = time.perf_counter()
    _work()
    return time.perf_counter() - start


def _work():
    """Do something of both kinds that tests wait for: Python's own steps, and those of NumPy."""
    functools.reduce(lambda total, i: (total + i * i) % 1009, range(100_000))
    numbers = np.arange(200_000.0)
    for _ in range(8):
        numbers = np.sqrt(numbers * numbers + 1)
