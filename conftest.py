"""Let pytest run the notebooks with all that `checks/` adds to nbval."""

pytest_plugins = ["checks.plugin"]
