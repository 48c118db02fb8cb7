"""Checks of stored notebooks that nbval lacks: pictures, prose, form; a plugin of pytest.

    .venv/bin/python -m checks           one line per problem, in seconds, nothing is run
    .venv/bin/python -m pytest --nbval   runs the notebooks, too

Settings stand in `pyproject.toml`, under `[tool.notebook_checks]`; `checks.project` lists them.
Nothing here but `checks.series` knows which notebooks these are.
"""
