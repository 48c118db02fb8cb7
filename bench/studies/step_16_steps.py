"""How long a step takes with one process and with two workers, on one computer.

The code is that of the notebook: `prepare`, with the dense network and with a convolutional one, in
64 bits, and with three sizes of batches. Alone with one thread and with two, then by two workers of
Ray with one thread each. For each, the fastest of some runs counts, since everything else that the
computer does only adds to it. How long the exchange of the gradients takes is measured by itself,
again and again without any arithmetic between. With fewer than two cores the numbers mean nothing.
"""

import json
import os
import tempfile
import time
from pathlib import Path

from bench.side_by_side import Way
from tools import NOTEBOOKS, ROOT
from tools.sources import load_source

SIZES = (32, 128, 512)
STEPS = {32: 40, 128: 10, 512: 4}
RUNS = 6
EXCHANGES = 50
NOTEBOOK = NOTEBOOKS / "16_workers.ipynb"


def study():
    """Measure; return seconds per step by network, way and size, and what else the model needs."""
    both, alone = by_two_workers(), {}
    for threads, name in ((1, "one thread"), (2, "two threads")):
        way = Way(alone_with, threads, threads=threads)
        alone[name] = way()
        way.close()
    found = {"sizes": list(SIZES), "cores": os.cpu_count()}
    for network, first in alone["one thread"].items():
        found[network] = {
            "parameters": first["parameters"],
            "one thread": first["seconds"],
            "two threads": alone["two threads"][network]["seconds"],
            "two workers": both[network]["seconds"],
            "exchange": both[network]["exchange"],
        }
    return found


def build_convolutional():
    """Return a small convolutional network for the images of 400 numbers, in 64 bits."""
    import tensorflow as tf

    tf.keras.config.set_floatx("float64")
    tf.keras.utils.set_random_seed(1)
    layers = tf.keras.layers
    return tf.keras.Sequential([
        tf.keras.Input(shape=(400,)),
        layers.Reshape((20, 20, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10),
    ])


def alone_with(threads):
    """Return the function that measures one process, and how many threads it may use."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    names = load_source(NOTEBOOK, ["prepare", "build_model"])
    return lambda: measure(tf, names, tf.distribute.get_strategy(), 0, 1)


def by_two_workers():
    """Return what `measure` finds for two workers of Ray."""
    from helpers.workers import run, start_ray, stop_ray

    folder = start_ray(workers=2)
    from ray.train import RunConfig, ScalingConfig
    from ray.train.tensorflow import TensorflowTrainer

    def train(config):
        import sys

        sys.path.insert(0, config["root"])
        os.environ["TF_USE_LEGACY_KERAS"] = "0"
        import ray.train
        import tensorflow as tf

        from bench.studies.step_16_steps import measure_here

        context = ray.train.get_context()
        worker = context.get_world_rank()
        found = measure_here(tf, worker)
        with tempfile.TemporaryDirectory() as kept:
            Path(kept, "found.json").write_text(json.dumps(found))
            checkpoint = ray.train.Checkpoint.from_directory(kept)
            ray.train.report({}, checkpoint=checkpoint if worker == 0 else None)

    trainer = TensorflowTrainer(
        train,
        train_loop_config={"root": str(ROOT)},
        scaling_config=ScalingConfig(num_workers=2),
        run_config=RunConfig(name="steps", storage_path=folder),
    )
    done = run(trainer, epochs=1, patience=1800)
    with done.checkpoint.as_directory() as kept:
        found = json.loads(Path(kept, "found.json").read_text())
    stop_ray()
    return found


def measure_here(tf, worker):
    """Measure as one of two workers."""
    names = load_source(NOTEBOOK, ["prepare", "build_model"])
    return measure(tf, names, tf.distribute.MultiWorkerMirroredStrategy(), worker, 2)


def measure(tf, names, strategy, worker, workers):
    """Return, for each network, its parameters, seconds per step, and seconds per exchange."""
    found = {}
    for name, build in (("dense", names["build_model"]), ("convolutional", build_convolutional)):
        seconds = []
        for size in SIZES:
            one_epoch, variables = names["prepare"](strategy, worker, workers, build, size)
            order = tf.range(size * STEPS[size]) % 5000
            seconds.append(fastest(lambda f=one_epoch, o=order: f(o)) / STEPS[size])
            print(name, size, seconds[-1], flush=True)
        weights = [v for v in variables if "iteration" not in v.path and "adam" not in v.path]
        found[name] = {
            "parameters": int(sum(tf.size(v.numpy()) for v in weights if len(v.shape))),
            "seconds": seconds,
            "exchange": exchange(tf, strategy, weights) if workers > 1 else 0.0,
        }
    return found


def exchange(tf, strategy, weights):
    """Return how long it takes to add up gradients of these shapes over the workers."""
    zeros = [tf.zeros(w.shape, "float64") for w in weights if len(w.shape)]

    def add_up():
        return tf.distribute.get_replica_context().all_reduce("SUM", zeros)

    @tf.function
    def again_and_again():
        for _ in tf.range(EXCHANGES):
            strategy.run(add_up)

    return fastest(again_and_again) / EXCHANGES


def fastest(work):
    """Return the seconds of the fastest of some runs; the first, which compiles, is not timed."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
