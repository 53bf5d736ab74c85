"""A director at work: its panel, the home that it shows, and what it told."""

from fake_home import NOON, Home
from fake_panel import Panel

from ihd.clock import ticks_add, ticks_diff
from ihd.display.canvas import Canvas
from ihd.display.director import Director
from ihd.display.screens import factory_reset, moved_in, sheet

BOTH = 3

# The titles of the screens that a fuel has to itself, and what the place is called here.
TITLES = {
    "usage": (("ELECTRICITY, kWh", "electricity"), ("GAS, m³", "gas"), ("GAS, kWh", "gas in kWh")),
    "past": (
        ("ELEC DAYS, kWh", "electricity days"),
        ("ELEC WEEKS, kWh", "electricity weeks"),
        ("ELEC MONTHS, kWh", "electricity months"),
        ("GAS DAYS, m³", "gas days"),
        ("GAS WEEKS, m³", "gas weeks"),
        ("GAS MONTHS, m³", "gas months"),
        ("GAS DAYS, kWh", "gas days in kWh"),
        ("GAS WEEKS, kWh", "gas weeks in kWh"),
        ("GAS MONTHS, kWh", "gas months in kWh"),
    ),
    "tariff": (("ELECTRICITY TARIFF", "electricity tariff"), ("GAS TARIFF", "gas tariff")),
    "account": (("ELECTRICITY ACCOUNT", "electricity account"), ("GAS ACCOUNT", "gas account")),
}


class Desk:
    """A director, its home and its panel, a second before the ticks wrap."""

    def __init__(self, panel=None, home=None):
        self.panel = panel or Panel()
        self.home = home or Home()
        self.events = []
        self.now = (1 << 30) - 1000
        self.director = Director(self.panel, lambda event, **fields: self.events.append((event, fields)))

    def draw(self, ms=0):
        """Draw after `ms` milliseconds, and before whenever the director wants it; returns its wish."""
        end = ticks_add(self.now, ms)
        while True:
            wait = self.director.draw(self.now, self.home)
            assert wait >= 0
            left = ticks_diff(end, self.now)
            if left == 0 and wait:
                return wait
            self.now = ticks_add(self.now, min(wait, left))

    def change(self, **what):
        """Something in the home became so."""
        for name, value in what.items():
            setattr(self.home, name, value)
        self.director.changed = True
        return self.draw()

    def close(self, *meters):
        """The gates of these meters close."""
        for each in meters:
            each.gate = "ASKING THE METER"
        self.director.overwrite(self.now)

    def press(self, *keys):
        """Press them, a second each; returns the screen that stands then."""
        for key in keys:
            self.director.key(key, self.now)
            self.draw(1000)
        return self.screen

    @property
    def screen(self):
        """The name of the screen that stands, with its fuel and what it lists, or the page of the question."""
        name = [fields["name"] for event, fields in self.events if event == "screen"][-1]
        for page in (1, 2):
            if name == "moved_in" and self.panel.ram == alone(moved_in, page):
                return "page %d" % page
            if name == "factory_reset" and self.panel.ram == alone(factory_reset, page):
                return "reset %d" % page
        for title, place in TITLES.get(name, ()):
            if self.panel.ram[:128] == alone(sheet, self.home, title, ())[:128]:
                return place
        return name

    @property
    def held(self):
        """What the director holds of electricity and gas."""
        return [self.director.holds(number, NOON, BOTH) for number in (0, 1)]

    @property
    def errors(self):
        return [fields for event, fields in self.events if event == "error"]


def alone(screen, *state):
    """The panel's memory when nothing but this was ever drawn."""
    panel = Panel()
    canvas = Canvas(panel)
    canvas.clear()
    screen.draw(canvas, *state)
    return panel.ram
