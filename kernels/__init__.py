"""What the kernels of tests are given, and what runs in them."""
