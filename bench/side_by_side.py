"""What the benchmarks share: ways take turns, ratios are taken within a turn."""

import os
import platform
import statistics
import time

RATIO = "The ratio is the median of the turns, with their smallest and largest."


def take_turns(ways, turns):
    """Call each way once in each turn, and say how long it took.

    Parameters
    ----------
    ways : dict of str to callable
    turns : int

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
            results[name] = way()
            seconds[name].append(time.perf_counter() - start)
            print(f"turn {turn + 1}: {seconds[name][-1]:6.2f} s  {name}", flush=True)
    return seconds, results


def ratio(times, others):
    """Return the ratio of the times to those of another way in the same turns, as text."""
    ratios = [a / b for a, b in zip(times, others, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def machine(*modules):
    """Return the sentence about the machine and the versions of the packages."""
    return (
        f"Measured with {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{module.__name__} {module.__version__}" for module in modules)
        + "."
    )
