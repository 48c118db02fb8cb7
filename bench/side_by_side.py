"""What the benchmarks share: ways of doing the same work, each in its own process, take turns."""

import contextlib
import multiprocessing
import os
import resource
import statistics
import sys
import time

from tools import THREADS

RATIO = (
    "Seconds are medians of the turns. A ratio is taken within each turn: printed are the median, "
    "the smallest and the largest, so it need not be the quotient of the seconds."
)


class Way:
    """A way to do some work, in a process of its own, which keeps what it has loaded.

    Parameters
    ----------
    make : callable
        Called once in the new process, ``make(*arguments)``; imports and loads what is needed, and
        returns the function that does the work.
    *arguments : object
    threads : int, optional
        How many threads TensorFlow and NumPy may use; as many as they want unless given.
    """

    def __init__(self, make, *arguments, threads=None):
        self.memory = 0
        spawn = multiprocessing.get_context("spawn")
        self._pipe, end = spawn.Pipe()
        # TensorFlow and NumPy read it when they are loaded, so the process must begin with it.
        before = dict(os.environ)
        if threads:
            os.environ.update(dict.fromkeys(THREADS, str(threads)))
        self._process = spawn.Process(target=_serve, args=(end, make, arguments), daemon=True)
        self._process.start()
        os.environ.clear()
        os.environ.update(before)
        end.close()
        self._pipe.recv()

    def __call__(self, *arguments):
        """Do the work; return what the function returns.

        Raises
        ------
        EOFError
            If the function failed; its process has said why.
        """
        self._pipe.send(arguments)
        result, self.memory = self._pipe.recv()
        return result

    def close(self):
        """End the process."""
        self._pipe.close()
        self._process.join()


def _serve(pipe, make, arguments):
    """Do the work whenever asked to; say how much memory the process has needed at most, in MB."""
    work = make(*arguments)
    pipe.send("ready")
    with contextlib.suppress(EOFError):
        while True:
            result = work(*pipe.recv())
            pipe.send((result, peak_memory()))


def peak_memory():
    """Return how much memory this process has needed at most, in MB (1e6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def take_turns(ways, turns, *arguments):
    """Call each way once in each turn, and say how long it took.

    Parameters
    ----------
    ways : dict of str to callable
    turns : int
    *arguments : object
        What each way is called with.

    Returns
    -------
    seconds : dict of str to list of float
        One time for each turn.
    results : dict of str to object
        What each way returned the last time.
    """
    seconds, results = {name: [] for name in ways}, {}
    for turn in range(turns):
        for name, way in ways.items():
            start = time.perf_counter()
            results[name] = way(*arguments)
            seconds[name].append(time.perf_counter() - start)
            print(f"turn {turn + 1}: {seconds[name][-1]:6.2f} s  {name}", flush=True)
    return seconds, results


def mean_seconds(work, least):
    """Return how long a function takes, called again and again for at least some seconds."""
    calls, start, end = 0, time.perf_counter(), 0.0
    while end < start + least:
        work()
        calls, end = calls + 1, time.perf_counter()
    return (end - start) / calls


def ratio(times, others):
    """Return the ratio of the times to those of another way in the same turns, as text.

    What else the machine does slows a whole turn, so it nearly cancels within one. The median of
    the turns does not heed the few in which it hit only one of the ways.
    """
    ratios = [a / b for a, b in zip(times, others, strict=True)]
    # Two decimals would make nothing of a small ratio: it gets two digits instead.
    return spread(ratios, ".2f" if min(ratios) >= 0.1 else "#.2g")


def spread(values, digits=".2f"):
    """Return median, smallest and largest as text."""
    middle, low, high = (
        f"{value:{digits}}" for value in (statistics.median(values), min(values), max(values))
    )
    return f"{middle} ({low}–{high})"
