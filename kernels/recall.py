"""Runs in the kernels of tests: what `fit` has learned is kept, and recalled instead of trained.

An extension of IPython, loaded by the settings that `kernels.trained` writes; no notebook and no
helper knows of it. A training is known by the code of all cells run so far and by its number among
the calls of `fit` in its cell, on top of what `kernels.trained` mixes in: packages, helpers, data.

Recalled are the weights, the state of the optimizer and of random generators, the numbers of each
epoch, which callbacks are told as `fit` would tell them, and the `History`. Not recalled is what a
training leaves elsewhere: the state of metrics, positions in a `tf.data` pipeline.

Imports nothing but Python's own: it must not bring NumPy or Keras earlier than the notebook does.
"""

import contextlib
import functools
import hashlib
import inspect
import os
import pickle
import random
import sys
import threading
import time
from pathlib import Path

SHORTEST = 0.5  # seconds: a shorter training is soon done again

# Set by the settings that load this.
settings = {"folder": None, "base": "", "replay": False}


def load_ipython_extension(shell):
    """Follow the cells from here on, and stand in for `fit` as soon as there is one."""
    recall = Recall(Path(settings["folder"]), settings["base"], replay=settings["replay"])
    # Neither event comes with what is run silently, as bindings and other checks are.
    shell.events.register("pre_run_cell", recall.begin)
    shell.events.register("post_run_cell", recall.end)
    sys.meta_path.insert(0, _OnImport("keras", recall.stand_in))


class Recall:
    """Knows which training is which, keeps them and brings them back.

    Parameters
    ----------
    folder : Path
        Where trainings are kept, a file each.
    base : str
        What they depend on, beside the cells.
    replay : bool
        Whether to bring back what is there. Otherwise all is trained, and kept for others.
    """

    def __init__(self, folder, base, *, replay):
        self.folder, self.replay = folder, replay
        self.cells = hashlib.sha256(base.encode())
        self.fits = None  # how many there were in this cell; None while no cell runs
        self.process = os.getpid()

    def begin(self, info):
        """Note the code of the cell that is about to run."""
        code = info.raw_cell.strip().encode()
        # JupyterLab does not send empty cells, nbval does.
        if code:
            self.cells.update(b"%d " % len(code) + code)
        self.fits = 0

    def end(self, result):
        """Note that no cell runs anymore."""
        self.fits = None

    def stand_in(self, keras):
        """Stand in for the method `fit` of all models."""
        real = keras.Model.fit

        @functools.wraps(real)
        def fit(model, *args, **kwargs):
            # What a control starts between cells, or another thread or process, has no number
            # that would be the same next time.
            apart = threading.current_thread() is not threading.main_thread()
            if self.fits is None or apart or os.getpid() != self.process:
                return real(model, *args, **kwargs)
            self.fits += 1
            call = inspect.signature(real).bind(model, *args, **kwargs)
            call.apply_defaults()
            return self.fit(functools.partial(real, model, *args, **kwargs), model, call.arguments)

        keras.Model.fit = fit

    def fit(self, train, model, arguments):
        """Bring a training back, or let it happen and keep it."""
        key = self.cells.copy()
        key.update(b"fit %d" % self.fits)
        path = self.folder / f"{key.hexdigest()[:40]}.fit"
        if self.replay:
            # Whatever is wrong with a file, to train is always right.
            with contextlib.suppress(Exception):
                kept = pickle.loads(path.read_bytes())
                if _shapes(_state(model)) == kept["shapes"]:
                    path.touch()  # in use, so `kernels.trained` does not remove it
                    return _repeat(kept, model, arguments)
        start = time.perf_counter()
        history = train()
        if time.perf_counter() - start >= SHORTEST and _can_be_repeated(history, arguments):
            with contextlib.suppress(OSError):
                _write(path, _keep(history, model))
        return history


def _state(model):
    """Return all variables that a training changes: weights, seeds, the optimizer's."""
    if not model.built:
        return []
    model.optimizer.build(model.trainable_variables)  # if it is not yet
    return [*model.variables, *model.optimizer.variables]


def _shapes(variables):
    return [(tuple(variable.shape), str(variable.dtype)) for variable in variables]


def _can_be_repeated(history, arguments):
    """Return whether callbacks need no more than the numbers at the ends of epochs."""
    if any(len(values) != len(history.epoch) for values in history.history.values()):
        return False  # as with validation_freq=2
    callbacks = arguments["callbacks"] or []
    base = sys.modules["keras"].callbacks.Callback
    for callback in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
        if not isinstance(callback, base):
            return False
        hooks = {name for name in dir(base) if name.startswith("on_")}
        changed = {name for name in hooks if getattr(type(callback), name) != getattr(base, name)}
        if any("batch" in name or "test" in name for name in changed):
            return False
        # One that looks at the weights after each epoch would see those of the last.
        if not type(callback).__module__.startswith("keras.") and any(
            "model" in getattr(type(callback), name).__code__.co_names for name in changed
        ):
            return False
    return True


def _keep(history, model):
    """Return all that `_repeat` needs, after a training."""
    numpy = sys.modules["keras"].ops.convert_to_numpy
    variables = _state(model)
    return {
        "shapes": _shapes(variables),
        "values": [numpy(variable) for variable in variables],
        "epoch": history.epoch,
        "history": history.history,
        "params": history.params,
        "random": [read() for read, _ in _generators()],
    }


def _repeat(kept, model, arguments):
    """Bring model, callbacks and random generators to where the kept training left them."""
    callbacks = sys.modules["keras"].callbacks.CallbackList(
        arguments["callbacks"],
        add_history=True,
        add_progbar=arguments["verbose"] != 0,
        model=model,
        **kept["params"],
    )

    def learn():
        for variable, value in zip(_state(model), kept["values"], strict=True):
            variable.assign(value)

    learn()
    model.stop_training = False
    callbacks.on_train_begin()
    logs = None
    for i, epoch in enumerate(kept["epoch"]):
        callbacks.on_epoch_begin(epoch)
        logs = {name: values[i] for name, values in kept["history"].items()}
        callbacks.on_epoch_end(epoch, logs)
    callbacks.on_train_end(logs)
    learn()  # again, for early stopping puts back what it took for the best weights
    for (_, write), state in zip(_generators(), kept["random"], strict=True):
        write(state)
    return model.history


def _generators():
    """Yield how to read and how to set the state of each random generator that fits may use."""
    yield random.getstate, random.setstate
    legacy = sys.modules["numpy"].random
    yield legacy.get_state, legacy.set_state

    # Two have no public way; where they are elsewhere one day, they are left as they are.
    def keras_seed():
        state = sys.modules["keras.src.backend.common.global_state"]
        return state.get_global_attribute("global_seed_generator").state

    def tensorflow_rng():
        return sys.modules["tensorflow.python.eager.context"].context()._rng

    yield _careful(lambda: keras_seed().numpy()), _careful(lambda v: keras_seed().assign(v))
    yield (
        _careful(lambda: tensorflow_rng().getstate()),
        _careful(lambda v: tensorflow_rng().setstate(v)),
    )


def _careful(function):
    @functools.wraps(function)
    def careful(*state):
        with contextlib.suppress(KeyError, AttributeError, TypeError):
            return function(*state) if state != (None,) else None

    return careful


def _write(path, kept):
    """Write a file, whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        part.write_bytes(pickle.dumps(kept))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _OnImport:
    """A finder that calls a function with a module right after its first import, and is gone."""

    def __init__(self, name, function):
        self.name, self.function = name, function

    def find_spec(self, name, path=None, target=None):
        """Find the one module that is waited for, by the finders that follow."""
        if name != self.name:
            return None
        # That it is looked for, as TensorFlow does early, does not mean that it is imported.
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                with contextlib.suppress(ValueError):
                    sys.meta_path.remove(self)
                self.function(module)

            spec.loader.exec_module = exec_module
        return spec
