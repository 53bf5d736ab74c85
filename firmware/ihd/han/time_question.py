"""Asks the trust centre for the time: who it is, where its clock is, what it says, and how local time differs.

Time counts when it is set: master or synchronised (ZCL 8, 3.12.2.2.2). Loaded when it is asked.
"""

from ihd import radio as radios
from ihd import wire
from ihd.han import zdo
from ihd.han.exchange import Request
from ihd.zcl import general, schema
from ihd.zcl.clusters import time

WITH = ("ihd.han.time_question", "ihd.zcl.clusters.time")  # what goes out of memory together

_ASKED = (time.TIME, time.TIME_STATUS, time.TIME_ZONE, time.DST_START, time.DST_END, time.DST_SHIFT)


def ask(keeper, exchange, refused):
    """A part of the script of `keeper` (a Timekeeper): (Zigbee UTC, what LocalClock.tell() takes), or None without."""
    if keeper.trust_centre is None:
        answer = yield _zdo(keeper, exchange, zdo.IEEE_ADDR_REQ, schema.write("HBB", 0, 0, 0))
        keeper.trust_centre = _first(refused, answer, zdo.ADDRESSES, 1)
    if keeper.endpoint is None:
        answer = yield _zdo(keeper, exchange, zdo.MATCH_DESC_REQ, zdo.match_request(0, time.CLUSTER))
        endpoints = _first(refused, answer, zdo.MATCHES, 2)
        keeper.endpoint = endpoints[0] if endpoints else None
    if keeper.endpoint is None:
        return None
    payload = general.read_attributes(exchange.next_sequence(), _ASKED)
    answer = yield Request(_address(keeper), 0, keeper.endpoint, time.CLUSTER, zdo.SMART_ENERGY, payload)
    if answer and answer[0] == general.READ_ATTRIBUTES_RESPONSE:
        return _told(refused, answer[1])
    keeper.endpoint = None  # it may have moved: ask again
    return None


def _address(keeper):
    return keeper.trust_centre or radios.COORDINATOR


def _zdo(keeper, exchange, cluster, payload):
    payload = bytes((exchange.next_sequence(),)) + payload
    return Request(_address(keeper), 0, 0, cluster, zdo.PROFILE, payload)


def _first(refused, answer, form, field):
    """One field of a ZDO response of the format `form`; None when there is none or it is no success."""
    if answer is None:
        return None
    try:
        fields = schema.read(form, answer[1])
    except wire.Malformed:
        refused.count("malformed")
        return None
    return fields[field] if fields[0] == zdo.SUCCESS else None


def _told(refused, payload):
    """The time in a Read Attributes Response, None when it tells none that counts."""
    values = [None] * len(_ASKED)
    at = 0
    try:
        while at < len(payload):
            attribute, _, kind, value, at = general.record(payload, at, True)
            if kind is not None and schema.has_type(time.TYPES, attribute, kind) is False:
                refused.count("attribute_type")
            elif attribute in _ASKED:
                values[attribute] = value
    except wire.Malformed:
        refused.count("malformed")
        return None
    utc, status = values[:2]
    if utc is None:
        return None
    if status is not None and not status & (time.MASTER | time.SYNCHRONISED):
        refused.count("not_synchronised")
        return None
    return utc, values[2:]
