"""A small set of the power cuts that `make test-cuts` tries, and what its driver says of broken stores."""

import struct

import cut_life
import cut_states
import cuts
import pytest
from cut_checks import RAISED
from cut_model import Broken
from cut_script import BEGIN, FIRST
from portable.flash import AFTER, BEFORE, READS_DONE, READS_UNDONE, prefix

from ihd import on_demand
from ihd.history import journal, partition, ring, sector

BLANK = b"\xff" * 4


@pytest.fixture(autouse=True)
def modules_stay_in_memory(monkeypatch):
    """To compile them anew for each state takes longer than all the rest."""
    monkeypatch.setattr(on_demand, "drop", lambda *names: None)


@pytest.fixture(scope="module")
def lives():
    """All states, ready to be tried."""
    return cuts.Lives()


def test_the_script_has_a_sector_give_way_and_the_journal_full_amid_a_rewind(lives):
    erased = [point for point in lives.one.points if point.operation == "erase"]
    assert any(point.flash.octets(point.offset, 16) != BLANK * 4 for point in erased if not any(point.model.floors))
    journals = [point for point in erased if point.offset // 4096 >= partition.JOURNAL and point.model.step > BEGIN]
    assert journals and all((journal.INTENT, 0, 0) in point.model.records for point in journals)
    assert 150 <= len(lives.one.points) <= 300


@pytest.mark.parametrize("how", [BEFORE, AFTER, READS_DONE, READS_UNDONE], ids=cuts.name)
def test_what_must_hold_holds_after_a_cut_at_every_operation(how, lives):
    for number, point in enumerate(lives.one.points):
        try:
            lives.one.recover(*lives.one.cut(point, how), number % 2)
        except RAISED as error:
            pytest.fail(f"{number}:{cuts.name(how)}: {error}")


def test_all_that_may_follow_some_of_them(lives):
    for number in range(0, len(lives.one.points), 13):
        every = cuts.hows(lives.one.points[number])
        for how in (every[number % len(every)], every[-1 - number % 3]):
            lives.single(number, how)


def test_and_after_a_second_cut_within_some_of_the_recoveries(lives):
    tried = 0
    for number in range(3, len(lives.one.points), 17):
        how = cuts.first_hows(number)[number % 4]
        points = lives.recovery(number, how)
        for second in range(number % 7, len(points), 7):
            lives.double(second, points[second], cuts.second_hows(second, points[second])[-1])
            tried += 1
    assert tried > 40


def test_an_operation_that_is_refused_or_skipped_loses_nothing(lives):
    for number in range(0, len(lives.one.points), 7):
        lives.one.refuse(number, ("fail", "skip")[number % 2])


def found(lives, *hows, size=None):
    """What the driver says of the first state in which something does not hold; "" when all is well.

    size: only operations on so many octets are cut.
    """
    for point in lives.one.points:
        for how in hows if size in (None, len(point.data)) else ():
            try:
                lives.one.rewind(*lives.one.cut(point, how))
                lives.one.recover(*lives.one.cut(point, how))
            except RAISED as error:
                return f"{type(error).__name__}: {error}"
    return ""


def breaks(monkeypatch, module, name, instead):
    """Plant `instead` in a module of the firmware that is loaded when it is needed; what stood there."""
    module = on_demand.load("ihd.history." + module)
    stood = getattr(module, name)
    monkeypatch.setattr(module, name, instead)
    return stood


def test_the_driver_finds_that_the_zeros_of_a_word_are_not_counted(lives, monkeypatch):
    def trusting(words, at):
        word = words[at : at + 4]
        return int.from_bytes(word[:3], "little") if word[3] >> 7 and word != BLANK else None

    monkeypatch.setattr(ring, "value_of", trusting)
    assert found(lives, prefix(2), 3).startswith("Broken: wrong: ")


def test_the_driver_finds_that_something_is_destroyed_before_the_intent(monkeypatch):
    def hasty(life, intent):
        for _ in life.ring.destroy_before(0, cut_life.floor_of(intent)):
            pass
        rewind(life, intent)

    rewind = cut_life.Life.rewind
    monkeypatch.setattr(cut_life.Life, "rewind", hasty)
    assert found(cuts.Lives(), BEFORE, size=240).startswith("Broken: lost: ")


def test_the_driver_finds_that_a_rewind_is_not_finished_after_a_cut(lives, monkeypatch):
    monkeypatch.setattr(cut_life, "_KINDS", 0)  # that a start asks the journal for
    monkeypatch.setattr(cuts.Cuts, "rewind", lambda *state: None)
    assert found(lives, AFTER).startswith("Broken: remnant: ")


def test_the_driver_finds_that_a_header_is_not_made_firm(lives, monkeypatch):
    def careless(ring, place):
        ring.firm[place] = 1

    breaks(monkeypatch, "allocating", "_make_firm", careless)
    assert found(lives, READS_UNDONE, READS_DONE, size=16).startswith("Broken: lost: ")


def test_the_driver_finds_that_the_journal_is_not_mended(lives, monkeypatch):
    monkeypatch.setattr(partition, "_mend", lambda journal: None)
    assert found(lives, READS_DONE).startswith("Broken: record: ")


def test_the_driver_finds_that_the_crc_of_a_header_is_not_compared(lives, monkeypatch):
    def trusting(flash, sector, owner):
        head = bytearray(16)
        flash.read_into(sector * flash.sector_size, head)
        return struct.unpack("<4xII4x", head) if head[:2] == b"\x49\x48" else None

    breaks(monkeypatch, "allocating", "read_header", trusting)
    assert found(lives, prefix(6), prefix(10), size=16)


def test_the_driver_finds_that_a_sector_which_looks_blank_is_left(lives, monkeypatch):
    def trusting(store, series, half_hour):
        for place, epoch in enumerate(store.epochs):
            if epoch == ring.NONE and sector.filled(store.flash, place * 4096, (place + 1) * 4096, 0xFF):
                store.epochs[place] = ring.READY  # to be begun, not to be destroyed
        return destroy(store, series, half_hour)

    destroy = breaks(monkeypatch, "destroying", "destroy_before", trusting)
    assert found(lives, READS_DONE).startswith("Broken: remnant: ")


def test_the_driver_finds_that_what_was_forgotten_is_told_in_what_stands(monkeypatch):
    def telling(life, record):
        if record.type == journal.RECEIPT and record.meter == 0:
            value = life.model.script.value(0, FIRST)
            record = record._replace(payload=record.payload[:16] + value.to_bytes(4, "little"))
        return put(life, record)

    put = cut_life.Life.put
    monkeypatch.setattr(cut_life.Life, "put", telling)
    with pytest.raises(Broken, match="interference: "):
        cuts.Lives()


def test_the_driver_finds_that_more_is_erased_than_need_be(lives, monkeypatch):
    def thorough(ring, place):
        for _ in range(99):
            ring.flash.erase(70)
        firm(ring, place)

    firm = breaks(monkeypatch, "allocating", "_make_firm", thorough)
    assert found(lives, BEFORE).startswith("Broken: erases: ")


def test_the_command_says_how_a_failing_state_is_tried_again_and_tells_it(lives, monkeypatch, capsys):
    monkeypatch.setattr(partition, "_mend", lambda journal: None)
    monkeypatch.setattr(cut_states, "lives", lives)
    monkeypatch.setattr(cut_states, "prepare", lambda: None)
    monkeypatch.setattr(cuts, "hows", lambda point: [READS_DONE])
    monkeypatch.setattr(cuts, "first_hows", lambda number: [BEFORE])
    monkeypatch.setattr(cuts, "second_hows", lambda number, point: [READS_DONE])
    later = [number for number, point in enumerate(lives.one.points) if point.model.step > BEGIN]
    number = next(number for number in later if lives.one.points[number].data[:1] == bytes((journal.PENDING,)))
    count = cut_states.attempt(number)
    assert count.singles == 1 and count.doubles > 5 and count.metastable == count.doubles + 1
    failures = [failure.partition(": ")[0] for failure in count.failures]
    assert f"FAILED cut {number} READS_DONE" in failures
    assert any(failure.startswith(f"FAILED cut {number} BEFORE, then ") for failure in failures)
    assert cut_states.tell([count] * 30) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == cut_states.MOST + 1 and lines[-1].endswith(f"; {30 * len(failures)} fail")
    words = count.failures[-1].rpartition("cut_states.py ")[2].split()
    assert len(words) == 2
    assert cut_states.replay(words) == 1
    told = capsys.readouterr().out
    assert told.startswith("BEFORE: program 32 octets of sector 80: place ") and "\nFAILED: Broken: record: " in told
    assert cut_states.replay(["0:BEFORE"]) == 0
    for words in ("--help", "137", "137:NOPE", "999999:AFTER", "-5:AFTER", "1:AFTER 99999:AFTER", "1:FAIL 1:AFTER"):
        with pytest.raises(cut_states.NoSuchState):
            cut_states.replay(words.split())
    assert cut_states.tell([cut_states.Count()]) == 0
    assert cut_states.tell([cut_states.Count()], *cut_states.ENOUGH) == 1
