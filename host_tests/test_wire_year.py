"""A change of tenancy after more than a year of use, over the wire: nothing of the past makes a difference after it."""

from by_hand import ESME, GPF
from full_ring import LOG, different, full_ring
from full_ring import words as slots
from outsider import Operation, Outsider, Picture

from tools import erase_proof, image
from tools.bench import load_scenario
from tools.image import HALF_HOUR, SERIES


def other(series, half_hour):
    """What another household used, half-hours of much and of little; nothing of it is what `different` gives."""
    return 63 + different(series, half_hour * 7919)


def lived(folder, value):
    """(Outsider, flash before, places in its log) of the scenario, with a past of these values."""
    folder.mkdir()
    start = load_scenario("host_tests/scenarios/T40.toml").start
    past = full_ring(start // HALF_HOUR, value)
    (folder / "flash.img").write_bytes(past)
    with Outsider("T40", folder) as seen:
        seen.run()
    return seen, past


def since_change(seen):
    """What was shown before the first gate closed for the change; what was shown, told and sent since the last one."""
    closed = [n for n, entry in enumerate(seen.log) if isinstance(entry, dict) and entry.get("why") == "forgetting"]
    before, since = seen.log[: closed[0]], seen.log[closed[-1] :]
    pictures = [[entry for entry in part if isinstance(entry, Picture)] for part in (before, since)]
    told = [entry for entry in since if isinstance(entry, dict) and entry["event"] not in ("boot", "heap")]
    wire = [[each for each in way if each.ms > seen.log[closed[-1]]["ms"]] for way in (seen.sent, seen.heard)]
    return *pictures, told, *wire


def test_T40_after_a_year_of_use_two_lives_that_differ_before_the_change_are_the_same_after_it(tmp_path):
    lives = [lived(tmp_path / name, value) for name, value in (("one", different), ("other", other))]
    for seen, past in lives:
        assert len(slots(past)) == LOG * len(SERIES)
        receipts = seen.of("receipt")
        assert [(each["meter"], each["slots"]) for each in receipts] == [(ESME, 2 * LOG), (GPF, 2 * LOG)]
        found = erase_proof.compare(past, seen.flash)
        assert found.left == 0 and found.different > 70_000
        assert list(erase_proof.findings(image.Image(seen.flash))) == []
        assert not slots(seen.flash).keys() & slots(past).keys()
        begun = seen.log.index(seen.of("rewind", phase="begin")[0])
        destroying = [entry for entry in seen.log[begun:] if isinstance(entry, Operation)]
        assert not any(destroying[0].panel)
    (one, past), (another, other_past) = lives
    assert not slots(past).items() & slots(other_past).items()
    ends = [since_change(seen) for seen in (one, another)]
    assert ends[0][0] != ends[1][0] and len(set(ends[0][1])) > 20
    assert ends[0][1:] == ends[1][1:]
    assert one.flash == another.flash and one.panel.ram == another.panel.ram
    assert one.vfs.read_bytes() == another.vfs.read_bytes()
