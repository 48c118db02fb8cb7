"""Experiments too long for a notebook: one module each, which a notebook quotes.

The name of a module begins with the step that it belongs to. Its function `study` takes nothing and
returns a dict of numbers, texts, lists and arrays; `helpers.data.load_study` reads it back.
"""
