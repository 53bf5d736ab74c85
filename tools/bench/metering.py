"""Metering (0x0702) of a meter: its registers, its half-hourly log asked for in two ways, and fast polling.

Source: Zigbee Smart Energy 1.4, D.3.
"""

import zigpy.types as t
from zigpy.zcl.clusters.smartenergy import Metering as Zigpy
from zigpy.zcl.foundation import Status

from tools.bench import sampled_data
from tools.bench.devices import Server
from tools.bench.sampled_data import HALF_HOUR

GET_PROFILE, GET_PROFILE_RESPONSE = 0x00, 0x00
REQUEST_FAST_POLL, REQUEST_FAST_POLL_RESPONSE = 0x03, 0x03

DELIVERED, RECEIVED = 0x00, 0x01
LATEST = 0
THIRTY_MINUTES = 2
MOST_PERIODS = 24
OK, NO_CHANNEL, CHANNEL_UNSUPPORTED, INVALID_END, TOO_MANY, NO_INTERVALS = range(6)
# What stands for a half-hour that is not known.
UNKNOWN = 0xFFFFFF

SHORTEST_POLL_S = 2
LONGEST_FAST_POLL_MINUTES = 15
# Three digits right of the point, seven left, no leading zeros.
THREE_DECIMALS = 0xBB

_defs = Zigpy.AttributeDefs


class GetProfile(t.Struct):
    channel: t.uint8_t
    end: t.UTCTime
    periods: t.uint8_t


class GetProfileResponse(t.Struct):
    end: t.UTCTime
    status: t.uint8_t
    interval: t.uint8_t
    amounts: t.LVList[t.uint24_t, t.uint8_t]


class RequestFastPollMode(t.Struct):
    period_s: t.uint8_t
    minutes: t.uint8_t


class RequestFastPollModeResponse(t.Struct):
    applied_s: t.uint8_t
    end: t.UTCTime


class Metering(Server):
    """sampled, profile: whether GetSampledData and GetProfile are supported.

    gaps: [(Zigbee UTC, Zigbee UTC)] between which the log has lost its half-hours. All to be changed at will.
    """

    def __init__(self, load, attributes, details, fast_poll=False):
        """attributes: what is special about this meter. fast_poll: whether it can be asked to be quick."""
        self._load = load
        self._samples = sampled_data.log(load)
        self.sampled, self.profile, self.gaps = True, True, []
        common = {
            _defs.current_summ_delivered: load.delivered,
            _defs.current_summ_received: load.received if load.exports else None,
            _defs.supply_status: Zigpy.SupplyStatus.Supply_On,
            _defs.status: 0,
            _defs.multiplier: 1,
            _defs.divisor: 1000,
            _defs.summation_formatting: THREE_DECIMALS,
            _defs.site_id: details.reader("site"),
            _defs.customer_id_number: details.reader("cin"),
        }
        commands = {GET_PROFILE: self._get_profile, sampled_data.GET_SAMPLED_DATA: self._get_sampled_data}
        if fast_poll:
            commands[REQUEST_FAST_POLL] = _fast_poll
        super().__init__(common | attributes, commands)

    def _get_sampled_data(self, body, utc):
        if not self.sampled:
            return Status.UNSUP_CLUSTER_COMMAND
        answer = self._samples(body, utc)
        if not isinstance(answer, Status):
            response = answer[1]
            starts = range(response.start, response.start + len(response.samples) * HALF_HOUR, HALF_HOUR)
            response.samples = [
                UNKNOWN if self._is_lost(start) else amount
                for start, amount in zip(starts, response.samples, strict=True)
            ]
        return answer

    def _get_profile(self, body, utc):
        wanted, _ = GetProfile.deserialize(body)
        if not self.profile:
            return Status.UNSUP_CLUSTER_COMMAND
        end = (utc if wanted.end == LATEST else wanted.end) // HALF_HOUR * HALF_HOUR
        status, amounts = OK, []
        if wanted.channel not in (DELIVERED, RECEIVED):
            status = NO_CHANNEL
        elif wanted.channel == RECEIVED and not self._load.exports:
            status = CHANNEL_UNSUPPORTED
        elif wanted.end > utc:
            status = INVALID_END
        else:
            most = min(wanted.periods, MOST_PERIODS, max(0, (end - self._load.origin) // HALF_HOUR))
            amounts = [self._amount(wanted.channel, end - (n + 1) * HALF_HOUR) for n in range(most)]
            status = NO_INTERVALS if not most else TOO_MANY if most < wanted.periods else OK
        response = GetProfileResponse(end=end, status=status, interval=THIRTY_MINUTES, amounts=amounts)
        return GET_PROFILE_RESPONSE, response

    def _amount(self, channel, start):
        register = self._load.received if channel == RECEIVED else self._load.delivered
        return UNKNOWN if self._is_lost(start) else register(start + HALF_HOUR) - register(start)

    def _is_lost(self, start):
        return any(begin < start + HALF_HOUR and start < end for begin, end in self.gaps)


def _fast_poll(body, utc):
    wanted, _ = RequestFastPollMode.deserialize(body)
    end = utc + min(wanted.minutes, LONGEST_FAST_POLL_MINUTES) * 60
    applied = max(wanted.period_s, SHORTEST_POLL_S)
    return REQUEST_FAST_POLL_RESPONSE, RequestFastPollModeResponse(applied_s=applied, end=end)
