"""Start Ray quietly on this computer, and leave nothing behind.

Ray listens on the loopback address alone, which no other computer reaches; as few processes
as possible are started, and patiently, for a busy computer; and no process and no file outlives the
kernel, even if it is killed (`helpers.leftovers`).
"""

import contextlib
import functools
import importlib.util
import logging
import os
import re
import secrets
import socket
import sys
import tempfile
import time
from pathlib import Path

from helpers import copies
from helpers.leftovers import MARK, clear, clear_afterward
from helpers.widgets import Bar

LOOPBACK = "127.0.0.1"
# What a worker needs at least, with TensorFlow and a small network, and Ray's own processes.
BYTES_PER_WORKER, BYTES_OF_RAY = 0.45e9, 0.6e9
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # reports nothing to anybody
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # keeps Ray on the loopback address, on Linux, too
    "RAY_TRAIN_METRICS_ENABLED": "0",
    "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0",  # asks whether a cloud takes computers back
    "RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.5",  # asks the workers so often how they are
    "RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S": "20",  # who does not answer counts as dead
    "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S": "180",  # on a busy computer, TensorFlow loads slowly
    "RAY_agent_register_timeout_ms": "120000",
    "RAY_worker_niceness": "0",  # or the workers would wait for whatever else computes
    "RAY_worker_register_timeout_seconds": "600",  # the first ones wait for `_template`
    "RAY_prestart_worker_first_driver": "0",  # or the start would wait for them, too
    # Each worker computes with one thread: as many workers as cores then share them.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
START_SECONDS = 120  # until Ray must be up
# With a token, other users of this computer cannot make Ray run their code. Ray reads both when it
# is imported, and keeps them as long as the kernel lives: too late if that was done before.
_AUTHORIZATION = {}
_started = None  # the folder of what runs, while it does
_template = None  # what its processes are copies of, see `helpers.copies`


def start_ray(workers=2, *, address=None):
    """Start Ray on this computer, or reach one that runs elsewhere.

    Ray listens on 127.0.0.1 only; its dashboard and its reports of usage are off. All that is
    written lies in one folder, which is removed when the kernel ends, however it ends. If Ray runs
    already in this kernel, it is left as it is.

    TensorFlow cannot be told an address to listen on: while workers train, each has a port for the
    exchange of gradients that is open to the whole network, and asks for no password.

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
    global _started, _template
    if "ray" in sys.modules:
        sys.modules["ray"].shutdown()
    if _started:
        clear(_started)
        _started = None
    if _template:
        _template.wait()
        _template = None


def log_files():
    """Return the files in which Ray keeps what the workers print, none if it runs elsewhere."""
    folder = Path(_started or "", "session_latest", "logs", "train")
    return sorted(folder.glob("ray-train-app-worker-*.log")) if _started else []


def first_line(error):
    """Return the first line of an error's message, without a period."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


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
        "it? The workers would wait for each other forever."
    )


def _reach(address):
    found = re.fullmatch(r"([\w.-]+):(\d+)", address)
    if not found:
        raise ConnectionError(
            f"{address!r} is not the address of a cluster, which looks like 10.0.0.1:6379."
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
    if here and not _AUTHORIZATION:
        mode = "disabled" if "ray" in sys.modules else "token"
        _AUTHORIZATION.update(RAY_AUTH_MODE=mode, RAY_AUTH_TOKEN=secrets.token_hex(32))
    folders = {MARK: _started, copies.FOLDER: _started}
    settings = {**SETTINGS, **_AUTHORIZATION, **folders} if here else {}
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
    for attempt in (1, 2):
        try:
            _initialize(ray, max(workers, cores), address)
            break
        except Exception as error:
            ray.shutdown()
            if attempt == 2:
                stop_ray()
                raise RuntimeError(
                    f"Ray did not start ({first_line(error)}). Is the computer very busy? Run "
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
    # It was read already if somebody imported Ray before.
    ray._private.ray_constants.ENABLE_RAY_CLUSTER = False
    with _few_processes(ray, _template_runs()):
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


def _template_runs():
    """Start what processes are copied from, unless it runs; return whether there is one."""
    global _template
    if _template is None:
        _template = copies.start_template(_started)
    return _template is not None


@contextlib.contextmanager
def _few_processes(ray, copied):
    """Let Ray start with fewer helpers of its own, and wait for them patiently.

    Its dashboard has a process even where it is off, and so have the autoscaler and what carries
    logs to the terminal. And it waits 15 seconds, no more, for its helpers to choose their ports,
    and 30 until all is up, which is too short on a busy computer.
    """
    parameter, node = ray._private.parameter, ray._private.node.Node
    parameters, start_dashboard, start_raylet = (
        parameter.RayParams,
        node.start_api_server,
        node.start_raylet,
    )

    def start_raylet_at_once(self, *arguments, **more):
        for name in ("metrics_agent", "metrics_export", "dashboard_agent_listen"):
            # What they would write themselves, later.
            Path(self.get_session_dir_path(), f"{name}_port_{self._node_id}").write_text("-1")
        start_raylet(self, *arguments, **more)

    parameter.RayParams = functools.partial(
        parameters,
        runtime_env_agent_port=_free_port(),
        no_monitor=True,
        include_log_monitor=False,
        setup_worker_path=copies.__file__ if copied else None,
    )
    node.start_api_server = lambda self, **_: None
    node.start_raylet = start_raylet_at_once
    services, end = ray._private.services, time.monotonic() + START_SECONDS
    get_node = services.get_node

    def get_node_patiently(*arguments, **more):
        while True:
            try:
                return get_node(*arguments, **more)
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    services.get_node = get_node_patiently
    try:
        yield
    finally:
        parameter.RayParams = parameters
        node.start_api_server, node.start_raylet = start_dashboard, start_raylet
        services.get_node = get_node


def _free_port():
    with socket.create_server((LOOPBACK, 0)) as server:
        return server.getsockname()[1]
