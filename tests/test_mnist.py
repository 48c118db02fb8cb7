"""Downloading a small MNIST from a server of our own, and everything that goes wrong."""

import http.server
import io
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from helpers import data, load_mnist
from helpers.data import find_mnist
from helpers.widgets import Bar
from tools import ROOT
from tools.make_digits import reduce

NAMES = ("x_train", "y_train", "x_test", "y_test")


def small_mnist(seed=0):
    rng = np.random.default_rng(seed)
    shapes = (6, 28, 28), 6, (2, 28, 28), 2
    return dict(zip(NAMES, [rng.integers(0, 256, s, dtype=np.uint8) for s in shapes], strict=True))


def as_file(arrays, save=np.savez_compressed):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


CONTENT = as_file(small_mnist())
PAGE = b"<!DOCTYPE html><title>Please log in</title>"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each path with what goes wrong under that name."""

    def do_GET(self):
        self.server.asked += 1
        name = self.path.strip("/")
        if name == "not-found":
            self.send_error(404)
            return
        content = {"page": PAGE, "other": as_file(small_mnist(1))}.get(name, CONTENT)
        self.send_response(200)
        if name != "no-length":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if name == "cut" else content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def cache(tmp_path, server, monkeypatch):
    """Folders without MNIST, and a server that has it, under any path."""
    arrays = [small_mnist()[name] for name in NAMES]
    monkeypatch.setattr(data, "_MNIST_SHA256", data.checksum(*arrays))
    monkeypatch.setattr(data, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(data, "DATA", tmp_path / "data")
    (tmp_path / "cache").mkdir()
    (tmp_path / "data").mkdir()
    serve(server, "good", monkeypatch)
    return tmp_path / "cache"


def serve(server, name, monkeypatch):
    monkeypatch.setattr(data, "MNIST_URL", f"http://127.0.0.1:{server.server_port}/{name}")


def assert_good(loaded):
    (x_train, y_train), (x_test, y_test) = loaded
    for array, name in zip((x_train, y_train, x_test, y_test), NAMES, strict=True):
        np.testing.assert_array_equal(array, small_mnist()[name])


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["good", "no-length"])
def test_it_is_downloaded_once(name, cache, server, monkeypatch):
    serve(server, name, monkeypatch)
    assert_good(load_mnist())
    assert_good(load_mnist())
    assert server.asked == 1
    assert files(cache) == ["mnist.npz"]


def test_a_copy_put_there_by_hand_serves_whatever_its_compression(cache, server):
    (data.DATA / "mnist.npz").write_bytes(as_file(small_mnist(), np.savez))
    assert_good(load_mnist())
    assert server.asked == 0
    assert files(cache) == []


@pytest.mark.parametrize("length", [11_490_434, None], ids=["length", "no length"])
def test_while_it_comes_the_bar_moves_and_counts_kilobytes(length, monkeypatch):
    pieces = [b"x" * 131_072, b"x" * 11_000_000, b"x" * 359_362]
    file = io.BytesIO()
    file.headers = {"Content-Length": length}
    left = [*pieces, b""]
    file.read = lambda _: left.pop(0)
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: file)
    monkeypatch.setattr("helpers.widgets.show_live", lambda *_: None)
    bar, seen = Bar(1, "MNIST: kB", stored=""), []
    bar.text.observe(lambda change: seen.append((bar.bar.value, change.new)), names="value")
    assert data._download(bar) == b"".join(pieces)
    all_of_it = [11_490] * 3 if length else [131, 11_131, 11_490]
    for (value, text), so_far, total in zip(seen, [131, 11_131, 11_490], all_of_it, strict=True):
        assert value == so_far
        assert re.fullmatch(rf"MNIST: kB {so_far} of {total}, \d+\.\d s", text)


def refused(*_, **__):
    reason = ssl.SSLCertVerificationError("unable to get local issuer certificate")
    raise urllib.error.URLError(reason)


def test_where_the_system_trusts_nobody_the_certificates_of_packages_are_asked(cache, monkeypatch):
    import certifi

    opened, trusted = urllib.request.urlopen, []

    def open_with(url, *, timeout, context=None):
        if context is None:
            refused()
        trusted.append(context.cert_store_stats()["x509_ca"])
        return opened(url, timeout=timeout)

    monkeypatch.setattr("urllib.request.urlopen", open_with)
    assert_good(load_mnist())
    assert trusted == [Path(certifi.where()).read_text().count("BEGIN CERTIFICATE")]


def test_a_certificate_that_nobody_trusts_is_said(cache, monkeypatch):
    monkeypatch.setattr("urllib.request.urlopen", refused)
    with pytest.raises(ConnectionError, match=r"does not trust .* Put a copy"):
        load_mnist()


@pytest.fixture
def said(monkeypatch):
    """What the line of text says in the end."""
    said = []
    monkeypatch.setattr("helpers.widgets.Bar.say", lambda bar, sentence: said.append(sentence))
    return said


def test_after_a_download_it_is_said_where_it_is_kept(cache, said):
    load_mnist()
    load_mnist()
    assert said == [f"MNIST is here: downloaded and kept as {cache / 'mnist.npz'}."]


@pytest.mark.parametrize("name", ["page", "other"])
def test_what_is_not_mnist_is_not_kept(name, cache, server, monkeypatch):
    serve(server, name, monkeypatch)
    with pytest.raises(ValueError, match=r"^What http.* sent is not MNIST; it may be the page"):
        load_mnist()
    assert files(cache) == []


def test_half_a_download_is_not_kept(cache, server, monkeypatch):
    serve(server, "cut", monkeypatch)
    problem = rf"stopped after {len(CONTENT) // 2:,} of {len(CONTENT):,} bytes\. When you are"
    with pytest.raises(ConnectionError, match=problem):
        load_mnist()
    assert files(cache) == []
    serve(server, "good", monkeypatch)
    assert_good(load_mnist())


def test_a_server_without_it_is_said(cache, server, monkeypatch):
    serve(server, "not-found", monkeypatch)
    with pytest.raises(ConnectionError, match=r"cannot be downloaded \(Not Found\)\. When you"):
        load_mnist()
    assert files(cache) == []


def test_no_network_is_one_sentence_with_the_place_for_a_copy(cache, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(data, "MNIST_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/")
        with pytest.raises(ConnectionError) as caught:
            load_mnist()
    assert "put a copy of mnist.npz into" in str(caught.value)
    assert str(cache) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", PAGE, CONTENT[:-500], as_file(small_mnist(1)), b"\0" * 99]
)
def test_a_bad_file_is_said_and_kept(content, cache, server):
    (cache / "mnist.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"mnist\.npz is damaged or is not MNIST\. Delete it and"):
        load_mnist()
    assert (cache / "mnist.npz").read_bytes() == content
    assert server.asked == 0


def test_a_file_with_other_arrays_is_said(cache):
    (cache / "mnist.npz").write_bytes(as_file({"images": np.zeros(3)}))
    with pytest.raises(ValueError, match="is not MNIST"):
        load_mnist()


def test_pickled_objects_are_never_loaded(cache):
    arrays = {**small_mnist(), "x_train": np.array([print], dtype=object)}
    (cache / "mnist.npz").write_bytes(as_file(arrays))
    with pytest.raises(ValueError, match="is not MNIST"):
        load_mnist()


def test_a_full_disk_costs_only_the_copy(cache, said, monkeypatch):
    def full(path, content):
        with path.open("wb") as file:
            file.write(content[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert_good(load_mnist())
    assert files(cache) == []
    assert said[0].startswith("MNIST cannot be kept as")
    assert "No space left on device" in said[0]


def test_two_notebooks_may_download_at_once(cache):
    loaded = []
    threads = [threading.Thread(target=lambda: loaded.append(load_mnist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 4
    for one in loaded:
        assert_good(one)
    assert files(cache) == ["mnist.npz"]


def test_loading_needs_neither_tensorflow_nor_widgets(tmp_path):
    code = "import sys, helpers; helpers.load_data(); print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    assert not {"tensorflow", "keras", "ipywidgets", "matplotlib"} & set(modules)


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST: make mnist")
def test_the_digits_of_the_series_are_the_first_of_mnist():
    (images, labels), _ = load_mnist()
    assert np.bincount(labels).tolist() == [
        *(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
    ]
    first = np.concatenate([np.flatnonzero(labels == digit)[:500] for digit in range(10)])
    with np.load(ROOT / "data" / "digits.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["labels"], labels[first])
        np.testing.assert_array_equal(archive["images"], [reduce(images[i]) for i in first])


@pytest.mark.skipif(find_mnist() is None, reason="needs MNIST: make mnist")
def test_a_copy_of_the_file_serves_in_another_folder(tmp_path, monkeypatch):
    shutil.copy(find_mnist(), tmp_path)
    monkeypatch.setattr(data, "CACHE", tmp_path)
    (x_train, y_train), (x_test, y_test) = load_mnist()
    assert x_train.shape == (60000, 28, 28)
    assert x_test.shape == (10000, 28, 28)
    assert {array.dtype.name for array in (x_train, y_train, x_test, y_test)} == {"uint8"}
