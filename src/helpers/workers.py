"""Start Ray quietly on this computer, watch a training by several workers, and clean up after it.

What the workers compute stands in the notebook. Here is what would only distract there: that
everything listens on the loopback address alone, which no other computer reaches; that the logs of
the workers become lines that can be read; that nothing is waited for without an end; and that no
process and no file outlives the kernel, even if it is killed.
"""

import contextlib
import dataclasses
import functools
import importlib.util
import json
import linecache
import logging
import os
import re
import secrets
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from helpers.leftovers import MARK, clear, clear_afterward
from helpers.widgets import Bar

LOOPBACK = "127.0.0.1"
# What a worker needs at least, with TensorFlow and a small network, and Ray's own processes.
BYTES_PER_WORKER, BYTES_OF_RAY = 0.45e9, 0.6e9
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # reports nothing to anybody
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # keeps Ray on the loopback address, on Linux, too
    "RAY_AUTH_MODE": "token",  # other users of this computer cannot make it run their code
    "RAY_TRAIN_METRICS_ENABLED": "0",
    "RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.5",  # asks the workers so often how they are
    "RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S": "20",  # who does not answer counts as dead
    "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S": "180",  # on a busy computer, TensorFlow loads slowly
    "RAY_agent_register_timeout_ms": "120000",
    "RAY_worker_register_timeout_seconds": "120",
    # Each worker computes with one thread: as many workers as cores then share them.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
# Ray reads it once and keeps it as long as the kernel lives.
_TOKEN = secrets.token_hex(32)
_started = None  # the folder of what runs, while it does


def start_ray(workers=2, *, address=None):
    """Start Ray on this computer, or reach one that runs elsewhere.

    Everything listens on 127.0.0.1 only; the dashboard and reports of usage are off. All that is
    written lies in one folder, which is removed when the kernel ends, however it ends. If Ray runs
    already in this kernel, it is left as it is.

    Parameters
    ----------
    workers : int
        How many there will be; each takes one core.
    address : str, optional
        Of a cluster that this computer belongs to, such as ``"10.0.0.1:6379"``; nothing is started
        then.

    Returns
    -------
    str
        A folder for checkpoints. It is removed with all else, and only this computer sees it: on a
        cluster, checkpoints must go to a folder that all of its computers share.

    Raises
    ------
    ModuleNotFoundError
        If Ray is not installed.
    MemoryError
        If there is not enough free memory for so many workers.
    ConnectionError
        If the address does not answer, or if programs cannot reach each other on this computer.
    RuntimeError
        If Ray does not start.
    """
    _require_ray()
    if address:
        _reach(address)
    else:
        _require_memory(workers)
        _require_loopback()
    with _environment_of_ray(here=not address):
        import ray

        if not ray.is_initialized():
            _start(ray, workers, address)
    return str(Path(_started or tempfile.gettempdir(), "checkpoints"))


def stop_ray():
    """End Ray and all of its processes, and remove what they have written; it may be off already.

    Where this is not called, the same happens when the kernel ends.
    """
    global _started
    if "ray" in sys.modules:
        sys.modules["ray"].shutdown()
    if _started:
        clear(_started)
        _started = None


@dataclasses.dataclass
class Done:
    """What came of a training by several workers."""

    metrics: dict  # of the last report with a checkpoint
    checkpoint: object  # the last one, a `ray.train.Checkpoint`
    restarts: int  # how often the workers had to begin anew
    epochs: list  # (worker, epoch, process) as they were finished; after a restart, again


def run(trainer, *, epochs, on_epoch=None, patience=120):
    """Call ``trainer.fit()`` while a bar shows how far the workers are, and what they say.

    Each worker must print a line for each epoch that begins with "epoch" and its number.

    Parameters
    ----------
    trainer : ray.train.tensorflow.TensorflowTrainer
        It is changed: its function takes the source of the notebook's cells along, because
        `tf.function` reads it.
    epochs : int
        How many there will be.
    on_epoch : callable, optional
        Called here, in the kernel, as ``on_epoch(worker, epoch, process)``, when a worker has said
        that it is through with an epoch, for the first time; `process` is its number on this
        computer.
    patience : float
        So many seconds may pass without a line from any worker.

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
        _watch(fit, log, bar, on_epoch, patience)
    except KeyboardInterrupt:
        stop_ray()
        print(
            f"The training was stopped after {log.furthest()} of {epochs} epochs, and Ray with it: "
            "begin again with start_ray()."
        )
        return None
    except TimeoutError:
        stop_ray()
        raise
    finally:
        bar.close()
    if fit.error:
        raise _explained(fit.error) from None
    return Done(fit.result.metrics, fit.result.checkpoint, log.restarts(), log.epochs)


def _watch(fit, log, bar, on_epoch, patience):
    """Follow a training until it ends; see `run`."""
    last, before = time.perf_counter(), 0
    while True:
        ended = not fit.is_alive()  # before the log is read, so that nothing is missed
        for worker, epoch, process in log.news():
            now = time.perf_counter()
            bar.show(epoch)
            lost = ""
            if log.restarts() > before:
                before, lost = log.restarts(), f", back at work after {now - last:.0f} s"
            bar.text.value += f", worker {worker}{lost}"
            last = now
            if on_epoch and log.is_first(worker, epoch):
                on_epoch(worker, epoch, process)
        if ended:
            return
        if time.perf_counter() - last > patience:
            raise TimeoutError(
                f"No worker has said anything for {patience:g} seconds, so the training was ended. "
                "Something may hang, or a firewall may block the ports between the workers; their "
                f"last words: {log.last_words()}"
            )
        fit.join(0.05)


def _require_room(trainer):
    import ray

    if not ray.is_initialized():
        raise RuntimeError("Ray does not run; call start_ray() first.")
    wanted, there = trainer.scaling_config.num_workers, ray.cluster_resources().get("CPU", 0)
    if wanted > there:
        raise ValueError(
            f"The trainer wants {wanted} workers, but Ray was started with {there:g} cores: call "
            f"stop_ray(), then start_ray(workers={wanted})."
        )


# Before it starts


def _require_ray():
    if importlib.util.find_spec("ray") is None:
        raise ModuleNotFoundError(
            "Ray is not installed. Close JupyterLab and open it with: make lab WITH=workers (it "
            "adds 0.5 GB). You can also read this page as it is."
        )


def _require_memory(workers):
    needed, free = workers * BYTES_PER_WORKER + BYTES_OF_RAY, _free_memory()
    if free is not None and free < needed:
        raise MemoryError(
            f"{workers} workers need about {needed / 1e9:.1f} GB of memory, but only "
            f"{free / 1e9:.1f} GB are free: close other programs or other notebooks."
        )


def _free_memory():
    """Return how many bytes are free for a new program, or None where that is not known."""
    try:
        text = Path("/proc/meminfo").read_text()
    except OSError:
        return None
    return 1024 * int(re.search(r"MemAvailable:\s+(\d+)", text)[1])


def _require_loopback():
    """Send a word from one socket of this computer to another."""
    try:
        with socket.create_server((LOOPBACK, 0)) as server:
            server.settimeout(5)
            with socket.create_connection(server.getsockname(), timeout=5) as there:
                here, _ = server.accept()
                with here:
                    here.settimeout(5)
                    there.sendall(b"hello")
                    if here.recv(5) == b"hello":
                        return
    except OSError:
        pass
    raise ConnectionError(
        f"Programs on this computer cannot reach each other on {LOOPBACK}: does a firewall block "
        "it? The workers would wait for each other without an end."
    )


def _reach(address):
    found = re.fullmatch(r"([\w.-]+):(\d+)", address)
    if not found:
        raise ConnectionError(
            f"{address!r} is no address of a cluster; it looks like 10.0.0.1:6379."
        )
    try:
        socket.create_connection((found[1], int(found[2])), timeout=5).close()
    except OSError as error:
        raise ConnectionError(
            f"No cluster answers at {address} ({error.strerror or error}). Is it running, and is "
            "its port open to this computer?"
        ) from None


def _make_folder():
    # Ray puts sockets into it, whose paths must be short.
    parent = tempfile.gettempdir()
    if len(parent) > 20 and os.path.isdir("/tmp"):
        parent = "/tmp"
    return tempfile.mkdtemp(prefix="digits-ray-", dir=parent)


@contextlib.contextmanager
def _environment_of_ray(*, here):
    """Set what Ray reads when it is imported and when it starts, and take it back afterward."""
    global _started
    if _started is None and here:
        _started = _make_folder()
        clear_afterward(_started)
    settings = {**SETTINGS, "RAY_AUTH_TOKEN": _TOKEN, MARK: _started} if here else {}
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def _start(ray, workers, address):
    sentence = "Ray runs." if address else f"Ray runs on {LOOPBACK}."
    bar = Bar(1, "Ray", stored=sentence)
    bar.say("Starting Ray, which takes some seconds.")
    cores = os.cpu_count() or 1
    if not address and cores < workers:
        print(
            f"This computer has {cores} core{'s' * (cores > 1)} for {workers} workers: they take "
            "turns, so expect no gain in speed."
        )
    for attempt in (1, 2, 3):
        try:
            _initialize(ray, max(workers, cores), address)
            break
        except Exception as error:
            ray.shutdown()
            if attempt == 3:
                stop_ray()
                raise RuntimeError(
                    f"Ray did not start ({_first_line(error)}). Is the computer very busy? Run "
                    "this cell again; if that does not help, restart the kernel."
                ) from None
    bar.say(sentence)


def _initialize(ray, cores, address):
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    # Long messages about each accident, which would appear below whichever cell runs.
    ray._private.worker.print_to_stdstream = lambda *_, **__: None
    if address:
        ray.init(address, log_to_driver=False, logging_level="ERROR")
        return
    with _few_processes(ray):
        ray.init(
            address="local",
            num_cpus=cores,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            object_store_memory=100 * 2**20,
            _temp_dir=_started,
            _plasma_directory=_started,  # in a container, /dev/shm may be too small
            _node_ip_address=LOOPBACK,
        )


@contextlib.contextmanager
def _few_processes(ray):
    """Let Ray start with fewer helpers of its own, and tell them their ports.

    Its dashboard has a process even where it is off, and so have the autoscaler and what carries
    logs to the terminal. And it waits 15 seconds, no more, for its helpers to choose their ports,
    which is too short on a busy computer.
    """
    names = ("metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port")
    ports = dict(zip(names, _free_ports(3), strict=True))
    parameter, node = ray._private.parameter, ray._private.node.Node
    parameters, start_dashboard = parameter.RayParams, node.start_api_server
    parameter.RayParams = functools.partial(
        parameters, **ports, no_monitor=True, include_log_monitor=False
    )
    node.start_api_server = lambda self, **_: None
    try:
        yield
    finally:
        parameter.RayParams, node.start_api_server = parameters, start_dashboard


def _free_ports(count):
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in servers]


def _first_line(error):
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


# While it runs


class _Fit(threading.Thread):
    """`trainer.fit()` on a thread of its own: on the main thread, Ray would take over Ctrl-C."""

    def __init__(self, trainer):
        super().__init__(daemon=True)
        self.trainer, self.result, self.error = trainer, None, None
        self.start()

    def run(self):
        """Train."""
        try:
            self.result = self.trainer.fit()
        except BaseException as error:
            self.error = error


class _Log:
    """What the workers say, from the files in which Ray keeps it."""

    def __init__(self):
        self.read, self.lines, self.epochs, self.processes = {}, [], [], {}
        for file in self._files():  # of an earlier training
            self.read[file] = file.stat().st_size

    def _files(self):
        folder = Path(_started or "", "session_latest", "logs", "train")
        return sorted(folder.glob("ray-train-app-worker-*.log")) if _started else []

    def news(self):
        """Yield (worker, epoch, process) for each line about an epoch that is new."""
        for file in self._files():
            with file.open("rb") as open_file:
                open_file.seek(self.read.get(file, 0))
                text = open_file.read()
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
        """Return how often the workers began anew."""
        return max(map(len, self.processes.values()), default=1) - 1

    def last_words(self):
        """Return the last line of the log."""
        return _first_line(self.lines[-1]) if self.lines else "none"


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

        linecache.cache.update(cells)
        return function(*arguments)

    return with_source


def _explained(error):
    """Return an error that says in a sentence why the workers gave up."""
    text = str(error)
    lines = [line for line in text.splitlines() if re.match(r"\w*(Error|Exception)\b.*: ", line)]
    reason = lines[-1] if lines else _first_line(error)
    if "No space left on device" in text or "ENOSPC" in text or "Errno 28" in text:
        return OSError(
            28, "There is no space left for a checkpoint; make room, or choose another storage_path"
        )
    if "OutOfMemory" in text or "memory pressure" in text:
        return MemoryError(
            "A worker was ended because the memory of this computer is full: close other programs."
        )
    return RuntimeError(f"The workers gave up: {reason}")
