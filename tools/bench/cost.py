"""What a meter reckons a day has cost: every second of its load at the price then, and the standing charge."""

from tools.bench.british_time import local_midnight
from tools.bench.tariff import TRAILING

JOULES_A_KWH = 3_600_000


def of_day(load, tariff, utc):
    """1e-5 pounds since the local midnight before `utc`, rounded down, or None without a price."""
    if tariff.rate(utc) is None:
        return None
    standing = (tariff.standing(utc) or 0) * 10**TRAILING // 10**tariff.trailing
    return of_energy(load, tariff, max(local_midnight(utc), load.origin), utc) + standing


def of_energy(load, tariff, start, end):
    """1e-5 pounds that start..end has cost without the standing charge, rounded down once.

    Whatever a meter counts in is exact here: watt-seconds, or litres an hour during seconds.
    """
    spans = tariff.spans(start, end)
    money = sum((load.watt_seconds(until) - load.watt_seconds(begin)) * price for begin, until, price in spans)
    scale, conversion = 10**tariff.trailing * JOULES_A_KWH, tariff.conversion
    if conversion is not None:
        # 3,600,000 litres an hour during a second are a cubic metre; 3.6 MJ are a kWh.
        money *= conversion.factor * conversion.calorific_value * 10
        scale *= 10 ** (conversion.factor_trailing + conversion.calorific_trailing) * 36
    return money * 10**TRAILING // scale
