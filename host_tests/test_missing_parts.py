"""Whatever part is missing, the board starts, says so on the screen and in an event, and works when it appears.

The program is the board's own main.py, on CPython.
"""

import pytest
from by_hand import ESME, HOME, step
from fake_panel import Panel

from ihd.display.canvas import Canvas
from ihd.display.screens import searching
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.virtual_board.board import Board

MINUTE = 60_000
NO_PARTITION = "NO HISTORY PARTITION"
BLACK = bytes(1024)


class Loose:
    """A radio whose plug is out between the board milliseconds `out` and `back`: neither side hears the other."""

    def __init__(self, bench, out, back):
        self._bench = bench
        self._out, self._back = out, back
        self.due = bench.due

    def board_sent(self, data, ms):
        if not self._out <= ms < self._back:
            self._bench.board_sent(data, ms)

    def advance(self, ms):
        data = self._bench.advance(ms)
        return b"" if self._out <= ms < self._back else data


class Life:
    """A board on CPython in a home; its events and its picture."""

    def __init__(self, toml="", out=0, back=0, **parts):
        bench = Bench(parse(HOME.replace('"00:15"', '"02:00"') + toml))
        self.events = []
        self.board = Board(Loose(bench, out, back), interpreter="cpython", on_event=self.events.append, **parts)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.board.stop()

    def run(self, minutes):
        """Run until so many minutes after the start; returns the events that this brought."""
        known = len(self.events)
        self.board.run(int(minutes * MINUTE))
        return self.events[known:]

    def picture(self):
        return self.board.picture().tobytes()


def names(events, *but):
    return {event["event"] for event in events} - set(but)


def missing(events):
    """What the board says is missing: a list of where."""
    return [event["where"] for event in events if event["event"] == "error"]


def search(*told):
    """The picture of the Searching screen that says this."""
    panel = Panel()
    canvas = Canvas(panel)
    canvas.clear()
    searching.draw(canvas, *told)
    rows = [[panel.lit(x, y) for x in range(128)] for y in range(64)]
    return bytes(int("".join(map(str, row[at : at + 8])), 2) for row in rows for at in range(0, 128, 8))


def facts(events):
    return [(event["fuel"], event["what"]) for event in events if event["event"] == "fact"]


def test_without_a_radio_the_board_says_so_and_starts_when_it_appears():
    with Life(out=0, back=5 * MINUTE) as life:
        events = life.run(4.9)
        assert sorted(missing(events)) == ["flash", "xbee"]
        assert names(events) == {"boot", "error", "screen"}
        assert life.picture() == search("missing", False, None, None, NO_PARTITION)
        events = life.run(7)
        assert missing(events) == []
        assert {"joined", "time", "meter", "fact"} <= names(events)
        assert {("electricity", "power"), ("gas", "summation")} <= set(facts(events))


def test_a_radio_that_falls_out_is_missed_and_taken_back():
    with Life(out=5 * MINUTE, back=10 * MINUTE) as life:
        life.run(5)
        events = life.run(9.9)
        assert missing(events) == ["xbee"] and "left" in names(events)
        assert facts(events) == []
        assert {e["lost"] for e in events if e["event"] == "meter"} == {True}
        events = life.run(13)
        assert "joined" in names(events) and ("electricity", "power") in facts(events)
        assert [e["lost"] for e in events if e["event"] == "meter" and e["meter"] == ESME][-1] is False


def test_without_a_network_the_board_searches_and_joins_when_it_is_open():
    with Life(step("leave", at="00:05", away="00:05")) as life:
        life.run(5)
        events = life.run(9.9)
        assert "left" in names(events) and facts(events) == []
        events = life.run(13)
        assert "joined" in names(events) and ("electricity", "power") in facts(events)


def test_without_a_panel_the_board_works_and_shows_everything_when_it_appears():
    with Life() as life, Life() as whole:
        life.board.panel.unplug()
        events = life.run(3)
        assert sorted(missing(events)) == ["flash", "panel"]
        assert ("electricity", "power") in facts(events)
        assert life.picture() == BLACK
        life.board.panel.plug()
        events = life.run(5.5)
        assert missing(events) == [] and "screen" in names(events)
        whole.run(5.5)
        assert life.picture() == whole.picture() != BLACK
        assert life.board.panel.faults == []


def test_a_panel_that_comes_loose_is_missed_once_and_shows_everything_when_it_is_back():
    with Life() as life, Life() as whole:
        life.run(3)
        life.board.panel.unplug()
        events = life.run(6)
        assert missing(events) == ["panel"]
        life.board.panel.plug()
        assert life.picture() == BLACK
        events = life.run(8.5)
        whole.run(8.5)
        assert missing(events) == []
        assert life.picture() == whole.picture() != BLACK
        life.board.panel.unplug()
        assert missing(life.run(10)) == ["panel"]


def test_a_panel_that_lost_its_power_for_a_moment_shows_everything_again_within_a_minute():
    with Life() as life:
        life.run(5)
        life.board.panel.unplug()
        life.board.panel.plug()
        assert life.picture() == BLACK
        life.run(6.5)
        shown = life.picture()
        assert shown != BLACK and not any(event["event"] == "left" for event in life.events)
        life.board.panel.unplug()
        life.board.panel.plug()
        life.run(8)
        assert sum(a != b for a, b in zip(shown, life.picture(), strict=True)) < 200


def test_without_time_the_meters_are_read_and_the_clock_starts_when_it_is_told():
    with Life(step("clock", at="00:00", known=False) + step("clock", at="00:06", known=True)) as life:
        events = life.run(5.9)
        assert sorted(missing(events)) == ["flash", "time"]
        assert ("electricity", "power") in facts(events)
        assert {event["t"] for event in events} == {None}
        assert "half_hour" not in {what for _, what in facts(events)}
        assert {event["name"] for event in events if event["event"] == "screen"} == {"searching"}
        events = life.run(7)
        (told,) = (event for event in events if event["event"] == "time")
        assert told["ms"] - 6 * MINUTE <= 6000  # asked every 5 s while unknown
        assert [event["name"] for event in events if event["event"] == "screen"] == ["now"]


def test_time_that_the_hub_loses_again_goes_on():
    with Life(step("clock", at="00:03", known=False)) as life:
        life.run(3)
        events = life.run(20)
        assert missing(events) == [] and "left" not in names(events)
        start = life.events[-1]["t"] - life.events[-1]["ms"] // 1000
        assert all(abs(e["t"] - e["ms"] // 1000 - start) <= 1 for e in events if e["t"])


def test_without_a_history_partition_the_screen_says_so_and_with_one_it_does_not(tmp_path):
    with Life() as life, Life(flash=tmp_path / "flash") as whole:
        for each in (life, whole):
            each.run(5.5)
        assert missing(life.events) == ["flash"]
        assert missing(whole.events) == []
        assert life.picture() != whole.picture()
        assert set(facts(life.events)) == set(facts(whole.events)) != set()


@pytest.mark.parametrize("settings", [{"electricity_poll_s": 1}, {"nonsense": 5}, {"gas_poll_s": "often"}])
def test_a_bad_setting_is_refused_by_name_and_the_default_used(settings):
    with Life(settings=settings) as life, Life() as whole:
        life.run(2)
        whole.run(2)
        (told,) = (e for e in life.events if e["event"] == "error" and e["where"] == "settings.json")
        assert next(iter(settings)) in told["what"]
        assert facts(life.events) == facts(whole.events)


def test_with_nothing_at_all_the_board_waits_and_everything_may_come_later():
    with Life(out=0, back=3 * MINUTE) as life:
        life.board.panel.unplug()
        events = life.run(2.9)
        assert sorted(missing(events)) == ["flash", "panel", "xbee"]
        life.board.panel.plug()
        events = life.run(6)
        assert missing(events) == [] and {"joined", "time", "screen", "fact"} <= names(events)
        assert life.picture() != BLACK
