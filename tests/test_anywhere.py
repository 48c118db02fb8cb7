"""What step 15 needs around its programs."""

import os
import subprocess
import sys

import pytest

from helpers.anywhere import installed, quiet


def test_what_is_there_is_found_without_a_word(capfd):
    assert installed("numpy", "zlib")
    assert capfd.readouterr() == ("", "")


def test_what_is_missing_is_named_with_the_command_that_gets_it(capsys):
    assert not installed("numpy", "no_such_module", "nor_this_one")
    said = capsys.readouterr().out
    assert said.startswith("no_such_module, nor_this_one cannot be imported here")
    assert "make lab WITH=anywhere" in said
    assert said.count("\n") == 1


def test_nothing_that_is_said_inside_reaches_the_page_and_afterward_all_does():
    code = """
import logging, os, warnings
from helpers.anywhere import quiet
with quiet():
    os.write(2, b"by C\\n")
    warnings.warn("by Python")
    os.system("echo by a program >&2")
    logging.warning("by a log")
os.write(2, b"later\\n")
warnings.warn("again")
logging.warning("and logged")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "by " not in done.stderr
    assert "later\n" in done.stderr
    assert "again" in done.stderr
    assert "and logged" in done.stderr


def test_errors_are_raised_and_the_stream_is_given_back(capfd):
    before = len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0
    for _ in range(3):
        with pytest.raises(ValueError, match="as ever"), quiet():
            raise ValueError("as ever")
    os.write(2, b"seen\n")
    assert capfd.readouterr().err == "seen\n"
    assert before == (len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0)
