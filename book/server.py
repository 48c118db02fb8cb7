"""Serve the book from this machine as a website does, to test and to measure it."""

import functools
import gzip
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve files, texts packed by gzip as servers do, note their sizes, and write no log."""

    protocol_version = "HTTP/1.1"

    def content_of(self, path):
        """Return the bytes of a file, or None if there is none."""
        return path.read_bytes() if path.is_file() else None

    def do_GET(self):
        """Send a file."""
        path = Path(self.translate_path(self.path))
        content, kind = self.content_of(path), self.guess_type(path)
        if content is None:
            self.send_error(404)
            return
        self.server.sent[path.name] = len(content)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if kind.startswith(("text/", "application/javascript", "image/svg")):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", len(content))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served(folder, handler=Handler):
    """Serve a folder on a loopback port; yield the server.

    Its `address` ends in a slash, and `sent` has the bytes, before they are packed, of each file
    that was asked for.
    """
    handler = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.address, server.sent = f"http://127.0.0.1:{server.server_port}/", {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
