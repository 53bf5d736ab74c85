"""Reads back from a meter's own log the half-hours that the history lacks, newest first; loaded when it is asked.

Source: Smart Energy 1.4, D.3.2.3.1.9 (GetSampledData); GB: sample 0 is the half-hourly Profile Data Log of 19,056.
"""

from micropython import const

from ihd import wire
from ihd.clock import HALF_HOUR
from ihd.han import zdo
from ihd.han.exchange import OWN, Request
from ihd.tenancy.keepers import first_half_hour
from ihd.zcl import frame, schema
from ihd.zcl.clusters import metering

_CHUNK = const(24)  # half-hours asked for at a time
_PAUSE_MS = const(1000)
_NO_SAMPLE = const(0xFFFFFF)
_NOT_FOUND = const(0x8B)  # ZCL status
_HEAD = const(11)  # octets of a SampledData payload before its samples


def fill(meter, home, utc, earliest, reach):
    """Fill the gaps of the last `reach` half-hours before Zigbee UTC `utc`; whether the meter gave all that it has.

    A part of a dialogue's script, which ends when the gate closes. meter: home.meter.Meter, its scale known. earliest:
    Zigbee UTC before which nothing may be taken. home: has exchange and refused; fact(meter, "back_filled", count,
    unit) is told of what came.
    """
    beyond = 0  # answers in a row that begin after what was asked: the log does not reach so far
    end = utc // HALF_HOUR
    first = max(first_half_hour(earliest), end - reach)
    while end > first:
        start = max(first, end - _CHUNK)
        gaps = []
        for value in meter.used(start, end):
            gaps.append(value is None)
        if True in gaps:
            while home.recorder.room() < 2 * _CHUNK:
                yield _PAUSE_MS
            request = _request(meter.device, home.exchange.next_sequence(), start, end - start)
            answer = yield request
            if answer is None or not meter.scaled():
                return False
            if answer[0] != request.answer:
                return len(answer[1]) > 1 and answer[1][1] == _NOT_FOUND  # nothing so far back
            if len(answer[1]) == _HEAD or beyond > 1:
                return True
            beyond = beyond + 1 if _begin(answer[1]) >= end else 0
            taken = _take(meter, home.refused, answer[1], start, gaps)
            if taken is None:
                return False
            if taken:
                home.fact(meter, "back_filled", taken, "half_hours")
            yield _PAUSE_MS
        else:
            yield 0
        end = start
    return True


def _begin(payload):
    """The first half-hour of SampledData; 0 when it is cut short."""
    return wire.unsigned(payload, 2, 4) // HALF_HOUR if len(payload) > _HEAD else 0


def _request(device, sequence, start, count):
    fields = metering.PROFILE_DATA_LOG, start * HALF_HOUR, metering.CONSUMPTION_DELIVERED, count
    payload = schema.write(metering.GET_SAMPLED_DATA_FORM, *fields)
    payload = frame.write(frame.CLUSTER_SPECIFIC, sequence, metering.GET_SAMPLED_DATA, payload)
    answer = OWN | metering.SAMPLED_DATA
    return Request(device.address, device.short, device.metering, metering.CLUSTER, zdo.SMART_ENERGY, payload, answer)


def _take(meter, refused, payload, start, gaps):
    """Hand the samples on that `gaps`, a truth for each half-hour from `start` on, wants: how many; None: malformed."""
    try:
        sample, time, kind, interval, count = schema.read(metering.SAMPLED_DATA_FORM, payload)
        if sample != metering.PROFILE_DATA_LOG or kind != metering.CONSUMPTION_DELIVERED:
            raise wire.Malformed
        if interval != HALF_HOUR or time % HALF_HOUR or len(payload) < _HEAD + 3 * count:
            raise wire.Malformed
    except wire.Malformed:
        refused.count("malformed")
        return None
    taken = 0
    for i in range(count):
        half_hour = time // HALF_HOUR + i
        raw = wire.unsigned(payload, _HEAD + 3 * i, 3)
        if half_hour < start:
            refused.count("before_floor")
        elif half_hour < start + len(gaps) and gaps[half_hour - start] and raw != _NO_SAMPLE:
            meter.past(half_hour, meter.scale(raw))
            taken += 1
    return taken
