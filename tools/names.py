"""Gives the private names that only one module has the same few short names in every module, before it is compiled.

A name stands in the device's table of names for ever, and that table grows by kilobytes at once. `_carry` of one module
and `_sitting` of another become `_3` in both. A name that several modules have costs nothing more, and stays; no class
has a base in another module, so no two meet in one object.
"""

import ast
from collections import Counter


def shorten(trees, kept=()):
    """Rename in {module: ast.Module}, in place; {module: {short name: name}}, to read a traceback with.

    kept: names that stay.
    """
    found = {module: _private(tree) for module, tree in trees.items()}
    modules = Counter(name for names in found.values() for name in names)
    told = {}
    for module, tree in trees.items():
        own = [name for name in found[module] if modules[name] == 1 and name not in kept]
        short = {name: f"_{n}" for n, name in enumerate(own)}
        for node in ast.walk(tree):
            for field in ("id", "attr", "name", "arg"):
                name = getattr(node, field, None)
                if isinstance(name, str) and name in short:
                    setattr(node, field, short[name])
        told[module] = {n: name for name, n in short.items()}
    return told


def _private(tree):
    """The private names of a module, in the order in which they are met; those that a text names too are left out."""
    names, texts = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            texts.add(node.value)
        for field in ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str) and name[0] == "_" and name[1:2] not in ("", "_"):
                names[name] = True
    return [name for name in names if name not in texts]
