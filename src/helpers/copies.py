"""Start the processes of Ray as copies of one that has loaded Ray and TensorFlow already.

For one training by two workers, Ray starts eight processes of Python, and each would load Ray's
libraries anew, and TensorFlow, too: seconds of work for each, and most of what a short training
takes. So one process, the *template*, loads them once, while Ray starts. Where Ray would start a
process, it starts this file instead, which needs nothing but the standard library and asks the
template for a copy of itself, by `os.fork`. If there is no template, it starts what Ray wanted.

A copy has only one thread. So the template must have no other one, and TensorFlow has none as
long as nothing is computed. This works on Linux only; elsewhere processes start in Ray's own way.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path

SOCKET = "template"  # its name in the folder of all that runs
FOLDER = "DIGITS_TEMPLATE"  # the variable that holds the folder
CONTEXT = "--serialized-runtime-env-context="  # what Ray adds for the environment of a worker
# The number that Ray gives to the notebook, the only program that a Ray of ours works for.
JOB, NUMBER = "RAY_JOB_ID", "01000000"
# Not ray.train or ray.data, which draw a random number when they are loaded: from then on, the
# numbers that Ray gives to tasks would be the same in each copy.
LOADED = ["ray", "pandas", "pyarrow", "tensorflow", "keras"]


def start_template(folder, modules=LOADED):
    """Start a template that waits for requests in a folder, where that is possible.

    Parameters
    ----------
    folder : str
    modules : list of str
        What it loads.

    Returns
    -------
    subprocess.Popen
        Or None, if processes cannot be copied on this system.
    """
    if sys.platform != "linux":
        return None
    # It is bound here, so that whoever asks too early waits until the template is ready.
    with socket.socket(socket.AF_UNIX) as server, open(Path(folder, "template.log"), "w") as log:
        server.bind(str(Path(folder, SOCKET)))
        server.listen(64)
        return subprocess.Popen(
            [sys.executable, __file__, "--template", str(server.fileno()), *modules],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={
                **os.environ,
                # Ray reads these two only once, when it is loaded. Copies end when the second
                # process does; which of Ray's own it will be is not known yet, so this one.
                JOB: NUMBER,
                "RAY_RAYLET_PID": str(os.getpid()),
                # NumPy would have as many threads as there are cores.
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            pass_fds=[server.fileno()],
            start_new_session=True,  # Ctrl-C is not meant for it
        )


# The template


def _load(modules):
    """Load what the processes of Ray need, in one thread."""
    os.environ["TF_USE_LEGACY_KERAS"] = "0"  # Ray would ask for the Keras of old
    for name in modules:
        # What cannot be loaded is missed where it is needed, and there it can be said.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sys.stdout.flush()  # or each copy would write it again
    gc.collect()
    gc.freeze()  # so that copies go on sharing the memory


def _copies(server):
    """Answer requests, each by a copy of this process; return in the copy, with its request."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for copies that have ended
    while True:
        connection, _ = server.accept()
        with connection:
            request, streams = _received(connection)
            if request and os.fork() == 0:
                connection.sendall(b"1")  # fails if nobody waits for it anymore
                server.close()
                return request, streams
        for stream in streams:
            os.close(stream)


def _received(connection):
    text, streams = b"", []
    # Who asks may be ended while it does.
    with contextlib.suppress(OSError, ValueError):
        text, streams, *_ = socket.recv_fds(connection, 65536, 3)
        while more := connection.recv(65536):
            text += more
        return json.loads(text), streams
    return None, streams


def _become(request, streams):
    """Make this copy what Ray wanted to start; return the path of its program."""
    os.setpgid(0, 0)  # a group of its own, because Ray ends the whole group of a worker
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["directory"])
    if "ray" in sys.modules:
        sys.modules["ray"]._raylet.Config.initialize(b"")  # reads the environment again
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all copies draw the same numbers
    sys.argv = request["arguments"]
    sys.path.insert(0, os.path.dirname(sys.argv[0]))
    return sys.argv[0]


# What Ray starts


def _ask(arguments, environment):
    """Have the template start a program; return whether it has done so."""
    request = {
        "arguments": arguments,
        "environment": environment,
        "directory": os.getcwd(),
    }
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(Path(os.environ[FOLDER], SOCKET)))
            text = json.dumps(request).encode()
            sent = socket.send_fds(connection, [text], [0, 1, 2])
            connection.sendall(text[sent:])
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(1) == b"1"
    except (KeyError, OSError):
        return False


def _start(arguments):
    """Start a worker: a program of Ray and its arguments, some of them about its environment."""
    ours = [a for a in arguments if not a.startswith((CONTEXT, "--language="))]
    contexts = [json.loads(a.removeprefix(CONTEXT)) for a in arguments if a.startswith(CONTEXT)]
    context = contexts[-1] if contexts else {}
    variables = context.pop("env_vars", {})
    if context.get("py_executable") == sys.executable:
        context.pop("py_executable")
    ordinary = os.environ.get(JOB, NUMBER) == NUMBER and not any(context.values())
    if ordinary and _ask(ours, {**os.environ, **variables}):
        return
    if contexts:  # by the program that Ray has for this
        ours = [str(Path(arguments[0]).with_name("setup_worker.py")), *arguments]
    os.execv(sys.executable, [sys.executable, *ours])


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of this file, whose modules are not meant
    if sys.argv[1] == "--template":
        listening = socket.socket(fileno=int(sys.argv[2]))
        _load(sys.argv[3:])
        # At the top level, because TensorFlow looks at the functions around a step.
        runpy.run_path(_become(*_copies(listening)), run_name="__main__")
    else:
        _start(sys.argv[1:])
