"""`make lab` starts JupyterLab on the first notebook of the workbook, protected by a token."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from kernels import patience
from tools import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="stops JupyterLab with a POSIX signal"
)


@pytest.fixture
def busy_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def url_of(lab, log):
    """Return the URL in the `log` of a JupyterLab, which prints it before its server listens."""
    limit = patience.Limit(60)
    while limit.left() > 0 and lab.poll() is None:
        if printed := re.search(r"http://localhost:\S+(?=\s)", log.read_text()):
            try:
                urllib.request.urlopen(printed[0]).close()
            except urllib.error.HTTPError:
                raise
            except OSError:  # not yet listening
                pass
            else:
                return printed[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_lab_prints_the_url_of_the_first_notebook_even_if_the_port_is_busy(busy_port, tmp_path):
    log = tmp_path / "log"
    with log.open("w") as output:
        lab = subprocess.Popen(
            # As it is: a test does not change the environment that it runs in.
            ["make", "--old-file=.venv/ready", "lab", f"ARGS=--no-browser --port={busy_port}"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        url = url_of(lab, log)
        assert "/lab/tree/workbook/01_packages.ipynb?token=" in url
        assert f":{busy_port}/" not in url
        assert urllib.request.urlopen(url).status == 200
        server, token = url.split("/lab/tree/")[0], url.split("token=")[1]
        contents = f"{server}/api/contents/workbook/01_packages.ipynb?content=0"
        assert urllib.request.urlopen(f"{contents}&token={token}").status == 200
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(contents)
    finally:
        os.killpg(lab.pid, signal.SIGKILL)
        lab.wait()
