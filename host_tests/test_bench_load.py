"""The household's load: whole numbers, the same every time, and a register that is the integral of the power."""

from tools.bench import load
from tools.bench.load import DAY, Load
from tools.bench.meters import local_time

# 2026-01-14, a Wednesday, and 2026-07-01.
WINTER, SUMMER = 821_664_000, 836_179_200


def home(solar_watts=0, origin=WINTER, seed=14, register=0):
    return Load(lambda dice, date: load.electricity(dice, date, solar_watts), seed, origin, register)


def test_the_register_moves_by_the_integral_of_the_power():
    for house in (home(register=1000), home(4000, SUMMER), Load(load.gas, 14, WINTER)):
        origin = SUMMER if house.received(SUMMER + DAY) else WINTER
        imported = exported = 0
        start = house.delivered(origin)
        for second in range(DAY + 7200):
            utc = origin + second
            if second % 997 == 0:
                assert house.delivered(utc) - start == imported // 3600
                assert house.received(utc) == exported // 3600
            rate = house.rate(utc)
            imported += max(rate, 0)
            exported += max(-rate, 0)


def test_it_is_the_same_in_whatever_order_it_is_asked():
    forward, backward = home(), home()
    moments = range(WINTER, WINTER + 9 * DAY, 40_009)
    ahead = [(forward.rate(utc), forward.delivered(utc)) for utc in moments]
    behind = [(backward.rate(utc), backward.delivered(utc)) for utc in reversed(moments)]
    assert ahead == behind[::-1]
    assert [home(seed=15).rate(utc) for utc in moments] != [rate for rate, _ in ahead]


def test_a_day_has_a_quiet_night_a_morning_and_an_evening_and_a_kettle():
    house = home()

    def used(first, last):
        return house.delivered(WINTER + last * 3600) - house.delivered(WINTER + first * 3600)

    assert used(1, 5) < used(6, 10) < used(17, 21)
    assert 5_000 < used(0, 24) < 20_000
    assert max(house.rate(WINTER + minute * 60) for minute in range(1440)) > 2850
    assert min(house.rate(WINTER + minute * 60) for minute in range(1440)) > 50


def test_gas_heats_in_winter_morning_and_evening_and_hardly_in_summer():
    winter, summer = Load(load.gas, 14, WINTER), Load(load.gas, 14, SUMMER)
    assert winter.rate(WINTER + 3 * 3600) == 0
    assert winter.delivered(WINTER + 9 * 3600) > 1000
    assert winter.delivered(WINTER + DAY) > 3 * summer.delivered(SUMMER + DAY)


def test_a_sunny_noon_is_exported_as_negative_power():
    house = home(4000, SUMMER)
    assert house.rate(SUMMER + 12 * 3600) < 0 < house.rate(SUMMER + 22 * 3600)
    assert house.received(SUMMER + DAY) > 1000
    assert home().received(WINTER + DAY) == 0


def test_the_hub_s_local_time_knows_british_summer():
    changes = ((828_061_200, 3600), (846_205_200, 0))  # 2026-03-29 and 2026-10-25, 01:00 UTC
    for change, ahead in changes:
        assert local_time(change) == change + ahead
        assert local_time(change - 1) == change - 1 + (3600 - ahead)
