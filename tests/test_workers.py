"""Two real workers: they do the same as one process, and survive what can happen to them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from helpers import copies, leftovers, ray_here, workers
from helpers.workers import run, start_ray, stop_ray
from kernels import patience
from tools import NOTEBOOKS, ROOT
from tools.sources import in_64_bits, load_source

# Not imported here, because Ray reads its settings then.
pytestmark = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed; make test installs it"
)

EPOCHS, EVERY = 6, 2
NAMES = ["prepare", "order_of", "train", "TensorflowTrainer", "RunConfig", "ScalingConfig"]


@pytest.fixture(scope="module")
def code():
    """The code of the notebook."""
    start_ray(workers=2)  # before the notebook imports Ray
    return load_source(NOTEBOOKS / "16_workers.ipynb", [*NAMES, "FailureConfig"])


@pytest.fixture
def folder():
    """A folder for checkpoints; Ray is started if it does not run."""
    return start_ray(workers=2)


@pytest.fixture(scope="module", autouse=True)
def nothing_left():
    """Nothing runs and nothing lies about when all is done."""
    yield
    folder = ray_here._started
    stop_ray()
    assert folder is None or not os.path.exists(folder)
    assert folder is None or leftovers.marked(folder) == []


def trainer_of(code, folder, name, *, train=None, forgiven=0, count=2, storage=None, epochs=EPOCHS):
    return code["TensorflowTrainer"](
        train or code["train"],
        train_loop_config={"epochs": epochs, "every": EVERY},
        scaling_config=code["ScalingConfig"](num_workers=count),
        run_config=code["RunConfig"](
            name=name,
            storage_path=str(storage or folder),
            failure_config=code["FailureConfig"](max_failures=forgiven),
        ),
    )


def state_of(done):
    with done.checkpoint.as_directory() as where, np.load(f"{where}/state.npz") as state:
        return dict(state)


@pytest.fixture(scope="module")
def both(code):
    """What two workers find, what one process finds, and where the workers listened."""
    import tensorflow as tf

    listening = set()

    def look(*_):
        for process in leftovers.marked(ray_here._started):
            try:
                title = psutil.Process(process).cmdline()[0]
                connections = psutil.Process(process).net_connections("inet")
            except (psutil.Error, IndexError):
                continue
            listening.update(
                (title, c.laddr.ip) for c in connections if c.status == psutil.CONN_LISTEN
            )

    done = run(trainer_of(code, start_ray(2), "both"), epochs=EPOCHS, on_epoch=look)
    with in_64_bits():
        one_epoch, variables = code["prepare"](tf.distribute.get_strategy(), 0, 1)
        losses = [float(one_epoch(code["order_of"](epoch))) for epoch in range(1, EPOCHS + 1)]
    return done, losses, [variable.numpy() for variable in variables], listening


def test_two_workers_find_what_one_process_finds(both):
    done, losses, parameters, _ = both
    assert [f"{a:.12f}" for a in done.metrics["losses"]] == [f"{b:.12f}" for b in losses]
    state = state_of(done)
    for i, array in enumerate(parameters):
        np.testing.assert_allclose(state[f"arr_{i}"], array, rtol=0, atol=1e-12)


def test_ray_listens_on_this_computer_only(both):
    # TensorFlow's server cannot be told an address: the page and `start_ray` say so.
    beyond = {title for title, ip in both[3] if ip not in ("127.0.0.1", "::ffff:127.0.0.1", "::1")}
    assert len(both[3]) > len(beyond)
    assert all(title.startswith("ray::RayTrainWorker") for title in beyond)


@contextmanager
def accidents():
    """Yield a list, into which the time goes when workers that were started anew have done one."""
    back, log_news = [], workers._Log.news

    # The first line after an accident may be one that was seen before, so it is asked for here.
    def news(self):
        for said in log_news(self):
            if self.restarts() > len(back):
                back.append(time.monotonic())
            yield said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers._Log, "news", news)
        yield back


def assert_nothing_has_changed(done, both, restarts):
    """Compare what workers have found that had accidents with what those found that had none."""
    assert done.restarts == restarts
    assert done.metrics["losses"] == both[0].metrics["losses"]
    for name, array in state_of(both[0]).items():
        np.testing.assert_array_equal(state_of(done)[name], array)
    ours = [epoch for worker, epoch, _ in done.epochs if worker == 1]
    assert sorted(set(ours)) == list(range(1, EPOCHS + 1))
    assert len(ours) - EPOCHS <= restarts * EVERY  # each time at most one interval is done twice


def test_killed_workers_change_nothing(both, code, folder):
    killed = {1: None, 3: None, 5: None}  # no checkpoint yet, in the middle, in the last epoch

    def accident(worker, epoch, kill):
        if worker == 1 and epoch in killed:
            killed[epoch] = time.monotonic()
            kill()

    with accidents() as back:
        trainer = trainer_of(code, folder, "kill", forgiven=len(killed))
        done = run(trainer, epochs=EPOCHS, on_epoch=accident)
    assert_nothing_has_changed(done, both, restarts=len(killed))
    for start, end in zip(killed.values(), back, strict=True):
        # Twenty seconds on a quiet machine; here another test computes beside it.
        assert end - start < 40 * patience.factor()


def test_a_worker_that_is_stopped_changes_nothing(both, code, folder):
    def accident(worker, epoch, kill):
        if (worker, epoch) == (1, 3):
            os.kill(kill.args[0], signal.SIGSTOP)  # it lives, but does not answer

    done = run(trainer_of(code, folder, "stop", forgiven=1), epochs=EPOCHS, on_epoch=accident)
    assert_nothing_has_changed(done, both, restarts=1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes")
def test_copies_draw_numbers_of_their_own_for_ray(both, tmp_path, monkeypatch):
    # Ray tells tasks apart by random numbers; ray.train in the template made them the same.
    program = tmp_path / "program.py"
    program.write_text("import ray; print(ray._raylet.UniqueID.from_random().hex(), flush=True)")
    monkeypatch.setenv(copies.FOLDER, ray_here._started)
    drawn = [tmp_path / str(i) for i in range(2)]
    for path in drawn:
        with path.open("w") as stream:
            command = [sys.executable, copies.__file__, str(program)]
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stream, check=True)
    limit = patience.Limit(60)
    while not all(path.read_text().endswith("\n") for path in drawn):
        assert limit.left() > 0
        time.sleep(0.05)
    assert drawn[0].read_text() != drawn[1].read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes")
def test_workers_are_copies_of_a_process_with_one_thread(both):
    template = psutil.Process(ray_here._template.pid)
    tasks = Path(f"/proc/{template.pid}/task").glob("*/comm")
    others = {path.read_text().strip() for path in tasks if path.parent.name != str(template.pid)}
    assert others <= {"jemalloc_bg_thd"}  # which takes care of copies by itself
    # The workers are gone, but others that were begun in the same way are there.
    assert any("ray::" in (child.cmdline() or [""])[0] for child in template.children())


def test_a_port_that_is_taken_costs_one_attempt(both, code, folder):
    train = code["train"]

    def taken_first(settings):
        import json
        import os
        import socket
        from pathlib import Path

        here = Path(settings["flag"])
        if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 0 and not here.exists():
            here.touch()
            cluster = json.loads(os.environ["TF_CONFIG"])["cluster"]["worker"]
            port = int(cluster[0].rpartition(":")[2])
            settings["held"] = socket.create_server(("", port))
        train(settings)

    trainer = trainer_of(code, folder, "port", train=taken_first, forgiven=2)
    trainer.train_loop_config["flag"] = str(Path(folder).parent / "taken")
    done = run(trainer, epochs=EPOCHS)
    assert done.restarts >= 1
    assert done.metrics["losses"] == both[0].metrics["losses"]


@contextmanager
def small_disk(path):
    """Mount a disk with room for 100 kB; only root may."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(path)]
    if os.name != "posix" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def test_a_full_disk_is_one_sentence(code, folder, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        trainer = trainer_of(code, folder, "disk", storage=disk)
        with pytest.raises(OSError, match="no space left for a checkpoint; make room"):
            run(trainer, epochs=EPOCHS)


def test_a_worker_that_fails_is_named_with_its_reason(code, folder):
    def train(settings):
        raise ValueError("no such digit: eleven")

    with pytest.raises(RuntimeError, match="The workers gave up: ValueError: no such digit"):
        run(trainer_of(code, folder, "fails", train=train), epochs=EPOCHS)


def test_more_workers_than_cores_are_refused_and_nothing_hangs(code, folder):
    with pytest.raises(ValueError, match=r"needs 99 workers.*start_ray\(workers=99\)"):
        run(trainer_of(code, folder, "many", count=99), epochs=EPOCHS)


@pytest.fixture
def at_the_end(monkeypatch):
    """Yield a list, into which goes what the training had come to when Ray was about to stop."""
    states, fits, stop = [], [], workers.stop_ray

    class Fit(workers._Fit):
        def __init__(self, trainer):
            super().__init__(trainer)
            fits.append(self)

    def stop_and_note():
        states.append(type(fits[-1].error).__name__ if fits[-1].over.is_set() else "still there")
        stop()

    monkeypatch.setattr(workers, "_Fit", Fit)
    monkeypatch.setattr(workers, "stop_ray", stop_and_note)
    return states


@pytest.fixture
def interrupts():
    """Heed the interrupt key, which is ignored where a shell has started the tests with &."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_stops_the_workers(code, folder, capsys, interrupts, at_the_end):
    # Twice, as some do; and Ray would end this process if it stopped while `fit` goes on.
    def press(worker, epoch, kill):
        for seconds in (0.1, 0.2):
            threading.Timer(seconds, signal.raise_signal, [signal.SIGINT]).start()

    # So many that they are not done before somebody presses.
    trainer = trainer_of(code, folder, "pressed", epochs=10_000)
    assert run(trainer, epochs=10_000, on_epoch=press) is None
    assert (
        " of 10000 epochs, and Ray with it: begin again with start_ray()."
        in capsys.readouterr().out
    )
    assert not sys.modules["ray"].is_initialized()
    assert not os.path.exists(folder)
    assert at_the_end == ["ActorDiedError"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_worker_that_hangs_ends_in_a_sentence(code, folder, at_the_end):
    def train(settings):
        import time

        print("epoch 1, and then nothing")
        time.sleep(10_000)

    with pytest.raises(TimeoutError, match=r"said anything for 6 seconds.*epoch 1, and then"):
        run(trainer_of(code, start_ray(2), "hang", train=train), epochs=EPOCHS, patience=6)
    assert not sys.modules["ray"].is_initialized()
    assert at_the_end == ["ActorDiedError"]


# What the workers say


def said(worker, message, process=1):
    entry = {"world_rank": worker, "process": process, "message": message}
    return json.dumps(entry) + "\n"


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Write to a log of the workers and read it: a function, and what has been read so far."""
    file = tmp_path / "ray-train-app-worker-1.log"
    file.touch()
    monkeypatch.setattr(workers, "log_files", lambda: [file])
    read = workers._Log()

    def write(text):
        with file.open("a") as open_file:
            open_file.write(text)
        return list(read.news())

    return write, read


def test_a_line_of_the_log_counts_once_and_only_when_it_is_whole(log):
    write, read = log
    line = said(0, "epoch 12, loss 0.5")
    assert write(line[:-20]) == []
    assert write(line[-20:]) == [(0, 12, 1)]
    assert write("no JSON\n" + said(1, "loading")) == []
    assert read.last_words() == "worker 1: loading"


def test_what_is_done_again_after_an_accident_is_told_from_what_is_new(log):
    write, read = log
    write(said(0, "epoch 1") + said(1, "epoch 1") + said(0, "epoch 2"))
    assert (read.restarts(), read.furthest()) == (0, 2)
    assert read.is_first(0, 2)
    write(said(0, "epoch 2", process=7))
    assert (read.restarts(), read.furthest()) == (1, 2)
    assert not read.is_first(0, 2)
    assert read.is_first(1, 1)


@pytest.mark.parametrize(
    ("message", "kind", "sentence"),
    [
        ("...\nOSError: [Errno 28] No space left on device: x", OSError, "no space left"),
        ("ray.exceptions.OutOfMemoryError: killed", MemoryError, "close other programs"),
        ("Traceback\nValueError: no such layer: 7\n", RuntimeError, "ValueError: no such layer"),
        (
            "KeyError: '7'\n\nValueError: no such layer: 7\n",
            RuntimeError,
            "ValueError: no such layer",
        ),
        ("something else", RuntimeError, "The workers gave up: something else"),
    ],
)
def test_why_workers_gave_up_is_a_sentence_about_the_cause(message, kind, sentence):
    error = workers._explained(RuntimeError(message))
    assert type(error) is kind
    assert sentence in str(error)


def test_the_bar_of_the_log_goes_when_the_workers_fail(monkeypatch):
    shown = []
    bar = SimpleNamespace(close=lambda: shown.append("closed"))
    fit = SimpleNamespace(error=RuntimeError("ValueError: x"), over=threading.Event())
    fit.over.set()
    monkeypatch.setattr(workers, "Bar", lambda *_, **__: bar)
    monkeypatch.setattr(workers, "_Fit", lambda trainer: fit)
    monkeypatch.setattr(workers, "_require_room", lambda trainer: None)
    monkeypatch.setattr(workers, "log_files", list)
    scaling = SimpleNamespace(num_workers=2)
    trainer = SimpleNamespace(train_loop_per_worker=None, scaling_config=scaling)
    with pytest.raises(RuntimeError, match="gave up: ValueError: x"):
        run(trainer, epochs=1)
    assert shown == ["closed"]


@pytest.mark.parametrize("computers", [1, 2])
def test_on_a_cluster_nobody_waits_for_lines_that_cannot_be_seen(computers, monkeypatch):
    import ray

    class Silent:
        error, result = None, SimpleNamespace(metrics={"losses": [1.0]}, checkpoint=None)

        def __init__(self, trainer):
            self.over = threading.Event()
            threading.Timer(1, self.over.set).start()

        def stop(self):
            pass

    monkeypatch.setattr(workers, "_Fit", Silent)
    monkeypatch.setattr(workers, "_require_room", lambda trainer: None)
    monkeypatch.setattr(workers, "log_files", list)
    monkeypatch.setattr(workers, "FIRST_LINE", 0.2)
    monkeypatch.setattr(workers, "stop_ray", lambda: None)
    monkeypatch.setattr(ray, "is_initialized", lambda: True)
    monkeypatch.setattr(ray, "nodes", lambda: [{}] * computers)
    scaling = SimpleNamespace(num_workers=2)
    trainer = SimpleNamespace(train_loop_per_worker=None, scaling_config=scaling)
    if computers == 1:
        with pytest.raises(TimeoutError, match="said anything for"):
            run(trainer, epochs=1, patience=0.2)
    else:
        assert run(trainer, epochs=1, patience=0.2).metrics == {"losses": [1.0]}


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="this is not Linux")
def test_who_clears_the_log_does_not_end_itself(tmp_path):
    folder = tmp_path / "digits-ray-1"
    folder.mkdir()
    code = f"from helpers import leftovers; leftovers.clear({str(folder)!r}); print('alive')"
    environment = {**os.environ, leftovers.MARK: str(folder)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.stdout == b"alive\n"
    assert not folder.exists()


def test_the_environment_is_as_before_once_ray_has_read_it(monkeypatch, tmp_path):
    monkeypatch.setattr(ray_here, "_started", str(tmp_path))
    monkeypatch.setenv("RAY_TRAIN_METRICS_ENABLED", "mine")
    before = dict(os.environ)
    with ray_here._environment_of_ray(here=True):
        assert os.environ["RAY_TRAIN_METRICS_ENABLED"] == "0"
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert dict(os.environ) == before


def test_the_log_of_ray_goes_when_it_is_stopped(monkeypatch, tmp_path):
    folder = tmp_path / "digits-ray-1"
    (folder / "session_latest" / "logs").mkdir(parents=True)
    monkeypatch.setattr(ray_here, "_started", str(folder))
    stop_ray()
    assert not folder.exists()
    assert ray_here._started is None


# Bad input that needs no workers


def test_without_ray_one_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setattr(ray_here.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="make lab WITH=workers"):
        start_ray()


def test_without_free_memory_nothing_is_started(monkeypatch):
    monkeypatch.setattr(ray_here, "_free_memory", lambda: 4e8)
    with pytest.raises(MemoryError, match=r"2 workers need about 1.5 GB.*only 0.4 GB are free"):
        start_ray()


@pytest.mark.skipif(not os.path.exists("/proc/meminfo"), reason="this is not Linux")
def test_memory_that_can_be_had_counts_as_free():
    memory = psutil.virtual_memory()
    assert abs(ray_here._free_memory() - memory.available) < 0.05 * memory.total


def test_fewer_cores_than_workers_are_said(monkeypatch, capsys):
    monkeypatch.setattr(ray_here.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(ray_here, "_initialize", lambda ray, cores, address: print("with", cores))
    ray_here._start(None, 2, None)
    out = capsys.readouterr().out
    assert "This computer has 1 core for 2 workers: they take turns" in out
    assert "with 2" in out


def test_an_address_that_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectionError, match=f"No cluster answers at 127.0.0.1:{port}"):
        start_ray(address=f"127.0.0.1:{port}")


@pytest.mark.parametrize("address", ["cluster", "http://127.0.0.1:1/"])
def test_what_is_no_address(address):
    with pytest.raises(ConnectionError, match="is not the address of a cluster"):
        start_ray(address=address)


def test_a_firewall_on_the_loopback_ports_is_noticed(monkeypatch):
    def blocked(*_, **__):
        raise TimeoutError("timed out")

    monkeypatch.setattr(ray_here.socket, "create_connection", blocked)
    with pytest.raises(ConnectionError, match=r"does a firewall block it\?"):
        start_ray()


def test_nothing_runs_without_ray(code):
    stop_ray()
    with pytest.raises(RuntimeError, match=r"call start_ray\(\) first"):
        run(trainer_of(code, "/nowhere", "none"), epochs=EPOCHS)


# Processes and files


HOLD = """
import sys
from helpers.workers import start_ray
if "early" in sys.argv:
    import ray.train
folder = start_ray(2)
import ray
assert ray.get(ray.remote(lambda: 42).remote()) == 42
print(folder, flush=True)
sys.stdin.read()
"""


def begin(*words):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )


def folder_of(process):
    lines = (line.strip() for line in process.stdout)
    return str(Path(next(line for line in lines if line.endswith("checkpoints"))).parent)


def test_two_notebooks_at_once_and_a_kernel_that_is_killed():
    first, second = begin(), begin("early")
    folders = [folder_of(process) for process in (first, second)]
    assert folders[0] != folders[1]
    assert all(leftovers.marked(folder) for folder in folders)
    first.kill()  # no chance to clean up
    second.stdin.close()  # the end of a script
    for process in (first, second):
        process.wait()
    end = time.monotonic() + 20 * patience.factor()
    while any(map(os.path.exists, folders)) or any(map(leftovers.marked, folders)):
        assert time.monotonic() < end
        time.sleep(0.1)
