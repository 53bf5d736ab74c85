"""Nothing remembered is left of a picture once a gate is closed, whatever the panel does."""

from desk import BOTH, Desk, alone
from fake_home import NOON, Home, meter
from fake_panel import Panel, Receipt

from ihd.display import canvas as canvases
from ihd.display.screens import checking

DARK = bytes(1024)


class Flaky(Panel):
    """Leaves half of what the transaction numbered `at` brings, then answers nothing for `dead` transactions."""

    def __init__(self, at=None, dead=1):
        super().__init__()
        self.at = at
        self.dead = dead
        self.transactions = 0

    def show(self, x, y, w, h, buffer):
        if self.transactions + 1 == self.at:
            self.ram[y // 8 * 128 + x : y // 8 * 128 + x + w // 2] = bytes(buffer[: w // 2])
        super().show(x, y, w, h, buffer)

    def _answer(self):
        self.transactions += 1
        self.answers = self.at is None or not self.at <= self.transactions < self.at + self.dead
        super()._answer()


def memory(desk):
    """Everything in which a picture can be found."""
    scratch, glyph = bytes(canvases._SCRATCH), bytes(canvases._GLYPH)
    return bytes(desk.panel.ram), scratch, glyph, sorted(desk.director._canvas._shown.items())


def test_overwriting_leaves_nothing_of_a_private_screen():
    desk = Desk()
    desk.draw()
    assert desk.held == [True, True] and any(desk.panel.ram)
    desk.close(desk.home.electricity, desk.home.gas)
    assert memory(desk) == (DARK, bytes(384), bytes(48), [])
    assert desk.held == [False, False]
    desk.draw()
    assert desk.screen == "checking" and desk.held == [False, False]
    assert desk.panel.ram == alone(checking, desk.home.electricity, desk.home.gas, NOON, "", desk.home.local)


def test_two_homes_with_different_pasts_cannot_be_told_apart_behind_closed_gates():
    left = []
    for past in (3, 8):
        desk = Desk(home=Home(past))
        desk.draw()
        open_picture = bytes(desk.panel.ram)
        desk.close(desk.home.electricity, desk.home.gas)
        desk.draw()
        left.append((open_picture, memory(desk)))
    assert left[0][0] != left[1][0]
    assert left[0][1] == left[1][1]


def test_a_gate_that_closed_unannounced_is_noticed_when_drawing():
    desk = Desk()
    desk.draw()
    desk.home.electricity.gate = "NO ANSWER"
    desk.draw()  # though nobody said that something changed
    assert desk.screen == "checking" and desk.held == [False, False]
    desk.change(electricity=meter())
    assert desk.held == [True, True]
    desk.home.gas = None
    desk.draw()
    assert desk.screen == "now" and desk.held == [True, False]


def test_gas_is_forgotten_while_electricity_is_shown():
    desk = Desk()
    desk.draw()
    desk.close(desk.home.gas)
    desk.draw()
    assert desk.screen == "now" and desk.held == [True, False]
    assert desk.director.forget(1, NOON, BOTH) is False
    assert desk.panel.ram != DARK  # nothing of gas stood there
    assert desk.director.forget(0, NOON, BOTH) is False
    assert desk.panel.ram == DARK and desk.held == [False, False]


def test_a_panel_that_showed_nothing_remembered_owes_nothing():
    desk = Desk()
    desk.panel.answers = False
    desk.director.overwrite(desk.now)
    assert desk.held == [False, False] and desk.errors == []
    desk.draw()
    assert desk.held == [False, False] and len(desk.errors) == 1
    desk.director.overwrite(desk.now)
    assert desk.director.forget(0, NOON, BOTH) is False and desk.held == [False, False]


def test_a_panel_that_does_not_answer_still_owes_the_overwriting():
    desk = Desk()
    desk.draw()
    shown = bytes(desk.panel.ram)
    desk.panel.answers = False
    desk.close(desk.home.electricity, desk.home.gas)
    assert memory(desk) == (shown, bytes(384), bytes(48), [])
    desk.draw(30000)
    desk.director.forget(0, NOON, BOTH)
    assert desk.held == [True, True]
    assert desk.errors == [{"what": "no answer from the panel", "where": "panel"}]
    desk.panel.answers = True
    desk.draw(5000)
    assert desk.held == [False, False]
    assert desk.panel.ram == alone(checking, desk.home.electricity, desk.home.gas, NOON, "", desk.home.local)
    desk.panel.answers = False
    desk.change(note="NO HISTORY PARTITION")
    assert len(desk.errors) == 2


def test_forgetting_tries_a_panel_again_that_owes_it():
    desk = Desk()
    desk.draw()
    desk.panel.answers = False
    desk.close(desk.home.electricity)
    assert desk.director.forget(0, NOON, BOTH) is False and desk.held == [True, True]
    desk.panel.answers = True
    assert desk.director.forget(0, NOON, BOTH) is False and desk.held == [False, False]
    assert desk.panel.ram == DARK and len(desk.errors) == 1


def test_a_panel_may_fail_at_any_moment_of_a_gate_that_closes():
    whole = Flaky()
    scenario(whole, 3)
    for dead in (1, 40, 10**6):
        for at in range(1, whole.transactions + 1):
            desks = [scenario(Flaky(at, dead), past) for past in (3, 8)]
            assert desks[0].held == desks[1].held
            if not any(desks[0].held):
                assert desks[0].panel.ram == desks[1].panel.ram, (at, dead)
                assert memory(desks[0])[3] == memory(desks[1])[3]
            if dead == 1:
                assert desks[0].screen == "checking" and not any(desks[0].held), at


def scenario(panel, past):
    """Now is shown, both gates close, twenty seconds pass."""
    desk = Desk(panel, Home(past))
    desk.draw()
    desk.close(desk.home.electricity, desk.home.gas)
    desk.director.forget(0, NOON, BOTH)
    desk.draw(20000)
    return desk


def test_while_an_interrupted_rewind_is_finished_the_panel_stays_blank():
    desk = Desk()
    desk.panel.ram[:] = bytes(b"\xff" * 1024)  # what the panel showed when the power of the rest failed
    desk.home.recovering = True
    desk.home.fresh = Receipt(1, NOON)
    desk.draw()
    assert desk.panel.ram == DARK
    desk.director.key("next", desk.now)
    desk.change(note="NO HISTORY PARTITION")
    for key in ("next", "select", "next"):
        desk.draw(100000)
        desk.director.key(key, desk.now)
    assert desk.panel.ram == DARK and desk.panel.shown == [] and desk.home.moves == 0
    assert desk.events == []
    desk.home.recovering = False
    desk.draw()  # that it is over is change enough
    assert desk.screen == "fresh_start"


def test_a_rewind_taken_up_while_something_is_shown_blanks_it():
    desk = Desk()
    desk.draw()
    desk.home.recovering = True
    desk.draw()
    assert memory(desk) == (DARK, bytes(384), bytes(48), []) and desk.held == [False, False]


def test_a_rewind_taken_up_while_nothing_private_is_shown_blanks_that_too():
    desk = Desk()
    desk.home.electricity.gate = "NO ANSWER"
    desk.draw()
    desk.home.recovering = True
    desk.draw(200000)
    assert memory(desk) == (DARK, bytes(384), bytes(48), [])
