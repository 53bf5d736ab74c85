"""The whole display on a history partition that is not its own, lies or is worn, and in a home whose clock jumps."""

import binascii
import struct

from flash import Flash
from tenants import LIVED, check_forgotten, check_kept, lived_in, undrawn, value
from world import HALF_HOUR, NOW, UTC, World, tenancy

from ihd.history.flash import FlashError
from ihd.history.journal import INTENT, PENDING
from ihd.history.sector import header

SLOTS = 1020
SECTOR = 4096
END = UTC // HALF_HOUR
PLACE = END // SLOTS % 20  # of the sector of electricity that is written
PAST = UTC - 40 * HALF_HOUR


class Bad(Flash):
    """A Flash that does not do what `is_bad(operation, sector)` picks: it says nothing, or raises `error`."""

    error = None

    def is_bad(self, operation, sector):
        """What is bad; of a new one, nothing."""
        return False

    def program(self, offset, data):
        """As Flash."""
        if not self._fails("program", offset // SECTOR):
            super().program(offset, data)

    def erase(self, sector):
        """As Flash."""
        if not self._fails("erase", sector):
            super().erase(sector)

    def _fails(self, operation, sector):
        bad = self.is_bad(operation, sector)
        if bad and self.error:
            raise self.error
        return bad


class Unreadable(Flash):
    """A Flash that refuses to be read."""

    def read_into(self, offset, buffer):
        """Refuses."""
        raise OSError(5)


def operations(world):
    """How many flash operations the log tells of."""
    return len([entry for entry in world.log if isinstance(entry, tuple)])


def flash_errors(world):
    """What was told of the flash."""
    return [each["what"] for each in world.of("error", where="flash")]


def note_row(world):
    """The eight rows of the picture in which a note stands."""
    return bytes(world.panel.ram[6 * 128 : 7 * 128])


def foreign(octets):
    """A partition in which these stand at the start of two sectors."""
    flash = Flash()
    for sector in (0, 1):
        flash.put(sector * SECTOR, octets)
    return flash


def encrypted():
    """A blank partition that is encrypted."""
    flash = Flash()
    flash.encrypted = True
    return flash


def deaf():
    """A blank partition that takes nothing."""
    flash = Bad()
    flash.is_bad = lambda operation, sector: True
    return flash


def refusing():
    """A blank partition that refuses to be written."""
    flash = deaf()
    flash.error = OSError(30)
    return flash


def beyond_any_life(sector, owner, first):
    """A partition one of whose sectors has the first sequence that no flash lives to see."""
    flash = lived_in().flash
    flash.erase(sector)
    flash.put(sector * SECTOR, header(owner, 0x40000000, first))
    return flash


def of_a_lost_journal():
    """A partition that lost the sectors in which the floors stood."""
    flash = lived_in().flash
    flash.erase(80)
    return flash


UNUSABLE = (
    ("wrong size", lambda: Flash(127)),
    ("wrong size", lambda: Flash(512, 1024)),
    ("encrypted", encrypted),
    ("foreign data", lambda: foreign(b"\1\0\0\0\xf0\x0f\xff\xf7littlefs/\xe0\0\x10")),
    ("foreign data", of_a_lost_journal),
    ("foreign data", lambda: beyond_any_life(81, 0xC0, 0)),
    ("foreign data", lambda: beyond_any_life(2, 0, 442 * SLOTS)),
    ("cannot be read", Unreadable),
    ("cannot be written", deaf),
    ("cannot be written", refusing),
)


def test_a_partition_that_cannot_be_used_is_named_and_never_written_and_the_display_lives_without():
    shown = World()
    shown.settle()
    rows = {"": note_row(shown)}
    for why, make in UNUSABLE:
        flash = make()
        before = flash.copy()
        world = World(flash)
        world.settle()
        assert flash_errors(world) == ["the history partition is not used: %s; nothing outlives a restart" % why]
        assert world.app.note == "HISTORY " + why.upper()
        assert world.of("screen")[-1]["name"] == "now"
        assert rows.setdefault(why, note_row(world)) == note_row(world)
        world.run(HALF_HOUR)
        assert list(world.app.history.read(1, END, END + 1)) == [0]
        world.publish(world.gas, tenancy(NOW, 7))
        world.run(10)
        assert len(world.of("receipt")) == 1 and world.app.gas.gate is None
        assert list(world.app.history.read(1, END, END + 1)) == [None]
        assert not world.app.history.durable and flash.same(before) and not operations(world)
    assert len(set(rows.values())) == len(rows)


def test_records_that_cannot_be_are_none_whatever_their_crc_and_nobody_trips_over_them():
    for type, meter, kind_source in ((INTENT, 0, 4), (INTENT, 1, 0x60), (PENDING, 4, 0), (PENDING, 1, 0x61)):
        flash = lived_in(4).flash
        record = struct.pack("<BBBBI20s", type, meter, kind_source, 13, 99, bytes(20))
        flash.put(80 * SECTOR + 50 * 32, record + struct.pack("<I", binascii.crc32(record)))
        world = World(flash)
        world.settle()
        assert flash.octets(80 * SECTOR + 50 * 32, 32) == bytes(32)
        assert not world.of("rewind") and not flash_errors(world)


def worn_from(world, is_bad, error=None):
    """From now on the flash of `world` is bad."""
    world.flash.is_bad = is_bad
    world.flash.error = error
    world.log.clear()


def test_a_flash_that_takes_nothing_any_more_is_told_of_and_what_it_did_not_take_is_counted():
    for error in (None, OSError(30)):
        world = undrawn(lived_in(flash=Bad()))
        worn_from(world, lambda operation, sector: True, error)
        world.run(4 * HALF_HOUR)
        assert flash_errors(world) == ["history cannot be written"]
        assert world.counts() == {"flash": 7}  # electricity is read too late in its first half-hour
        for series in (0, 1):
            check_kept(world, series, END - LIVED, END)
        del world.flash.is_bad
        world.run(2 * HALF_HOUR)
        assert list(world.app.history.read(1, END, END + 6)) == [None] * 4 + [0] * 2
        assert world.counts() == {"flash": 7} and len(flash_errors(world)) == 1


def test_a_flash_that_cannot_be_read_any_more_ends_nothing():
    world = undrawn(lived_in(half_hours=6))

    def refuse(_offset, _buffer):
        raise OSError(5)

    world.flash.read_into = refuse
    world.electricity.register += 400
    world.run(3 * HALF_HOUR)  # each closes a half-hour, and reaches back for what today began with
    assert world.app.electricity.today is not None and world.app.electricity.watts is not None


def closed(world):
    """That the gate of electricity is shut, names what fails, and nothing was said to be done."""
    assert not world.of("receipt") and not world.of("rewind", phase="done")
    assert not world.of("gate", meter=world.electricity.name, open=True)
    assert world.app.electricity.gate.startswith("FAILS: ")
    assert not [each for each in world.of("fact", fuel="electricity") if each["what"] != "power"]
    return world.app.electricity.gate


def test_where_a_change_cannot_be_made_durable_the_gate_stays_shut():
    for error in (None, FlashError()):
        world = undrawn(lived_in(flash=Bad()))
        world.electricity.gets[0] = tenancy(PAST, 77)  # as a meter does, it tells it whenever it is asked
        worn_from(world, lambda operation, sector: True, error)
        world.run(1000)
        assert flash_errors(world)[0] == "cannot forget: the flash refuses"
        world.log.clear()
        world.run(1000)
        assert closed(world) == "FAILS: flash"
        world.cut()
        world.boot()
        world.run(20)
        assert flash_errors(world)[-1] == "cannot forget: the flash refuses"
        world.log.clear()
        world.run(1000)
        assert closed(world) == "FAILS: flash"
        del world.flash.is_bad
        world.run(60)
        assert world.app.electricity.gate is None
        check_forgotten(world, 0, PAST)
        check_kept(world, 1, END - LIVED, END)


def test_a_change_that_cannot_be_written_down_keeps_the_gate_shut_from_the_start():
    for error in (None, OSError(30)):
        world = lived_in(flash=Bad())
        world.electricity.gets[0] = tenancy(PAST, 77)
        world.cut()
        worn_from(world, lambda operation, sector: True, error)
        world.boot()
        world.run(60)
        assert closed(world) == "FAILS: flash"


def test_where_the_half_hours_cannot_be_destroyed_the_gate_stays_shut_until_they_can():
    lies = (
        (1100, lambda operation, sector: sector in (PLACE, PLACE - 1)),
        (96, lambda operation, sector: operation == "program" and sector == PLACE),  # the floor is in this one
    )
    for half_hours, is_bad in lies:
        for error in (None, OSError(5)):
            world = lived_in(half_hours, Bad())
            worn_from(world, is_bad, error)
            world.flash.strict = False
            world.publish(world.electricity, tenancy(PAST, 77))
            world.run(100)
            assert closed(world) == ("FAILS: flash" if error else "FAILS: usage")
            world.cut()
            world.log.clear()
            world.boot()
            world.run(100)
            closed(world)
            assert world.app.gas.gate is None
            del world.flash.is_bad
            world.run(20)
            assert len(world.of("receipt")) == 1 and world.app.electricity.gate is None
            check_forgotten(world, 0, PAST, half_hours)
            check_kept(world, 1, END - half_hours, END)


def test_a_flash_that_does_not_erase_any_more_still_forgets():
    for error in (None, OSError(5)):
        world = lived_in(1100, Bad())
        worn_from(world, lambda operation, sector: operation == "erase", error)
        world.flash.strict = False
        world.publish(world.electricity, tenancy(PAST, 77))
        world.run(20)
        (receipt,) = world.of("receipt")
        assert receipt["slots"] == 1061 and receipt["sectors"] == 0
        assert world.app.electricity.gate is None
        check_forgotten(world, 0, PAST, 1100)


def test_one_worn_sector_costs_its_half_hours_and_no_others():
    boundary = (END // SLOTS + 1) * SLOTS
    worn = PLACE + 1
    for operation, error in (("program", None), ("program", OSError(5)), ("erase", None), ("erase", OSError(5))):
        flash = Bad()
        World(flash).boot()
        flash.strict = False
        flash.put(worn * SECTOR, bytes(8))  # it wants to be erased
        flash.is_bad = lambda what, sector: sector == worn and what == operation  # noqa: B023
        flash.error = error
        for begin in (boundary - 2, boundary + 500, boundary + SLOTS - 2):
            world = World(flash, utc=begin * HALF_HOUR - 100)
            world.settle()
            undrawn(world).run(4 * HALF_HOUR + 200)
            lost = [half_hour // SLOTS == boundary // SLOTS for half_hour in range(begin, begin + 4)]
            found = list(world.app.history.read(0, begin, begin + 4))
            assert found == [None if each else 0 for each in lost]
            assert list(world.app.history.read(1, begin, begin + 4)) == [0] * 4
            assert world.counts() == {"flash": lost.count(True)}
            assert flash_errors(world) and set(flash_errors(world)) == {"history cannot be written"}


def test_a_journal_with_a_worn_sector_refuses_changes_aloud_once_it_is_full_and_keeps_the_gate_shut():
    world = undrawn(lived_in(flash=Bad()))
    worn_from(world, lambda operation, sector: sector == 81, OSError(5))
    for number in range(160):
        world.publish(world.gas, tenancy(UTC + 90_000 + number, number + 1))
    assert "the journal cannot be written" in flash_errors(world)
    world.publish(world.electricity, tenancy(PAST, 77))
    world.run(1000)
    assert closed(world) == "FAILS: flash"
    del world.flash.is_bad
    world.run(1000)
    assert world.app.electricity.gate is None
    check_forgotten(world, 0, PAST)


def kept(series, start, end, lost=()):
    """What a history of these half-hours should read as, those of the epochs `lost` gone."""
    return [None if half_hour // SLOTS in lost else value(series, half_hour) for half_hour in range(start, end)]


def jump(epochs):
    """A home whose clock was so many times 1020 half-hours ahead for two hours, and has been right for two."""
    world = undrawn(lived_in(1100))
    seconds = epochs * SLOTS * HALF_HOUR
    world.utc += seconds
    world.run(4 * HALF_HOUR)
    assert world.of("time")[-1]["utc"] > UTC + seconds
    world.utc -= seconds
    world.run(5 * HALF_HOUR)
    return world


def test_a_clock_that_was_years_ahead_for_two_hours_costs_the_sector_whose_place_it_took_at_most():
    now = END // SLOTS
    for epochs, lost in ((3 * 20, (now,)), (2 * 20 - 1, (now - 1,)), (2 * 20 + 5, ())):
        world = jump(epochs)
        for series in (0, 1):
            assert list(world.app.history.read(series, END - 1100, END)) == kept(series, END - 1100, END, lost)
            assert list(world.app.history.read(series, END + 6, END + 8)) == [0, 0]
        assert set(world.counts()) <= {"value"}
        assert not flash_errors(world)


def test_a_clock_that_was_years_behind_for_two_hours_costs_nothing():
    for epochs, counted in ((-20, True), (-3 * 20 - 1, True), (-2 * 20 + 5, False)):
        world = jump(epochs)
        for series in (0, 1):
            assert list(world.app.history.read(series, END - 1100, END)) == kept(series, END - 1100, END)
            assert list(world.app.history.read(series, END + 6, END + 8)) == [0, 0]
        assert ("clock" in world.counts()) is counted
        assert not flash_errors(world)


def test_a_new_display_gets_over_a_clock_that_was_ahead_by_as_much_as_the_ring_is_long():
    world = undrawn(lived_in(96))
    seconds = 20 * SLOTS * HALF_HOUR
    world.utc += seconds
    world.run(4 * HALF_HOUR)
    world.utc -= seconds
    world.run(5 * HALF_HOUR)
    assert list(world.app.history.read(0, END + 6, END + 8)) == [0, 0]
