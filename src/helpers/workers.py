"""Watch a training by several workers of Ray, and say in a sentence what goes wrong.

What the workers compute stands in the notebook. Here is what would only distract there: that the
logs of the workers become a bar and lines that can be read, and that nothing is waited for without
an end.
"""

import contextlib
import dataclasses
import functools
import json
import linecache
import math
import os
import re
import signal
import threading
import time

from helpers.ray_here import first_line, log_files, start_ray, stop_ray
from helpers.widgets import Bar

__all__ = ["Done", "run", "start_ray", "stop_ray"]

FIRST_LINE = 300  # seconds until a worker must have said something


@dataclasses.dataclass
class Done:
    """What came of a training by several workers."""

    metrics: dict  # of the last report with a checkpoint
    checkpoint: object  # the last one, a `ray.train.Checkpoint`
    restarts: int  # how often the workers had to begin again; 0 on a cluster
    epochs: list  # (worker, epoch, process) as they were finished; none on a cluster


def run(trainer, *, epochs, on_epoch=None, patience=120):
    """Call ``trainer.fit()`` while a bar shows how far the workers are.

    Each worker must print a line for each epoch that begins with "epoch" and its number. On a
    cluster these lines cannot be seen here, so the bar stands still.

    Parameters
    ----------
    trainer : ray.train.tensorflow.TensorflowTrainer
        It is changed: its function takes the source of the notebook's cells along, because
        `tf.function` reads it.
    epochs : int
        How many there will be.
    on_epoch : callable, optional
        Called here, in the kernel, as ``on_epoch(worker, epoch, kill)``, when a worker has said
        for the first time that it is through with an epoch; ``kill()`` ends that worker at once,
        if it runs on this computer. On a cluster it is not called.
    patience : float
        So many seconds may pass between two lines, whichever worker they are from; the first may
        take five minutes. On a cluster Ray itself notices workers that do not answer.

    Returns
    -------
    Done
        Or None, if it was interrupted.

    Raises
    ------
    ValueError
        If Ray has fewer cores than the trainer wants.
    TimeoutError
        If nothing happens for too long.
    OSError
        If a checkpoint cannot be written.
    RuntimeError
        If the workers fail more often than the trainer allows.
    """
    _require_room(trainer)
    trainer.train_loop_per_worker = _with_source(trainer.train_loop_per_worker)
    workers = trainer.scaling_config.num_workers
    bar = Bar(epochs, "epoch", stored=f"{workers} workers, {epochs} epochs: done")
    log, fit = _Log(), _Fit(trainer)
    try:
        _watch(fit, log, bar, on_epoch, math.inf if _is_cluster() else patience)
    except TimeoutError:
        _end(fit)
        raise
    except KeyboardInterrupt:
        with _no_interrupts():
            _end(fit)
        print(
            f"The training was stopped after {log.furthest()} of {epochs} epochs, and Ray with it: "
            "begin again with start_ray()."
        )
        return None
    finally:
        bar.close()
    if fit.error:
        raise _explained(fit.error) from None
    return Done(fit.result.metrics, fit.result.checkpoint, log.restarts(), log.epochs)


def _watch(fit, log, bar, on_epoch, patience):
    """Follow a training until it ends; see `run`."""
    last, before = time.perf_counter(), 0
    while True:
        ended = fit.over.is_set()  # before the log is read, so that nothing is missed
        for worker, epoch, process in log.news():
            now = time.perf_counter()
            bar.show(epoch)
            lost = ""
            if log.restarts() > before:
                before, lost = log.restarts(), f", back at work after {now - last:.0f} s"
            bar.text.value += f", worker {worker}{lost}"
            last = now
            if on_epoch and log.is_first(worker, epoch):
                on_epoch(worker, epoch, functools.partial(os.kill, process, signal.SIGKILL))
        if ended:
            return
        limit = patience if log.epochs else max(patience, FIRST_LINE)
        if time.perf_counter() - last > limit:
            raise TimeoutError(
                f"No worker has said anything for {limit:g} seconds, so the training was stopped. "
                "Something may hang, or a firewall may block the ports between the workers. Their "
                f"last words: {log.last_words()}"
            )
        fit.over.wait(0.05)


def _is_cluster():
    """Return whether there are other computers, on which nobody here sees what workers print."""
    import ray

    return ray.is_initialized() and len(ray.nodes()) > 1


def _require_room(trainer):
    import ray

    if not ray.is_initialized():
        raise RuntimeError("Ray is not running; call start_ray() first.")
    wanted, there = trainer.scaling_config.num_workers, ray.cluster_resources().get("CPU", 0)
    if wanted > there:
        raise ValueError(
            f"The trainer needs {wanted} workers, but Ray was started with {there:g} cores: call "
            f"stop_ray(), then start_ray(workers={wanted})."
        )


# While it runs


class _Fit(threading.Thread):
    """`trainer.fit()` on a thread of its own: on the main thread, Ray would take over Ctrl-C."""

    def __init__(self, trainer):
        super().__init__(daemon=True)
        self.trainer, self.result, self.error = trainer, None, None
        # Python 3.11 calls a thread ended that lives, if somebody was interrupted in its `join`.
        self.over = threading.Event()
        self.start()

    def run(self):
        """Train."""
        try:
            self.result = self.trainer.fit()
        except BaseException as error:
            self.error = error
        finally:
            self.over.set()

    def stop(self, seconds=20):
        """End what leads the workers, and wait until `fit` has failed for that.

        Ray ends the whole process, here the kernel, if a thread still asks it for something while
        it shuts down.
        """
        end = time.monotonic() + seconds
        while not self.over.wait(0.2) and time.monotonic() < end:
            for process in _controllers():
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)


def _controllers():
    """Return the numbers of the processes on this computer that lead workers of this kernel."""
    import ray

    wanted = ("TrainController", "ALIVE", ray.get_runtime_context().get_job_id())
    return [
        actor["Pid"]
        for actor in ray._private.state.actors().values()
        if (actor["ActorClassName"], actor["State"], actor["JobID"]) == wanted
    ]


def _end(fit):
    """End a training and Ray."""
    with contextlib.suppress(Exception):  # where Ray is broken, it cannot be asked who leads
        fit.stop()
    stop_ray()


@contextlib.contextmanager
def _no_interrupts():
    """Ignore the interrupt key: some press it twice, and what is being ended would be left over."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Log:
    """What the workers say, from the files in which Ray keeps it."""

    def __init__(self):
        self.read, self.lines, self.epochs, self.processes = {}, [], [], {}
        for file in log_files():  # of an earlier training
            with contextlib.suppress(FileNotFoundError):  # Ray tidies up
                self.read[file] = file.stat().st_size

    def news(self):
        """Yield (worker, epoch, process) for each line about an epoch that is new."""
        for file in log_files():
            try:
                with file.open("rb") as open_file:
                    open_file.seek(self.read.get(file, 0))
                    text = open_file.read()
            except FileNotFoundError:
                continue
            text = text[: text.rfind(b"\n") + 1]  # a line that is being written comes next time
            self.read[file] = self.read.get(file, 0) + len(text)
            for line in text.decode("utf-8", "replace").splitlines():
                yield from self._about(line)

    def _about(self, line):
        try:
            said = json.loads(line)
            worker, process, message = said["world_rank"], said["process"], said["message"]
        except (ValueError, KeyError):
            return
        self.processes.setdefault(worker, set()).add(process)
        self.lines.append(f"worker {worker}: {message}")
        if found := re.match(r"epoch (\d+)", message):
            self.epochs.append((worker, int(found[1]), process))
            yield self.epochs[-1]

    def is_first(self, worker, epoch):
        """Return whether a worker has said only once that it is through with an epoch."""
        return [said[:2] for said in self.epochs].count((worker, epoch)) == 1

    def furthest(self):
        """Return the highest epoch that any worker has finished, 0 if there is none."""
        return max((epoch for _, epoch, _ in self.epochs), default=0)

    def restarts(self):
        """Return how often the workers began again."""
        return max(map(len, self.processes.values()), default=1) - 1

    def last_words(self):
        """Return the last line of the log."""
        return first_line(self.lines[-1]) if self.lines else "none"


def _with_source(function):
    """Return a function that gives `tf.function` the source of the cells, wherever it is called.

    Workers get functions of a notebook as bytecode; from that alone, TensorFlow cannot make a
    graph of their loops.
    """
    cells = {
        file: entry
        for file, entry in linecache.cache.items()
        if len(entry) == 4 and not os.path.exists(file)
    }

    def with_source(*arguments):
        import linecache
        import os

        linecache.cache.update(cells)
        # Ray asks TensorFlow for the Keras of old, which is not installed.
        os.environ["TF_USE_LEGACY_KERAS"] = "0"
        return function(*arguments)

    return with_source


def _explained(error):
    """Return an error that says in a sentence why the workers gave up."""
    text = str(error)
    lines = [line for line in text.splitlines() if re.match(r"\w*(Error|Exception)\b.*: ", line)]
    reason = lines[-1] if lines else first_line(error)
    if "No space left on device" in text or "ENOSPC" in text or "Errno 28" in text:
        return OSError(
            28, "There is no space left for a checkpoint; make room, or choose another storage_path"
        )
    if "OutOfMemory" in text or "memory pressure" in text:
        return MemoryError(
            "A worker was ended because the memory of this computer is full: close other programs."
        )
    return RuntimeError(f"The workers gave up: {reason}")
