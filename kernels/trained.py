"""What the kernels of tests start with: nothing of the developer's, and trainings that are kept.

Nothing need be trained twice in a run of all tests: what the networks learn while nbval compares
the notebooks is what the browser loads a little later. See `kernels.recall` for the kernel's part.
"""

import contextlib
import hashlib
import importlib.metadata
import platform
import time
from pathlib import Path

from kernels import recall

DAYS = 7  # for which a training is kept that nobody asks for

_SETTINGS = """\
import importlib.util
import sys

spec = importlib.util.spec_from_file_location("checks_recall", {path!r})
sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.settings.update({settings!r})
c = get_config()
c.InteractiveShellApp.extensions = [spec.name]
"""


def prepare(folder, *, project=None, kept=None, replay=False):
    """Make a folder with the settings of IPython for the kernels of tests.

    Parameters
    ----------
    folder : Path
        A new folder, or an empty one.
    project : Project, optional
    kept : Path, optional
        Where trainings are kept; without it, or where the project does not say what they depend
        on, they are not.
    replay : bool
        Whether what is kept is loaded instead of trained. Where outputs are compared, it must not.

    Returns
    -------
    dict of str to str
        What the environment of a kernel, or of what starts kernels, must hold.
    """
    profile = Path(folder) / "profile_default"
    profile.mkdir(parents=True)
    if kept is not None and project.trained:
        settings = {"folder": str(kept), "base": fingerprint(project), "replay": replay}
        text = _SETTINGS.format(path=recall.__file__, settings=settings)
        (profile / "ipython_kernel_config.py").write_text(text, encoding="utf-8")
    return {"IPYTHONDIR": str(folder)}


def fingerprint(project):
    """Return a hash of all that trainings depend on, beside the code of a notebook."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.machine()}".encode())
    for name in project.packages:
        # Those that are installed, which need not be those of the lock.
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f" {name} {importlib.metadata.version(name)}".encode())
    folders = [project.root / name for name in (*project.sources, *project.trained)]
    found = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in [Path(recall.__file__), *found]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f" {path.name} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def forget(kept):
    """Remove trainings that nobody has asked for in a while."""
    for path in kept.iterdir():
        # Another worker may be removing it, too.
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > DAYS * 24 * 3600:
                path.unlink()
