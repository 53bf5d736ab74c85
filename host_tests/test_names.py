"""Private names are shortened per module, and nothing else changes."""

import ast

from tools import constants, mpy
from tools.names import shorten


def shortened(*texts, kept=()):
    """({module: text} as they are compiled, what the names were)."""
    trees = {f"ihd.m{n}": ast.parse(text) for n, text in enumerate(texts)}
    told = shorten(trees, kept)
    return {name: ast.unparse(tree) for name, tree in trees.items()}, told


def test_private_names_of_one_module_get_the_same_short_names_in_each():
    first = "class A:\n\n    def _carry(self, _by):\n        self._rest = _by\n        self._carry(_by=1)"
    texts, told = shortened(first, "_WORD = 1\n\ndef _f():\n    return _WORD")
    assert sorted(told["ihd.m0"]) == ["_0", "_1", "_2"] and sorted(told["ihd.m1"]) == ["_0", "_1"]
    for name, long in told["ihd.m0"].items():
        first = first.replace(long, name)
    assert texts["ihd.m0"] == first
    assert set(told["ihd.m1"].values()) == {"_WORD", "_f"} and "_WORD" not in texts["ihd.m1"]


def test_what_two_modules_or_a_program_or_a_text_name_stays_and_so_does_what_is_public():
    own = "self._shared\nself._own\nself._named\ngetattr(self, '_texted')\nself._texted\n"
    own += "self.__init__\nfor _ in public:\n    pass"
    texts, _ = shortened(own, "each._shared", kept={"_named"})
    wanted = own.replace("_own", "_0")
    assert texts["ihd.m0"] == wanted


def test_no_class_of_the_firmware_has_a_base_in_another_module():
    for source, _ in mpy.sources():
        tree = ast.parse(source.read_text())
        own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        bases = {ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
        assert bases <= own | {"Exception", "ValueError", "OSError", "FlashError", "io.IOBase"}, source


def test_the_firmware_has_few_names_of_its_own_left():
    texts = {str(name).replace("/", "."): source.read_text() for source, name in mpy.sources()}
    trees = constants.fold(texts)
    told = shorten(trees)
    assert sum(map(len, told.values())) > 5 * max(map(len, told.values()))  # or it would not be worth it
