"""Prices and what they make of energy: which holds, from when, how surely, and what becomes of fractions."""

from fakes import Home, counts, raises

from ihd.history.ring import ESTIMATED
from ihd.home import publications
from ihd.home.account import Account, money
from ihd.home.cost import Cost
from ihd.home.meter import Meter

T = 832_000_000 // 1800 * 1800
HOUR = 3600
FOR_EVER = 0xFFFF
PENCE = 1_000_000  # 1e-8 GBP
STANDING, CURRENCY, PLACES = 0x07000301, 0x07000616, 0x07000617


def priced(*prices):
    """An Account that was told (start, minutes, pence, event id) in this order."""
    account = Account()
    for start, minutes, pence, event in prices:
        account.tell_price(T + start, minutes, pence * PENCE, b"", event, T)
    return account


def at(account, seconds):
    """(pence, whether that is sure) at this moment."""
    price, sure = account.price(T + seconds)
    return price[2] // PENCE, sure


def charged(account, readings, standing=False, cost=None):
    """What a half-hour costs in which the register read (second, Wh) each."""
    cost = cost or Cost(False)
    for seconds, register in readings:
        cost.reading(account, T + seconds, register)
    return cost.close(account, standing)


def published(fuel="electricity", utc=T, **other):
    """(status, Meter, Home) after a PublishPrice with these fields."""
    given = {"unit": 0, "currency": 826, "places": 5, "tier": 1, "start": 0, "minutes": FOR_EVER, "price": 24_500}
    given.update(other)
    home = Home(fuel, utc)
    meter = Meter(home.device, home)
    payload = bytes(4) + bytes((len(given.get("label", b"")),)) + given.get("label", b"")
    for value, size in (
        (7, 4),
        (T, 4),
        (given["unit"], 1),
        (given["currency"], 2),
        (given["places"] << 4 | given["tier"], 1),
        (0x20, 1),
        (given["start"], 4),
        (given["minutes"], 2),
        (given["price"], 4),
    ):
        payload += value.to_bytes(size, "little")
    return publications._price(meter, home, 0, payload, utc), meter, home


def test_a_price_holds_from_its_start_until_its_end():
    account = priced((0, 60, 10, 1), (HOUR, 60, 20, 1))
    assert [at(account, moment) for moment in (0, HOUR - 1, HOUR, 2 * HOUR - 1)] == [
        (10, True),
        (10, True),
        (20, True),
        (20, True),
    ]


def test_before_the_first_price_and_after_the_last_the_nearest_counts_but_not_for_sure():
    account = priced((0, 60, 10, 1), (HOUR, 60, 20, 1))
    assert at(account, -1) == (10, False)
    assert at(account, 2 * HOUR) == (20, False)
    assert Account().price(T) is None


def test_a_price_within_another_holds_while_it_lasts_and_what_follows_is_for_the_meter_to_say():
    account = priced((0, FOR_EVER, 10, 1), (HOUR, 60, 20, 1))
    assert [at(account, moment) for moment in (HOUR - 1, HOUR, 2 * HOUR)] == [(10, True), (20, True), (20, False)]


def test_a_newer_event_overtakes_the_prices_that_it_covers():
    account = priced((HOUR, 60, 10, 1), (2 * HOUR, FOR_EVER, 11, 1), (HOUR, FOR_EVER, 20, 2))
    assert [each[2] // PENCE for each in account.prices] == [20]
    account = priced((HOUR, 60, 10, 1), (3 * HOUR, 60, 11, 1), (HOUR, 90, 20, 2))
    assert [each[2] // PENCE for each in account.prices] == [20, 11]


def test_an_older_event_does_not_replace_a_newer_one_s_price():
    account = priced((HOUR, FOR_EVER, 20, 2), (HOUR, FOR_EVER, 10, 1))
    assert at(account, HOUR) == (20, True)


def test_a_meter_that_says_since_when_by_the_time_at_which_it_is_asked_says_nothing_new():
    account = priced((0, FOR_EVER, 10, 1), (HOUR, FOR_EVER, 10, 1))
    assert len(account.prices) == 1
    account.tell_price(T + HOUR, FOR_EVER, 10 * PENCE, b"NIGHT", 1, T)
    assert len(account.prices) == 2


def test_the_next_price_is_the_first_that_begins_later():
    account = priced((2 * HOUR, 60, 30, 1), (0, 60, 10, 1), (HOUR, 60, 20, 1))
    assert account.next_price(T)[2] == 20 * PENCE
    assert account.next_price(T + HOUR)[2] == 30 * PENCE
    assert account.next_price(T + 2 * HOUR) is None


def test_prices_change_when_one_begins_or_ends_between_two_moments_and_not_at_them():
    account = priced((0, 60, 10, 1), (HOUR + 60, FOR_EVER, 20, 1))
    assert account.changes(T, T + 2 * HOUR) == [T + HOUR, T + HOUR + 60]
    assert account.changes(T, T + HOUR) == [] and account.changes(T + HOUR, T + HOUR + 61) == [T + HOUR + 60]


def test_of_many_prices_the_past_goes_first_and_then_the_far_future():
    account = Account()
    for n in range(12):
        account.tell_price(T + n * HOUR, 60, n, b"", 1, T + n * HOUR)
    assert [each[2] for each in account.prices] == list(range(7, 12))
    account = Account()
    for n in range(12):
        account.tell_price(T + n * HOUR, 60, n, b"", 1, T)
    assert [each[2] for each in account.prices] == list(range(5))


def test_money_has_up_to_eight_digits_behind_the_point():
    assert [money(3, places << 4 | 5) for places in (0, 5, 8)] == [300_000_000, 3000, 3]
    assert money(3, 0x90) is None and money(3, 0xF0) is None


def test_a_price_in_no_money_that_is_known_is_refused():
    for other in ({"currency": 978}, {"places": 9}, {"price": 0xFFFFFFFF}, {"unit": 1}, {"unit": 0x80}):
        status, meter, home = published(**other)
        assert status == 0x87 and meter.account.prices == [] and counts(home.refused) == {"value": 1}, other
        assert home.facts == []


def test_a_price_is_of_a_kilowatt_hour_or_for_gas_of_a_cubic_metre():
    for fuel, unit, volume in (("electricity", 0, False), ("gas", 0, False), ("gas", 1, True)):
        status, meter, home = published(fuel, unit=unit)
        assert status == 0 and meter.account.volume == volume
        assert home.facts == [("price", 24_500_000, "1e-8 GBP/m3" if volume else "1e-8 GBP/kWh")]
    assert published("gas", unit=2)[0] == 0x87


def test_a_price_without_a_label_is_called_by_its_tier():
    for other, label in (({}, b"rate 1"), ({"tier": 0}, b""), ({"label": b"Cheap at night"}, b"Cheap at nig")):
        _, meter, _ = published(**other)
        assert meter.account.prices[0][3] == label


def test_a_price_from_now_on_counts_from_the_clock_s_time_and_without_one_from_the_meter_s():
    assert published(utc=T + 90)[1].account.prices[0][0] == T + 90
    assert published(utc=None)[1].account.prices[0][0] == T


def test_energy_costs_its_price_and_the_fraction_is_carried():
    account = priced((0, FOR_EVER, 1, 1))
    cost = Cost(False)
    readings = [(n * 1800, 1000 + 333 * n) for n in range(7)]
    cost.reading(account, T, 1000)
    slots = [charged(account, readings[n : n + 1], cost=cost)[0] for n in range(1, 7)]
    assert slots == [333] * 6
    account = priced()
    account.tell_price(T, FOR_EVER, 123_456, b"", 1, T)
    cost = Cost(False)
    cost.reading(account, T, 1000)
    slots = [charged(account, readings[n : n + 1], cost=cost)[0] for n in range(1, 7)]
    assert slots == [41, 41, 41, 41, 41, 41] and cost._carry == 333 * 6 * 123_456 - 246 * 1_000_000


def test_the_carried_fraction_becomes_whole_in_a_later_half_hour():
    account = Account()
    account.tell_price(T, FOR_EVER, 400_000, b"", 1, T)
    cost = Cost(False)
    cost.reading(account, T, 0)
    slots = [charged(account, [(n * 1800, n)], cost=cost)[0] for n in range(1, 11)]
    assert slots == [0, 0, 1, 0, 1, 0, 0, 1, 0, 1]


def test_what_is_used_across_a_switch_is_split_evenly_in_time():
    account = priced((0, 10, 10, 1), (600, FOR_EVER, 20, 1))
    assert charged(account, [(0, 0), (900, 91)]) == (60 * 10 + 31 * 20, 0)


def test_what_is_read_twice_in_a_second_is_charged_once_and_wholly():
    account = priced((0, FOR_EVER, 10, 1))
    assert charged(account, [(0, 100), (60, 110), (60, 111), (60, 111), (120, 120)]) == (200, 0)


def test_what_is_used_while_the_clock_is_put_back_is_charged():
    account = priced((0, FOR_EVER, 10, 1))
    assert charged(account, [(0, 100), (60, 110), (50, 111), (60, 112), (120, 120)]) == (200, 0)


def test_a_register_that_runs_backwards_costs_nothing():
    account = priced((0, FOR_EVER, 10, 1))
    assert charged(account, [(0, 100), (60, 110), (70, 90), (120, 95)]) == (150, 0)


def test_without_a_price_a_half_hour_has_no_cost():
    assert charged(Account(), [(0, 0), (1800, 100)]) is None
    assert charged(Account(), [(0, 100), (1800, 100)], standing=True) is None


def test_a_price_that_comes_late_in_the_half_hour_charges_what_was_used_since_it_began():
    account = Account()
    cost = Cost(False)
    for seconds in range(0, 1200, 300):
        cost.reading(account, T + seconds, seconds)
    account.tell_price(T + 1000, FOR_EVER, 10 * PENCE, b"", 1, T)
    assert charged(account, [(1200, 1200), (1800, 1800)], cost=cost) == (18_000, ESTIMATED)
    assert charged(account, [(3600, 3600)], cost=cost) == (18_000, 0)


def test_a_price_that_comes_after_the_half_hour_charges_nothing_of_it():
    account = Account()
    cost = Cost(False)
    assert charged(account, [(0, 0), (900, 500), (1800, 1000)], cost=cost) is None
    account.tell_price(T, FOR_EVER, 10 * PENCE, b"", 1, T)
    assert charged(account, [(2700, 1001), (3600, 1002)], cost=cost) == (20, 0)


def test_a_price_that_has_ended_holds_on_as_an_estimate():
    account = priced((0, 30, 10, 1))
    cost = Cost(False)
    assert charged(account, [(0, 0), (1800, 100)], cost=cost) == (1000, 0)
    assert charged(account, [(3600, 200)], cost=cost) == (1000, ESTIMATED)
    account.tell_price(T + 3600, FOR_EVER, 20 * PENCE, b"", 2, T)
    assert charged(account, [(5400, 300)], cost=cost) == (2000, 0)


def test_the_standing_charge_is_added_and_without_one_the_day_s_first_cost_is_an_estimate():
    account = priced((0, FOR_EVER, 10, 1))
    assert charged(account, [(0, 0), (1800, 100)], standing=True) == (1000, ESTIMATED)
    account.put(STANDING, 54_794, T)
    account.put(PLACES, 0x50, T)
    assert charged(account, [(0, 0), (1800, 100)], standing=True) == (55_794, 0)
    account.put(CURRENCY, 978, T)
    assert charged(account, [(0, 0), (1800, 100)], standing=True) == (1000, ESTIMATED)
    account.put(CURRENCY, 826, T)
    account.put(PLACES, 0x90, T)
    assert account.standing is None


def test_a_past_half_hour_is_charged_for_itself():
    account = priced((0, 10, 10, 1), (600, FOR_EVER, 20, 1))
    cost = Cost(False)
    assert cost.once(account, T // 1800, 90, False) == (30 * 10 + 60 * 20, 0)
    assert cost.once(account, T // 1800 - 1, 90, False) == (900, ESTIMATED)
    assert cost.once(Account(), T // 1800, 90, False) is None
    assert cost.once(account, T // 1800, 0, False) == (0, 0)
    assert cost.running == 0 and not cost.holds(T + HOUR)


def test_a_cost_that_no_slot_holds_is_none():
    account = priced((0, FOR_EVER, 4000, 1))
    assert raises(ValueError, charged, account, [(0, 0), (1800, 0xFFFFFE)])
    assert raises(ValueError, Cost(False).once, account, T // 1800, 0xFFFFFE, False)


def test_gas_is_priced_when_it_is_known_what_it_heats():
    account = priced((0, FOR_EVER, 6, 1))
    assert account.priced(False) and not account.priced(True)
    for key, value in ((0x07000302, 102_264), (0x07000303, 0x50), (0x07000304, 400), (0x07000305, 1)):
        account.put(key, value, T)
        assert not account.priced(True)
    account.put(0x07000306, 0x10, T)
    assert account.priced(True) and account.watt_hours() == (102_264 * 400 * 10, 36 * 10**6)
    account.put(0x07000305, 0, T)  # MJ/kg
    assert not account.priced(True)
    account.volume = True
    assert account.priced(True)


def test_a_litre_costs_what_it_heats_and_what_is_below_the_smallest_unit_is_kept():
    account = Account()
    account.tell_price(T, FOR_EVER, 6_329_000, b"", 1, T)
    for key, value in ((2, 102_264), (3, 0x50), (4, 395), (5, 1), (6, 0x10)):
        account.put(0x07000300 + key, value, T)
    cost = Cost(True)
    cost.reading(account, T, 0)
    total = 0
    for litre in range(1, 101):
        cost.reading(account, T + litre * 18, litre)
    total = cost.close(account, False)[0]
    wanted = 100 * 102_264 * 395 * 10 * 6_329_000
    scale = 36 * 10**6
    assert total == wanted // scale // 1_000_000
    assert (total * 1_000_000 + cost._carry) * scale + cost._rest == wanted


def test_after_a_rewind_within_the_half_hour_its_cost_is_forgotten_and_later_ones_begin_without_a_fraction():
    account = Account()
    account.tell_price(T, FOR_EVER, 400_000, b"", 1, T)
    cost = Cost(False)
    assert charged(account, [(0, 0), (1800, 1)], cost=cost) == (0, 0)
    assert cost._carry == 400_000 and cost.holds(T + 1) and not cost.holds(T)
    cost.reading(account, T + 2000, 2)
    cost.forget(T + 1800, T // 1800 + 1)
    assert not cost.holds(T + 1800) and cost.holds(T + 1801)
    assert charged(account, [(3600, 3)], cost=cost) == (0, 0) and cost._carry == 800_000
    cost.reading(account, T + 4000, 9)
    cost.forget(T + 3700, T // 1800 + 2)
    assert cost.running == 0 and not cost.holds(0xFFFFFFFF)
