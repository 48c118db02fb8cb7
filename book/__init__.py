"""The book: the series as a website, made of the stored notebooks. Nothing is run for it."""

from tools import ROOT

HERE = ROOT / "book"
BUILT = HERE / "_build"


class BookError(ValueError):
    """Something that cannot stand in the book; the message is one sentence that says where."""
