"""Folds constants across the firmware's modules before they are compiled, as `const` does within one.

A name costs the device 20 octets and more for ever, in the table of names and in its module's dictionary, and every
use of it two look-ups. So a whole number or a short text that a module gives one name in capitals, at its top, takes
the name's place wherever that is used; and a definition goes that nobody needs any more.
"""

import ast
from collections import Counter

_SMALLEST, _LARGEST = -(2**30), 2**30 - 1  # whole numbers that take no heap on a 32-bit MicroPython
_SHORT = 10  # characters: MicroPython keeps one copy of a text no longer than this, wherever it stands


def fold(sources, users=()):
    """{module's full name: ast.Module} of `sources`, {module's full name: text}.

    users: texts of programs that import the modules and stay as they are; what these name stays too.
    """
    modules = {name: _Module(text) for name, text in sources.items()}
    growing = True
    while growing:
        growing = [name for name, module in modules.items() if module.hear(modules)]
    kept = set().union(*map(named, users))
    for module in modules.values():
        _Folding(module, modules, kept).visit(module.tree)
    needed = kept.union(*(_needed(module.tree) for module in modules.values()))
    for module in modules.values():
        module.tree.body = [line for line in module.tree.body if _defined(line) not in module.own - needed]
    return {name: module.tree for name, module in modules.items()}


def named(text):
    """The names that a program asks of modules."""
    return set(_needed(ast.parse(text)))


class _Module:
    """tree: its syntax. own: the names of its own constants. known: {name: value} of these and of those it imports.

    imports: (module, the name there, the name here) of what it imports and gives no other value.
    """

    def __init__(self, text):
        self.tree = ast.parse(text)
        nodes = list(ast.walk(self.tree))
        stores = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        stores.update(node.arg for node in nodes if isinstance(node, ast.arg))
        self.known = {name: value for name, value in _constants(self.tree) if stores[name] == 1}
        self.own = set(self.known)
        self.imports = [
            (node.module, alias.name, alias.asname or alias.name)
            for node in nodes
            for alias in (node.names if isinstance(node, ast.ImportFrom) else ())
            if not stores[alias.asname or alias.name]
        ]

    def hear(self, modules):
        """Know the constants too that it imports; whether one was new."""
        before = len(self.known)
        for module, there, here in self.imports:
            if module in modules and there in modules[module].known:
                self.known[here] = modules[module].known[there]
        return len(self.known) > before


def _constants(tree):
    """(name, value) of what may be a constant of a module."""
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
            yield name, value


def _defined(line):
    """The name in capitals that a line at the top of a module defines, or None."""
    if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
        name = line.targets[0].id
        return name if name.isupper() else None
    return None


def _needed(tree):
    """The names that a module asks of others, or of itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id


class _Folding(ast.NodeTransformer):
    """Puts the values in place of the names in a module, and leaves out imports that nothing uses then."""

    def __init__(self, module, modules, kept):
        self._names = module.known
        self._modules = {}  # {name here: constants of the module it stands for}
        self._done = {here for _, _, here in module.imports if here in self._names and here not in kept}
        for source, there, here in module.imports:
            if here not in self._done and f"{source}.{there}" in modules:
                self._modules[here] = modules[f"{source}.{there}"].known
        nodes = list(ast.walk(module.tree))
        uses = Counter(node.id for node in nodes if isinstance(node, ast.Name))
        folded = Counter(node.value.id for node in nodes if isinstance(node, ast.Attribute) and self._value(node))
        self._done.update(here for here in self._modules if uses[here] == folded[here])

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
