"""Reads back from a meter's own log the half-hours that the history lacks, newest first; loaded when it is asked.

Source: Smart Energy 1.4, D.3.2.3.1.9 (GetSampledData), D.3.2.3.1.1 (GetProfile, asked where a meter has not the other);
GB: sample 0 is the half-hourly Profile Data Log of 19,056.
"""

from micropython import const

from ihd import wire
from ihd.clock import HALF_HOUR
from ihd.han import zdo
from ihd.han.exchange import OWN, Request
from ihd.tenancy.keepers import first_half_hour
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import metering

_CHUNK = const(24)  # half-hours asked for at a time
_PAUSE_MS = const(1000)
_NO_SAMPLE = const(0xFFFFFF)
_NOT_FOUND = const(0x8B)  # ZCL status
_HEAD = const(11)  # octets of a SampledData payload before its samples ...
_PROFILE_HEAD = const(7)  # ... and of a Profile's
_NO_INTERVALS = const(5)  # status of a Profile: nothing so far back
_TOO_MANY = const(4)  # status of a Profile: these are fewer than were asked for
_NO_SAMPLED_DATA = const(0x0702FF08)  # in home.account.Account.lacking: the meter has no GetSampledData


def fill(meter, home, utc, earliest, reach):
    """Fill the gaps of the last `reach` half-hours before Zigbee UTC `utc`; whether the meter gave all that it has.

    A part of a dialogue's script, which ends when the gate closes. meter: home.meter.Meter, its scale known. earliest:
    Zigbee UTC before which nothing may be taken. home: has exchange and refused; fact(meter, "back_filled", count,
    unit) is told of what came.
    """
    given = False  # whether there was an answer
    rest = 0  # the half-hour up to which a meter gave what it was asked for last
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
            sampled = _NO_SAMPLED_DATA not in meter.account.lacking
            asked = max(start, rest)
            request = _request(meter.device, home.exchange.next_sequence(), asked, end - asked, sampled)
            answer = yield request
            if answer is None or not meter.scaled():
                return False
            if answer[0] != request.answer:
                status = answer[1][1] if len(answer[1]) > 1 else 0
                if status == _NOT_FOUND:
                    if not rest:
                        return True  # nothing so far back
                    end, rest = start, 0  # it had but a part of these
                    continue
                if given or not sampled or status not in general.UNSUPPORTED:
                    return False
                meter.account.lacking.add(_NO_SAMPLED_DATA)
                continue
            try:
                begin, count = _read_head(answer[1], sampled)
            except wire.Malformed:
                home.refused.count("malformed")
                return False
            if not (count or rest) or beyond > 1:
                return True
            given = True
            beyond = beyond + 1 if begin >= end else 0
            taken = _take(meter, home.refused, answer[1], sampled, begin, count, start, gaps)
            if taken:
                home.fact(meter, "back_filled", taken, "half_hours")
            yield _PAUSE_MS
            end, rest = _rest(sampled, asked, begin, begin + count, start, end)
        else:
            yield 0
            end, rest = start, 0
    return True


def _rest(sampled, asked, begin, stop, start, end):
    """(end, rest) of what is asked next, when of `asked` to `end` the half-hours from `begin` to `stop` were given."""
    if sampled and asked < stop < end:
        return end, stop  # it gives fewer at a time: the newer ones of these come next
    if not sampled and start < begin < end:
        return begin, 0  # and so does this one, which begins with the newest
    return start, 0


def _request(device, sequence, start, count, sampled):
    """Asks for the `count` half-hours from `start` on. sampled: by GetSampledData, else by GetProfile."""
    if sampled:
        command, answer = metering.GET_SAMPLED_DATA, OWN | metering.SAMPLED_DATA
        fields = metering.PROFILE_DATA_LOG, start * HALF_HOUR, metering.CONSUMPTION_DELIVERED, count
        payload = schema.write(metering.GET_SAMPLED_DATA_FORM, *fields)
    else:
        command, answer = metering.GET_PROFILE, OWN | metering.PROFILE
        fields = metering.CONSUMPTION_DELIVERED, (start + count) * HALF_HOUR, count
        payload = schema.write(metering.GET_PROFILE_FORM, *fields)
    payload = frame.write(frame.CLUSTER_SPECIFIC, sequence, command, payload)
    return Request(device.address, device.short, device.metering, metering.CLUSTER, zdo.SMART_ENERGY, payload, answer)


def _read_head(payload, sampled):
    """(first half-hour, how many) of an answer. Raises wire.Malformed."""
    if sampled:
        sample, time, kind, interval, count = schema.read(metering.SAMPLED_DATA_FORM, payload)
        if count == 0:
            return 0, 0
        right = sample == metering.PROFILE_DATA_LOG and kind == metering.CONSUMPTION_DELIVERED
        right = right and interval == HALF_HOUR and len(payload) >= _HEAD + 3 * count
        begin = time // HALF_HOUR
    else:
        time, status, interval, count = schema.read(metering.PROFILE_FORM, payload)
        if status == _NO_INTERVALS:
            return 0, 0
        right = interval == metering.HALF_HOURS and len(payload) >= _PROFILE_HEAD + 3 * count
        right = right and (status == 0 or status == _TOO_MANY)
        begin = time // HALF_HOUR - count
    if not right or time % HALF_HOUR or begin < 0:
        raise wire.Malformed
    return begin, count


def _take(meter, refused, payload, sampled, begin, count, start, gaps):
    """Hand the samples on that `gaps`, a truth for each half-hour from `start` on, wants: how many."""
    taken = 0
    for i in range(count):
        half_hour = begin + i
        raw = wire.unsigned(payload, _HEAD + 3 * i if sampled else _PROFILE_HEAD + 3 * (count - 1 - i), 3)
        if half_hour < start:
            refused.count("before_floor")
        elif half_hour < start + len(gaps) and gaps[half_hour - start] and raw != _NO_SAMPLE:
            meter.past(half_hour, meter.scale(raw))
            taken += 1
    return taken
