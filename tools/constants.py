"""Folds constants across the firmware's modules before they are compiled, as `const` does within one.

A name costs the device 20 octets and more for ever, in the table of names and in its module's dictionary, and every
use of it two look-ups. So a whole number or a short text that a module gives one name in capitals, at its top, takes
the name's place wherever that is used; and a definition goes that nobody needs any more.
"""

import ast

_SMALLEST, _LARGEST = -(2**30), 2**30 - 1  # whole numbers that take no heap on a 32-bit MicroPython
_SHORT = 10  # characters: MicroPython keeps one copy of a text no longer than this, wherever it stands


def fold(sources, users=()):
    """{module's full name: ast.Module} of `sources`, {module's full name: text}.

    users: texts of programs that import the modules and stay as they are; what these name stays too.
    """
    trees = {name: ast.parse(text) for name, text in sources.items()}
    own = {name: _constants(tree) for name, tree in trees.items()}
    known = {name: dict(constants) for name, constants in own.items()}
    while any(_hand_on(name, tree, known) for name, tree in trees.items()):
        pass
    kept = {name for text in users for name in _needed(ast.parse(text))}
    for name, tree in trees.items():
        _Folding(name, tree, known, kept).visit(tree)
    needed = kept.union(*map(_needed, trees.values()))
    for name, tree in trees.items():
        tree.body = [line for line in tree.body if _defined(line) not in own[name].keys() - needed]
    return trees


def _imports(tree):
    """(module, its name there, its name here) of what a module imports from others and gives no other value."""
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if not _stores(tree, alias.asname or alias.name):
                yield node.module, alias.name, alias.asname or alias.name


def _hand_on(name, tree, known):
    """Let a module's constants be those too that it imports; whether one was new."""
    before = len(known[name])
    for module, there, here in _imports(tree):
        if there in known.get(module, ()):
            known[name][here] = known[module][there]
    return len(known[name]) > before


def _constants(tree):
    """{name: value} of the constants of a module."""
    found = {}
    for line in tree.body:
        name = _defined(line)
        value = line.value if name else None
        if isinstance(value, ast.Call) and getattr(value.func, "id", None) == "const":
            value = value.args[0]
        try:
            value = ast.literal_eval(value) if name else None
        except ValueError:
            continue
        number = type(value) is int and _SMALLEST <= value <= _LARGEST
        if number or isinstance(value, str) and (len(value) <= _SHORT or name[0] == "_"):
            found[name] = value
    return {name: value for name, value in found.items() if _stores(tree, name) == 1}


def _defined(line):
    """The name in capitals that a line at the top of a module defines, or None."""
    if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
        name = line.targets[0].id
        return name if name.isupper() else None
    return None


def _stores(tree, name):
    """How often `name` is given a value in a module: as a variable or as an argument."""
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return (names + [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]).count(name)


def _needed(tree):
    """The names that a module asks of others, or gives as a text, and so may ask."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id


class _Folding(ast.NodeTransformer):
    """Puts the values in place of the names in the module `name`, and leaves out imports that nothing uses then."""

    def __init__(self, name, tree, known, kept):
        self._names = known[name]  # {name here: value}
        self._modules = {}  # {name here: constants of the module it stands for}
        self._done = set()  # names here that are imported for constants alone
        for module, there, here in _imports(tree):
            if here in self._names and here not in kept:
                self._done.add(here)
            elif f"{module}.{there}" in known:
                self._modules[here] = known[f"{module}.{there}"]
                uses = [use for use in ast.walk(tree) if isinstance(use, ast.Name) and use.id == here]
                folded = [use for use in ast.walk(tree) if isinstance(use, ast.Attribute) and self._value(use)]
                if len(uses) == len([use for use in folded if use.value.id == here]):
                    self._done.add(here)

    def _value(self, node):
        """The constant, in a list, for which an attribute stands; None for any other."""
        known = self._modules.get(node.value.id, {}) if isinstance(node.value, ast.Name) else {}
        return [known[node.attr]] if node.attr in known else None

    def visit_ImportFrom(self, node):  # noqa: N802 - the names that ast wants
        node.names = [alias for alias in node.names if (alias.asname or alias.name) not in self._done]
        return node if node.names else ast.Pass()

    def visit_Name(self, node):  # noqa: N802
        if isinstance(node.ctx, ast.Load) and node.id in self._names:
            return ast.Constant(self._names[node.id])
        return node

    def visit_Attribute(self, node):  # noqa: N802
        self.generic_visit(node)
        value = self._value(node)
        return ast.Constant(*value) if value else node
