"""`make bench`, the history store: its flash is strict and counts, its search finds, a missed goal is told."""

import pytest

from tools import measure_store, micropython_vm
from tools.counted_flash import CountedFlash


def test_the_counted_flash_takes_no_bit_from_0_to_1_but_by_an_erase():
    flash = CountedFlash(2)
    flash.program(4096, b"\xf0\x0f")
    flash.program(4096, b"\x70\x0f")
    with pytest.raises(ValueError, match="0 to 1"):
        flash.program(4096, b"\x70\x1f")
    assert flash.octets[4096:4098] == b"\x70\x0f"
    flash.erase(1)
    flash.program(4096, b"\x70\x1f")


@pytest.mark.parametrize("offset", [-1, 2 * 4096 - 3, 2 * 4096])
def test_the_counted_flash_has_nothing_outside_it(offset):
    flash = CountedFlash(2)
    with pytest.raises(ValueError):
        flash.program(offset, bytes(4))
    with pytest.raises(ValueError):
        flash.read_into(offset, bytearray(4))
    with pytest.raises(ValueError):
        flash.erase(2)


def test_the_counted_flash_counts_what_both_its_interfaces_are_asked():
    flash = CountedFlash(2)
    flash.program(254, bytes(4))  # two pages
    flash.writeblocks(1, bytes(32), 64)
    flash.erase(0)
    assert flash.ioctl(6, 1) == 0
    flash.read_into(0, bytearray(513))
    flash.readblocks(1, bytearray(512), 8)
    assert (flash.programs, flash.octets_programmed, flash.erases, flash.operations) == (3, 36, 2, 5)
    assert (flash.reads, flash.octets_read) == (3, 1025)
    flash.count_anew()
    assert not flash.operations and not flash.octets_programmed and not flash.reads and not flash.octets_read


def test_the_counted_flash_is_one_memory_behind_both_interfaces():
    flash = CountedFlash(2)
    assert (flash.ioctl(4, 0), flash.ioctl(5, 0)) == (flash.sector_count, flash.sector_size) == (2, 4096)
    flash.writeblocks(1, b"\x12\x34", 64)
    seen = bytearray(2)
    flash.read_into(4096 + 64, seen)
    assert seen == b"\x12\x34"
    flash.ioctl(6, 1)
    flash.readblocks(1, seen, 64)
    assert seen == b"\xff\xff"


@pytest.mark.parametrize("offset", [0, 4001, 4002, 4095, 2 * 4096 - 5, 2 * 4096 - 4])
@pytest.mark.parametrize("order", ["little", "big"])
def test_the_search_for_old_words_finds_one_at_any_octet_in_either_order(offset, order):
    flash = CountedFlash(2)
    assert not measure_store.found(flash.octets, {0xF8012345, 0xF8012346})
    flash.program(offset, 0xF8012345.to_bytes(4, order))
    assert measure_store.found(flash.octets, {0xF8012345, 0xF8012346}) == {0xF8012345}


def test_a_goal_is_judged_by_our_figure_alone(capsys):
    assert measure_store.row("erases", (20, 19327), "{:,}", 20)
    assert "19,327   goal: at most 20, met" in capsys.readouterr().out
    assert not measure_store.row("words left", (1, 0), "{:,}", 0)
    assert "goal: none, NOT MET" in capsys.readouterr().out
    assert measure_store.row("only told", (20, None), "{:,}", None)
    assert "goal" not in capsys.readouterr().out


def test_without_a_vm_the_store_is_not_measured_and_only_ci_minds(capsys, monkeypatch):
    monkeypatch.setattr(micropython_vm, "find", lambda **_: None)
    monkeypatch.setenv("CI", "true")
    assert measure_store.main() == 1
    monkeypatch.delenv("CI")
    assert measure_store.main() == 0
    assert "the history store is not measured" in capsys.readouterr().out
