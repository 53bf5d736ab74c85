"""The house stands on its floors: who imports whom, and what the firmware may be made of."""

import ast
import graphlib
from pathlib import Path

from tools import mpy

ROOT = Path(__file__).parent.parent
FLOORS = (
    {"wire", "clock", "local_clock", "local_time", "refused", "settings", "on_demand", "radio"},
    {"zcl", "history"},
    {"han"},
    {"tenancy"},
    {"home"},
    {"display"},
    {"assembly"},
    {"app"},
)
# What MicroPython has and the core may use: no clock, no files, no pins.
CORE = {"array", "binascii", "framebuf", "gc", "micropython", "struct", "sys"}
BOARD = CORE | {"errno", "esp32", "io", "json", "machine", "os", "select", "time"}


def sources(*folders):
    """(path, its syntax tree) of every Python file under these folders or files."""
    for folder in folders:
        place = ROOT / folder
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def module_name(path):
    """The full name of a firmware module."""
    parts = path.relative_to(ROOT / "firmware").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree, package=""):
    """The full names that a module imports; names of `from a import b` as a.b, which may be a module or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def loaded(tree):
    """The modules of ours that a module names in strings, to have them loaded when they are needed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("ihd."):
            yield node.value


def firmware():
    """(path, name, full names imported) of each firmware module."""
    for path, tree in sources("firmware/ihd"):
        name = module_name(path)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        yield path, name, {*imported(tree, package)}, {*loaded(tree)}


def room(name):
    """The room of ihd.room.module, or the module of ihd.module."""
    return name.split(".")[1]


def floor(name):
    return next(level for level, rooms in enumerate(FLOORS) if room(name) in rooms)


def test_every_module_is_on_a_floor():
    rooms = {room(name) for _, name, _, _ in firmware() if name != "ihd"}
    assert rooms <= set().union(*FLOORS)


def test_a_room_uses_rooms_below_it_only():
    for path, name, imports, names in firmware():
        for used in imports | names:
            if used.startswith("ihd.") and name != "ihd" and room(used) != room(name):
                below = floor(used) < floor(name) or floor(used) == floor(name) == 0
                assert below, f"{path.relative_to(ROOT)} uses {used}"


def test_no_module_is_imported_in_a_circle():
    modules = {name for _, name, _, _ in firmware()}
    graph = {}
    for _, name, imports, _ in firmware():
        parents = {used if used in modules else used.rpartition(".")[0] for used in imports}
        graph[name] = {used for used in parents if used in modules and used not in (name, "ihd")}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_the_core_imports_nothing_that_the_device_lacks_or_the_board_owns():
    for path, _, imports, _ in firmware():
        assert {name.split(".")[0] for name in imports} <= CORE | {"ihd"}, path.relative_to(ROOT)


def test_the_board_imports_only_the_device_and_the_firmware():
    own = {path.stem for path, _ in sources("board")}
    for path, tree in sources("board"):
        assert {name.split(".")[0] for name in imported(tree)} <= BOARD | own | {"ihd"}, path.relative_to(ROOT)


def test_the_other_side_of_the_uart_shares_nothing_with_the_firmware():
    for path, tree in sources("tools/bench"):
        assert not {"ihd", "host_tests"} & {name.split(".")[0] for name in imported(tree)}, path.relative_to(ROOT)
    for path, tree in sources("host_tests/other_xbee.py"):
        assert not {"ihd", "tools"} & {name.split(".")[0] for name in imported(tree)}, path.relative_to(ROOT)


def test_the_firmware_counts_in_whole_numbers_only():
    for path, tree in sources("firmware/ihd", "board"):
        for node in ast.walk(tree):
            number = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            assert not isinstance(number, float), where
            assert not isinstance(getattr(node, "op", None), ast.Div), where
            assert not (isinstance(node, ast.Name) and node.id == "float"), where


def test_the_firmware_prints_nothing_and_catches_nothing_blindly():
    for path, tree in sources("firmware/ihd", "board"):
        for node in ast.walk(tree):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            assert not (isinstance(node, ast.Name) and node.id == "print"), where
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, where
                caught = {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)}
                assert not caught & {"Exception", "BaseException"}, where


def test_every_file_is_short_and_says_its_one_idea_in_its_first_line():
    for path, _ in sources("firmware", "board", "tools", "host_tests"):
        lines = path.read_text(encoding="utf-8").splitlines()
        if lines:
            assert lines[0].startswith('"""') and lines[0].rstrip('"').endswith((".", ":")), path.relative_to(ROOT)
            assert len(lines) <= 400, path.relative_to(ROOT)


def test_every_module_compiles_for_the_device(tmp_path):
    sizes = mpy.compile_all(tmp_path)
    built = {path.relative_to(tmp_path).with_suffix("").as_posix() for path in tmp_path.rglob("*.mpy")}
    written = {
        path.relative_to(ROOT / "firmware").with_suffix("").as_posix()
        for path, _ in sources("firmware/ihd")
        if path.stat().st_size
    }
    assert written <= built
    assert set(sizes) == built | {"main.py"} and min(sizes.values()) > 0
