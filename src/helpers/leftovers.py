"""Leave nothing behind: end the processes that were started for a folder, and remove the folder.

A kernel may be killed, and then nothing of its own runs anymore: no `atexit`, no `finally`. So a
small process of its own waits for its end. It finds what has to go by a mark in the environment,
which every process hands on to those that it starts.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "DIGITS_WORKERS"  # the variable that holds the folder
_waiting = []


def clear(folder, seconds=5):
    """End all processes, but for this one, that bear the mark of a folder, and remove the folder.

    Where the environment of processes cannot be read (not on Linux), only the folder is removed;
    there, what was started ends by itself when it notices that it is alone.

    Parameters
    ----------
    folder : str
    seconds : float
        How long it is tried. A process that was just told to end may still write a file.
    """
    end = time.monotonic() + seconds
    while True:
        processes = marked(folder)
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:
                continue
        shutil.rmtree(folder, ignore_errors=True)
        if time.monotonic() > end or not (processes or os.path.exists(folder)):
            return
        time.sleep(0.05)


def marked(folder):
    """Return the numbers of the processes, but for this one, that bear the mark of a folder."""
    wanted, found = f"{MARK}={folder}".encode(), []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:  # another user's, or it has just ended
            continue
    return [process for process in found if process != os.getpid()]


def clear_afterward(folder):
    """Have a folder cleared as soon as this process has ended, in whichever way."""
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    process = subprocess.Popen(
        [sys.executable, "-I", __file__, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is not meant for it
    )
    # Its input ends when this process does, since nobody else holds the other end.
    _waiting.append(process)


if __name__ == "__main__":
    sys.stdin.read()
    clear(sys.argv[1])
