"""Run the notebooks under nbval in an environment of their own, with the checks of `tests/`."""

pytest_plugins = ["tests.notebook_checks"]
