"""Every command that the tables give a format for, written with it from random values, means the same to tshark."""

import random
import types

import pytest
import tshark
from tshark_commands import EVENTS, NO_FORMAT, REPEATED, ROWS, SHOWN, SIZES, full
from zigpy.types import EUI64

from ihd.zcl import frame, schema
from tools.bench.capture import Capture
from tools.bench.frame import SMART_ENERGY_PROFILE, Frame

METER_NWK, OWN_NWK, METER = 0x1A01, 0x5AD1, EUI64.convert("00:07:81:00:00:00:00:01")
EACH = 20  # random instances of each command, of each length that it may have
ALPHABET = "abcdefghij KLMNOPQRST 0123456789 .,-+&/£"


def drawn(chance, letter):
    """A random value of a field, extremes more often than chance has them."""
    if letter == "o":
        return "".join(chance.choices(ALPHABET, k=chance.choice((0, 1, 12, 30)))).encode()
    last = (1 << 8 * SIZES[letter]) - 1
    return chance.choice((0, 1, last, *(chance.randint(0, last) for _ in range(5))))


def instances(chance, command, form, names):
    """(format, fields, [(tshark's name, letter, value) of each number and string]) of random instances of a command.

    The format has no `?` in it: schema.write wants all or nothing of what stands behind one, and the standard lets a
    payload end after any of these fields.
    """
    least, _, most = form.partition("?")
    for length in range(len(least), len(least + most) + 1):
        for number in range(EACH * len(EVENTS) if command == "SET_EVENT_CONFIGURATION" else EACH):
            letters = (least + most)[:length]
            values = [drawn(chance, letter) for letter in letters]
            following = "", [], []
            if command in REPEATED:
                count = chance.randint(0, 12)
                if command != "REPORT_EVENT_CONFIGURATION":
                    values[-1] = count
                following = repeated(chance, count, *REPEATED[command])
            elif command == "SET_EVENT_CONFIGURATION":
                values[-1] = number % len(EVENTS)
                following = events(chance, *EVENTS[values[-1]])
            told = list(zip(names[:length], letters, values, strict=True))
            yield letters + following[0], values + following[1], told + following[2]


def repeated(chance, count, group, names):
    """(format, fields, told as above) of so many groups of fields."""
    letters = group * count
    values = [drawn(chance, letter) for letter in letters]
    return letters, values, list(zip(names.split() * count, letters, values, strict=True))


def events(chance, letters, names):
    """(format, fields, told as above) that say which events are configured."""
    if letters != "#H":
        value = drawn(chance, letters)
        return letters, [value], [(names, letters, value)]
    several = tuple(drawn(chance, "H") for _ in range(chance.randint(0, 9)))
    count, each = names.split()
    return letters, [several], [(count, "B", len(several)), *((each, "H", event) for event in several)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """(frame of ours, as tshark dissects it) of each."""
    tshark.needed()
    path = tmp_path_factory.mktemp("commands") / "commands.pcap"
    capture, chance, ours = Capture(path, 0x1F2E), random.Random(20261122), []
    for (module, prefix), rows in ROWS.items():
        for to_client, command, form, sub, names in rows:
            layout = NO_FORMAT[form] if form in NO_FORMAT else getattr(module, form)
            for letters, values, told in instances(chance, command, layout, names.split()):
                control = chance.choice((0x01, 0x11)) | frame.FROM_SERVER * to_client
                payload = schema.write(letters, *values)
                zcl = frame.write(control, len(ours) & 0xFF, getattr(module, command), payload)
                addresses = (METER_NWK, OWN_NWK, 21, 1, SMART_ENERGY_PROFILE, module.CLUSTER)
                capture.write(Frame(*addresses, zcl), METER, 0x30000000, len(ours))
                told = [(full(prefix, sub, name), letter, value) for name, letter, value in told]
                head = (module.CLUSTER, to_client, getattr(module, command), len(ours) & 0xFF)
                ours.append(
                    types.SimpleNamespace(
                        command=(module, command), layout=layout, head=head, payload=payload, values=values, told=told
                    )
                )
    capture.close()
    return list(zip(ours, tshark.frames(path), strict=True))


def test_every_format_and_every_command_of_the_tables_is_here():
    for (module, _), rows in ROWS.items():
        texts = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
        assert texts == {form for _, _, form, _, _ in rows} - set(NO_FORMAT), module.__name__
        directions = [(to_client, getattr(module, command)) for to_client, command, *_ in rows]
        assert len(set(directions)) == len(directions)
    count = sum(len(rows) for rows in ROWS.values())
    assert count == 9 + 6 + 6 + 13


def test_no_frame_is_malformed_and_each_is_the_command_that_was_meant(written):
    for mine, seen in written:
        assert not seen["malformed"], mine.payload.hex()
        assert not seen["general"]
        assert (seen["cluster"], seen["to_client"], seen["command"], seen["tsn"]) == mine.head


def test_tshark_reads_every_field_in_order_to_the_last_octet(written):
    for mine, seen in written:
        told = seen["payload"]
        assert [name for name, _, _ in told] == [name for name, _, _ in mine.told], mine.command
        assert b"".join(octets for _, _, octets in told) == mine.payload, mine.command


def test_tshark_reads_the_values_that_were_written(written):
    for mine, seen in written:
        for (name, letter, value), (_, text, octets) in zip(mine.told, seen["payload"], strict=True):
            if letter == "o":
                assert octets == bytes([len(value)]) + value
                assert text == value.decode("ascii", "replace"), name  # the only characters that it knows
                continue
            assert octets == value.to_bytes(SIZES[letter], "little"), name
            shown = next((show for end, show in SHOWN.items() if name.endswith("." + end)), int)
            assert tshark.value(text) == shown(value), name


def test_the_formats_read_back_what_was_written_however_long_it_is(written):
    for mine, _ in written:
        count = len(mine.layout.replace("?", ""))
        values = schema.read(mine.layout, mine.payload)
        assert values == (mine.values + [None] * count)[:count], mine.command


def test_each_length_and_each_control_was_written(written):
    lengths = {}
    for mine, _ in written:
        if "?" in mine.layout:
            lengths.setdefault(mine.command[1], set()).add(len(mine.values))
    assert lengths == {
        "PUBLISH_PRICE": set(range(11, 25)),
        "MESSAGE_CONFIRMATION": {2, 3, 4},
        "DISPLAY_MESSAGE": {5, 6},
        "DISPLAY_PROTECTED_MESSAGE": {5, 6},
    }
    controls = [mine.values[3] for mine, _ in written if mine.command[1] == "SET_EVENT_CONFIGURATION"]
    assert {control: controls.count(control) for control in set(controls)} == dict.fromkeys(range(4), EACH)
