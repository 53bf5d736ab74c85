"""The tables hold together: attribute types, refusals, settings, radio profile, payload formats, and their README."""

import ast
import itertools
import re
from pathlib import Path

from xbee3_profile import PROFILE
from zigpy.zcl.clusters.general import Basic, Time
from zigpy.zcl.clusters.smartenergy import Metering
from zigpy.zcl.foundation import DataTypeId

from ihd import refused, settings, wire
from ihd.zcl.clusters import basic, device_management, metering, prepayment, price, time
from tools.bench.registers import TABLE as REGISTERS

ROOT = Path(__file__).parent.parent
FIRMWARE = ROOT / "firmware/ihd"
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FIRMWARE.rglob("*.py"))}
CLUSTERS = ((basic, Basic), (time, Time), (metering, Metering))
# Of the others zigpy knows the id only: test_oracles_tables has them by hand.
MODULES = [module for module, _ in CLUSTERS] + [price, prepayment, device_management]
# Meters read MeteringDeviceType, a bitmap8 in the standard, as the list that it is.
TWO_TYPES = {(metering.CLUSTER, metering.METERING_DEVICE_TYPE): [DataTypeId.map8, DataTypeId.enum8]}
FORMAT = re.compile(r"(#?[BHTIYEo])*(\?(#?[BHTIYEo])*)?")


def rows(module):
    """(attribute, type) of each row of a cluster's table."""
    table = module.TYPES
    assert len(table) % 3 == 0
    return [(table[at] | table[at + 1] << 8, table[at + 2]) for at in range(0, len(table), 3)]


def readme_rows(heading):
    """The cells of the table under a heading of the README, without its two first lines."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def calls(name):
    """(path, call) of every call of a method or a module's function with this name."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield path, node


def constants(node):
    """Every string constant in an expression."""
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_attributes_stand_in_ascending_order_with_types_that_we_can_read():
    for module in MODULES:
        found = rows(module)
        assert [attribute for attribute, _ in found] == sorted(attribute for attribute, _ in found)
        assert len(set(found)) == len(found)
        for _, kind in found:
            assert wire.size_of(kind) or kind in (DataTypeId.octstr, wire.CHARS)


def test_clusters_attributes_and_types_are_zigpy_s():
    for module, cluster in CLUSTERS:
        assert module.CLUSTER == cluster.cluster_id
        for attribute, held in itertools.groupby(rows(module), key=lambda row: row[0]):
            wanted = TWO_TYPES.get((module.CLUSTER, attribute), [cluster.attributes[attribute].zcl_type])
            assert [kind for _, kind in held] == wanted, hex(attribute)


def test_every_attribute_that_has_a_name_has_a_row_and_the_other_way_round():
    for module, cluster in CLUSTERS:
        names = {
            value: name
            for name, value in vars(module).items()
            if name.isupper() and isinstance(value, int) and name.lower() in {a.lower() for a in spelled(cluster)}
        }
        assert set(names) == {attribute for attribute, _ in rows(module)}, module.__name__


def spelled(cluster):
    """zigpy's names of a cluster's attributes, with the standard's where zigpy shortens them."""
    longer = {
        "iambient_consumption_indicator": "ambient_consumption_indicator",
        "current_summ_delivered": "current_summation_delivered",
        "current_summ_received": "current_summation_received",
        "manufacturer": "manufacturer_name",
        "model": "model_identifier",
    }
    return [longer.get(definition.name, definition.name) for definition in cluster.attributes.values()]


def reasons_documented():
    """(reason, what it says) of each line of refused.py's docstring."""
    lines = refused.__doc__.splitlines()[2:]
    return [tuple(re.split(r"\s{2,}", line, maxsplit=1)) for line in lines if line]


def test_every_refusal_is_documented_where_it_is_counted_and_in_the_readme():
    counted = {}
    for path, call in calls("count"):
        (reason,) = call.args
        assert isinstance(reason, ast.Constant), f"{path}: a reason that is not written out may grow without bound"
        counted.setdefault(reason.value, path)
    documented = reasons_documented()
    assert len(dict(documented)) == len(documented)
    assert set(counted) == set(dict(documented))
    assert [(f"`{reason}`", what) for reason, what in documented] == [
        tuple(row) for row in readme_rows("What is refused")
    ]


def test_settings_have_sane_ranges_and_stand_in_the_readme_in_the_same_order():
    names = [name for name, *_ in settings.TABLE]
    assert len(set(names)) == len(names)
    for name, default, low, high in settings.TABLE:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        if isinstance(default, str):
            assert default in (low, high) and low != high
            continue
        assert 0 <= low <= default <= high < 1 << 30
        assert not name.endswith("_s") or high * 1000 < 1 << 29  # milliseconds that ticks_diff can tell
    told = [(name, limits, default) for name, _, limits, default in readme_rows("Settings")]
    assert told == [
        (f"`{name}`", f"`{low}` or `{high}`", f"`{default}`")
        if isinstance(default, str)
        else (f"`{name}`", f"{low} to {high}", f"{default}")
        for name, default, low, high in settings.TABLE
    ]


def test_every_screen_stands_in_the_readme():
    modules = {path.stem for path in (FIRMWARE / "display/screens").glob("*.py")} - {
        "__init__",
        "power",
        "question",
        "sheet",
    }
    named = [
        name for row in readme_rows("Screens and keys") for cell in row for name in re.findall("`([a-z_]+)`", cell)
    ]
    assert sorted(named) == sorted(modules)


def profile():
    """(command, value) of each row of the radio's profile."""
    return [(PROFILE[at : at + 2], PROFILE[at + 2 : at + 3]) for at in range(0, len(PROFILE), 3)]


def test_the_radio_s_profile_has_commands_and_values_that_a_module_takes():
    commands = [command for command, _ in profile()]
    assert len(set(commands)) == len(commands)
    assert profile()[0] == (b"AP", b"\x02")  # nothing else is understood before
    for command, value in profile():
        assert re.fullmatch(rb"[A-Z%][A-Z0-9]", command)
        register = REGISTERS[command.decode()]
        assert len(value) == register.width
        assert register.low <= int.from_bytes(value, "big") <= register.high


def test_the_readme_lists_the_at_commands_and_the_values_written():
    first = readme_rows("Attaching another radio")[0]
    assert first[0].split(", ") == [command.decode() for command, _ in profile()]
    values = ", ".join(str(int.from_bytes(value, "big")) for _, value in profile())
    assert f"write {values} where" in first[1]
    asked = {word for row in readme_rows("Attaching another radio") for word in row[0].split(", ")}
    written = {
        each.value.decode()
        for path, tree in TREES.items()
        if path.parent.name == "radio"
        for each in ast.walk(tree)
        if isinstance(each, ast.Constant) and isinstance(each.value, bytes) and re.fullmatch(rb"[A-Z]{2}", each.value)
    }
    assert asked == written | {command.decode() for command, _ in profile()}


def test_payload_formats_are_ones_the_interpreter_knows():
    formats = [text for path, call in calls("read") for text in constants(call.args[0]) if is_schema(call)]
    formats += [text for path, call in calls("write") for text in constants(call.args[0]) if is_schema(call)]
    for path, tree in TREES.items():
        if path.name == "zdo.py" or path.parent.name == "clusters":
            formats += [
                node.value.value
                for node in tree.body
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                if isinstance(node.value.value, str)
            ]
    assert len(formats) > 15
    for text in formats:
        assert FORMAT.fullmatch(text), text


def is_schema(call):
    return getattr(call.func.value, "id", None) == "schema"


def test_payloads_are_written_with_as_many_fields_as_their_format_has():
    checked = 0
    for path, call in calls("write"):
        literal = is_schema(call) and isinstance(call.args[0], ast.Constant)
        if literal and not any(isinstance(argument, ast.Starred) for argument in call.args):
            form = call.args[0].value
            assert len(re.findall("[a-zA-Z]", form)) == len(call.args) - 1, f"{path.name}: {form}"
            checked += 1
    assert checked > 5
