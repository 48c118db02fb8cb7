# ruff: noqa: D100
# With so long a switch interval, Python code is like a call of C code that keeps the GIL: no other
# thread of the kernel runs.
import sys
import time

time.sleep(0.1)
usual, end = sys.getswitchinterval(), time.perf_counter() + 2
sys.setswitchinterval(60)
while time.perf_counter() < end:
    pass
sys.setswitchinterval(usual)
