"""Measurements, side by side: each program writes its section of RESULTS.md."""

import os

# As `make` has it, also where a program is run by itself. (With oneDNN, step 11 trains faster, but
# its numbers differ more between processors.)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# Some machines hold NumPy to the matrix product of another processor; TensorFlow heeds none of it.
for _name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(_name, None)
