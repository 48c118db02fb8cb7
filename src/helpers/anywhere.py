"""What step 15 needs around its programs: see whether they are there, and keep them quiet."""

import contextlib
import importlib.util
import logging
import os
import sys
import warnings


def installed(*modules):
    """Tell whether modules can be imported, and if not, print how to get them.

    Parameters
    ----------
    *modules : str
        Such as ``"onnxruntime"``.

    Returns
    -------
    bool
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"{', '.join(missing)} cannot be imported here: close JupyterLab, and open it with "
            "make lab WITH=anywhere. Until then, cells that need it do nothing."
        )
    return not missing


@contextlib.contextmanager
def quiet():
    """Keep what programs say by the way from the page, as in ``with quiet(): model.export(...)``.

    Parts of TensorFlow that are written in C++ print what they do, past all settings of Python.
    What is said is lost; errors are raised as ever.
    """
    sys.stderr.flush()
    logged = logging.root.manager.disable
    # The stream of the process itself, which is not what a notebook calls sys.stderr.
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.disable()
            yield
    finally:
        logging.disable(logged)
        os.dup2(kept, 2)
        os.close(kept)
