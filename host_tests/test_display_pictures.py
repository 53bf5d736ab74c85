"""The screens as pictures: what each state shows is committed in pictures/ and compared pixel by pixel.

UPDATE_PICTURES=1 draws them anew; look at them before committing.
"""

import os
import sys
from pathlib import Path

import pytest
from fake_home import History, Home, Watch
from fake_panel import Meter, Panel, Receipt
from PIL import Image, ImageChops

from ihd.display.canvas import Canvas
from ihd.display.screens import (
    account,
    checking,
    device,
    factory_reset,
    fresh_start,
    links,
    messages,
    moved_in,
    now,
    past,
    searching,
    status,
    tariff,
    usage,
)
from ihd.local_clock import LocalClock

sys.path.append(str(Path(__file__).parent / "portable"))

import told

PICTURES = Path(__file__).parent / "pictures"

UTC = 9571 * 86400 + 14 * 3600 + 37 * 60  # 2026-03-16 14:37
FIRST = UTC // 1800 - 48

# Wh a half-hour from 14:30 yesterday: an evening, a night, a morning
DAY = [(FIRST + i, wh) for i, wh in enumerate(
    [190, 180, 210, 260, 420, 700, 980, 1310, 1260, 900, 760, 640, 610, 590, 480, 390, 300, 210, 140, 110, 90, 85, 80]
    + [80, 85, 80, 80, 85, 90, 95, 180, 520, 860, 740, 430, 290, 240, 200, 190, 180, 175, 210, 330, 410, 280, 200, 190]
    + [172]
)]  # fmt: skip
SUNNY = [(n, 0 if 34 <= n - FIRST < 46 else wh) for n, wh in DAY]
NEW = [(n, wh) for n, wh in DAY if n - FIRST > 40 or 20 < n - FIRST < 30]

GAS = Meter(today=1249, read_at=UTC - 37 * 60)
LOST_GAS = Meter(lost=True, heard=UTC - 7000, today=1249)
LOCAL = LocalClock()
HUGE = 999_999_999_999

ASKING = "ASKING THE METER"
ASKED = Meter(today=1249, gate=ASKING)
NO_PARTITION = "NO HISTORY PARTITION"
WIDEST = "W" * 18


def home(**what):
    """What the screens of the walk are given."""
    given = Home()
    given.utc = UTC
    given.history = History({0: 172, 1: 46})
    given.electricity = Meter(345, heard=UTC - 8)
    given.gas = Meter(heard=UTC - 37 * 60)
    for name, value in what.items():
        setattr(given, name, value)
    return given


def refusing():
    """A home with trouble: no partition, a keeper that fails, and refusals."""
    given = home(history=History(), note=NO_PARTITION, watches={1: Watch(failing="household")})
    for why, count in (("unsecured", 1), ("default_response", 1_203_400)):
        given.refused.counts[why] = count
    return given


SINCE = History({0: 172, 1: 46}, {0: UTC // 1800 - 20, 1: UTC // 1800 - 300}, range(UTC // 1800 - 9, UTC // 1800 - 6))

SPENT = {0: 172, 1: 46, 2: 4214, 3: 5400}
NOTICE = (
    b"Your supply will be off on 12 May between 8 am and 12 noon, while the cable in your street is renewed. 0800 1."
)


def estimated():
    """A home whose cost is estimated, and of which half-hours are missing."""
    given = told.home(history=History(SPENT, gaps=range(told.NOW // 1800 - 1500, told.NOW // 1800 - 60)))
    given.history.marks = {2: 1, 3: 1}
    return given


def shut(given):
    """The home with both gates closed."""
    given.electricity.gate = given.gas.gate = ASKING
    return given


def compared(cost, **what):
    """A home whose electricity meter says what today cost, and of whose gas meter nobody knows."""
    given = told.home(**what)
    given.electricity.cost = 241_000
    told.put(given.electricity, {told.SCALING: 1, told.COST_TODAY: cost})
    return given


def extreme():
    """A home in which all is as much as can be."""
    given = told.prepaid(0xFF)
    huge = {told.STANDING: HUGE, told.SITE: b"W" * 24, told.EXPORTED: HUGE, told.BALANCE: -99_999_999}
    for each in (given.electricity, given.gas):
        each.supplier.name, each.supplier.phone = b"W" * 30, b"W" * 30
        told.put(each, huge | {told.EMERGENCY: -HUGE, told.DEBT: HUGE, told.RECOVERY: HUGE, told.LOW_CREDIT: HUGE})
        told.put(each, {told.FACTOR: 10_226_412, told.FACTOR_DIGITS: 0x70, told.CALORIFIC: 394_999})
        told.put(each, {told.CALORIFIC_DIGITS: 0x40, told.CALORIFIC_UNIT: 1})
        each.account.prices = [(told.NOW - 60, told.NOW + 60, HUGE, b"W" * 12, 1, told.NOW)]
        each.account.prices.append((told.NOW + 60, None, 999_999_999, b"", 2, told.NOW))
        each.read_at = told.NOW - 9_000_000
        told.put(each, {told.SCALING: 12, told.COST_TODAY: HUGE})
        each.cost = 0
    return given


STATES = {
    "now-level-and-cost": (
        now.draw,
        Meter(2987, today=8349, half_hours=DAY, level=2, spending=73_181, cost=241_000),
        GAS,
        UTC,
        "",
        LOCAL,
    ),
    "now-credit-is-low": (now.draw, Meter(345, half_hours=DAY, low_credit=True), GAS, UTC, "", LOCAL),
    "now-extreme-cost": (
        now.draw,
        Meter(123_456, today=9_999_999, half_hours=DAY, level=1, spending=HUGE, cost=-HUGE),
        GAS,
        UTC,
        "",
        LOCAL,
    ),
    "usage-cost": (usage.draw, told.home(history=History(SPENT)), 0),
    "usage-cost-estimated-and-missing": (usage.draw, estimated(), 0),
    "usage-gas-kwh": (usage.draw, told.priced(), 2),
    "usage-gas-kwh-not-known": (usage.draw, told.home(), 2),
    "past-days": (past.draw, told.home(history=History(SPENT)), 0, 0),
    "past-more-days": (past.draw, told.home(history=History(SPENT)), 0, 1),
    "past-weeks-estimated-and-missing": (past.draw, estimated(), 0, 2),
    "past-gas-months": (past.draw, told.home(history=History(SPENT)), 1, 3),
    "past-gas-months-in-kwh": (past.draw, told.priced(), 1, 8),
    "past-extreme": (past.draw, told.home(history=History(dict.fromkeys(range(4), HUGE), gaps=(1,))), 1, 4),
    "past-missing": (past.draw, told.home(history=History({}, dict.fromkeys(range(4), told.NOW // 1800))), 0, 0),
    "past-asked": (past.draw, shut(told.home()), 0, 0),
    "tariff-ordinary": (tariff.draw, told.priced(), 0),
    "tariff-gas": (tariff.draw, told.priced(), 1),
    "tariff-extreme": (tariff.draw, extreme(), 0),
    "tariff-gas-extreme": (tariff.draw, extreme(), 1),
    "tariff-missing": (tariff.draw, told.home(), 0),
    "tariff-asked": (tariff.draw, shut(told.priced()), 1),
    "account-ordinary": (account.draw, told.prepaid(0x2A), 0),
    "account-debts": (account.draw, told.prepaid(0x2A), 0, 1),
    "account-debt-and-reading": (account.draw, told.prepaid(0x2A), 0, 2),
    "account-extreme": (account.draw, extreme(), 0),
    "account-second-page": (account.draw, told.prepaid(), 0, 1),
    "account-third-page": (account.draw, extreme(), 0, 2),
    "account-missing": (account.draw, told.home(), 1),
    "account-asked": (account.draw, shut(told.prepaid()), 0),
    "messages-ordinary": (messages.draw, told.messaged(NOTICE, 0x88)),
    "messages-gas": (messages.draw, told.messaged(b"Thank you for topping up.", 0, "gas")),
    "messages-extreme": (messages.draw, told.messaged(b"W" * 200, 0x8C)),
    "messages-none": (messages.draw, told.home()),
    "messages-asked": (messages.draw, shut(told.messaged(NOTICE, 0x80))),
    "links-ordinary": (links.draw, compared(240_000)),
    "links-extreme": (links.draw, extreme()),
    "links-missing": (links.draw, told.home(signal=0, gas=None)),
    "links-asked": (links.draw, shut(compared(240_000))),
    "now-ordinary": (now.draw, Meter(345, today=8349, half_hours=DAY), GAS, UTC, "", LOCAL),
    "now-kettle-and-note": (now.draw, Meter(2987, today=8349, half_hours=DAY), GAS, UTC, "NO HISTORY PARTITION", LOCAL),
    "now-export": (now.draw, Meter(-1860, today=3120, half_hours=SUNNY), GAS, UTC, "", LOCAL),
    "now-missing-data": (now.draw, Meter(half_hours=NEW), Meter(), UTC, "", LOCAL),
    "now-no-gas-meter": (now.draw, Meter(72, today=940, half_hours=DAY), None, UTC, "", LOCAL),
    "now-lost": (
        now.draw,
        Meter(lost=True, heard=UTC - 92 * 60, today=7904, read_at=UTC - 92 * 60, half_hours=DAY[:-3]),
        GAS,
        UTC,
        "",
        LOCAL,
    ),
    "now-both-lost": (now.draw, Meter(lost=True, heard=UTC - 200_000), LOST_GAS, UTC, "NO HISTORY PARTITION", LOCAL),
    "now-extreme": (
        now.draw,
        Meter(-123_456, today=9_999_999, half_hours=DAY),
        Meter(today=HUGE, read_at=UTC - 90_000),
        UTC,
        "",
        LOCAL,
    ),
    "now-gas-asked": (now.draw, Meter(345, today=8349, half_hours=DAY), ASKED, UTC, "", LOCAL),
    "now-cannot-tell": (now.draw, Meter(345, today=8349, half_hours=DAY, cannot_tell=True), GAS, UTC, "", LOCAL),
    "checking-ordinary": (checking.draw, Meter(345, today=8349, half_hours=DAY, gate=ASKING), ASKED, UTC, "", LOCAL),
    "checking-forgetting": (checking.draw, Meter(2987, gate="FORGETTING"), Meter(gate="FORGETTING"), UTC, "", LOCAL),
    "checking-gas-open": (checking.draw, Meter(345, gate=ASKING), GAS, UTC, NO_PARTITION, LOCAL),
    "checking-lost": (
        checking.draw,
        Meter(lost=True, heard=UTC - 90_000, gate="NO ANSWER"),
        None,
        UTC,
        "NO NETWORK",
        LOCAL,
    ),
    "checking-no-electricity": (checking.draw, None, ASKED, UTC, "", LOCAL),
    "checking-extreme": (checking.draw, Meter(-123_456, gate=WIDEST), Meter(gate=WIDEST), UTC, "W" * 25, LOCAL),
    "fresh-start-ordinary": (fresh_start.draw, Receipt(17, 533_098_016), LOCAL),
    "fresh-start-gas-supplier": (fresh_start.draw, Receipt(18, UTC - 60, 1, 0, "gas", 1), LOCAL),
    "fresh-start-supplier-data": (fresh_start.draw, Receipt(19, UTC - 60, 0, 0, "electricity", 1, 2), LOCAL),
    "fresh-start-extreme": (fresh_start.draw, Receipt(0xFFFFFFFF, 0xFFFFFFFE, 65_535, 80), LOCAL),
    "moved-in-first": (moved_in.draw, 1),
    "moved-in-second": (moved_in.draw, 2),
    "factory-reset-first": (factory_reset.draw, 1),
    "factory-reset-second": (factory_reset.draw, 2),
    "usage-ordinary": (usage.draw, home(), 0),
    "usage-gas": (usage.draw, home(), 1),
    "usage-since-and-missing": (usage.draw, home(history=SINCE), 0),
    "usage-gas-since-and-missing": (usage.draw, home(history=SINCE), 1),
    "usage-asked": (usage.draw, home(electricity=Meter(345, gate=ASKING)), 0),
    "status-ordinary": (status.draw, home()),
    "status-trouble": (
        status.draw,
        home(
            electricity=Meter(lost=True, heard=UTC - 90_000),
            gas=Meter(gate="FAILS: household"),
            watches={0: Watch("CANNOT_TELL", "UNREACHABLE"), 1: Watch("REWINDING", "PENDING")},
        ),
    ),
    "status-no-meter": (status.draw, home(utc=None, electricity=None, gas=None, watches={})),
    "device-ordinary": (device.draw, home(history=History(durable=True))),
    "device-trouble": (device.draw, refusing()),
    "searching-no-radio": (searching.draw, "missing", False, None, None, "NO RADIO"),
    "searching-joining": (searching.draw, "joining", False, None, None, ""),
    "searching-gas": (searching.draw, "joined", True, Meter(), None, ""),
    "searching-lost": (searching.draw, "joined", True, Meter(lost=True), Meter(), "NO HISTORY PARTITION"),
}


def picture(draw, *state):
    """The panel's RAM as a 1-bit image."""
    panel = Panel()
    canvas = Canvas(panel)
    canvas.clear()
    draw(canvas, *state)
    image = Image.new("1", (panel.width, panel.height))
    image.putdata([255 * panel.lit(x, y) for y in range(panel.height) for x in range(panel.width)])
    return image


@pytest.mark.parametrize("name", STATES)
def test_screen_looks_like_its_picture(name, tmp_path):
    drawn = picture(*STATES[name])
    file = PICTURES / f"{name}.png"
    if os.environ.get("UPDATE_PICTURES") == "1":
        drawn.save(file, optimize=True)
    with Image.open(file) as committed:
        same = ImageChops.difference(drawn, committed.convert("1")).getbbox() is None
    if not same:
        drawn.save(tmp_path / file.name)
    assert same, f"{tmp_path / file.name} is what was drawn"


def test_the_readme_shows_the_now_screen_four_times_as_large():
    with Image.open(PICTURES / "now-ordinary.png") as small, Image.open(PICTURES / "readme.png") as large:
        drawn = small.convert("1").resize((512, 256), Image.Resampling.NEAREST)
        assert ImageChops.difference(drawn, large.convert("1")).getbbox() is None


def test_every_picture_belongs_to_a_state():
    assert {file.stem for file in PICTURES.glob("*.png")} - {"readme"} == set(STATES)
