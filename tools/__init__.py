"""Authoring: make the environment, the data, the trained network, the stored outputs, a class."""

from pathlib import Path

from checks.project import open_project

ROOT = Path(__file__).resolve().parents[1]
PROJECT = open_project(ROOT)
NOTEBOOKS = PROJECT.folder

# What holds TensorFlow and NumPy to one thread each, so that two workers do not get in each
# other's way; the results are the same.
THREADS = "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OPENBLAS_NUM_THREADS"
