"""Asks one meter whether tenancy or supplier has changed: by command, and by attributes where that is not enough.

The functions are parts of a dialogue's script (han.dialogue). NOT_FOUND says that a meter has nothing to publish now,
never that nothing changed: its attributes tell. Source: Smart Energy 1.4, D.11; SECMP0056.
"""

from micropython import const

from ihd import wire
from ihd.han import zdo
from ihd.han.exchange import OWN, Request
from ihd.tenancy import publication
from ihd.tenancy.event import COMMAND, NOW
from ihd.tenancy.watch import CANNOT_TELL, CLEAR, SUPPLIER, UNREACHABLE
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management

# what goes out of memory with this module
WITH = ("ihd.tenancy.event", "ihd.tenancy.publication", "ihd.zcl.clusters.device_management")

_PAUSES_MS = (0, 5000, 10000, 20000)

_NOT_FOUND = const(0x8B)
_UNSUPPORTED_ATTRIBUTE = const(0x86)
_FAILURE = const(0x01)

_TENANCY_ATTRIBUTES = (device_management.CHANGE_OF_TENANCY_TIME, device_management.PROPOSED_TENANCY_CHANGE_CONTROL)
_DETAILS = (
    device_management.PROPOSED_PROVIDER_ID,
    device_management.PROPOSED_PROVIDER_NAME,
    device_management.PROPOSED_PROVIDER_CONTACT,
)
_SUPPLIER_ATTRIBUTES = (
    device_management.PROPOSED_PROVIDER_CHANGE_TIME,
    device_management.PROPOSED_PROVIDER_CHANGE_CONTROL,
)


def enquire(guard, watch, kind):
    """Ask the meter of `watch` about `kind`; returns CLEAR, CANNOT_TELL or UNREACHABLE.

    What it tells is judged in the guard's hearing. CLEAR means that all there is to know has been judged.
    """
    device, exchange, refused = watch.device, guard.home.exchange, guard.home.refused
    command = device_management.GET_CHANGE_OF_SUPPLIER if kind else device_management.GET_CHANGE_OF_TENANCY

    def get():
        payload = frame.write(frame.CLUSTER_SPECIFIC, exchange.next_sequence(), command)
        return _request(device, payload, OWN | command)

    def published(answer):
        if answer[0] == general.DEFAULT_RESPONSE:
            return None, wire.unsigned(answer[1], 1, 1) or _FAILURE
        return publication.published(kind, COMMAND, answer[1]), None

    answer = yield from _ask(refused, get, published)
    if answer is None:
        return UNREACHABLE
    event, status = answer
    guard.now = watch.dialogue.now
    if event and guard.hearing().final(watch, event):
        return CLEAR
    times = yield from _attributes(
        exchange, refused, device, _SUPPLIER_ATTRIBUTES if kind == SUPPLIER else _TENANCY_ATTRIBUTES
    )
    if times is None:
        return UNREACHABLE
    (time, refusal), (control, _) = times
    if time is not None and time != NOW:
        details = ()
        if kind == SUPPLIER and not guard.hearing().knows(watch, kind, time):
            found = yield from _attributes(exchange, refused, device, _DETAILS)
            details = [value for value, _ in found or ()]
        guard.now = watch.dialogue.now
        guard.hearing().told(watch, publication.told_by_attributes(kind, time, control, *details))
    elif refusal and not event and not (status == _NOT_FOUND and refusal == _UNSUPPORTED_ATTRIBUTE):
        return CANNOT_TELL
    elif not refusal and watch.dues[kind] is not None:
        guard.now = watch.dialogue.now
        guard.hearing().quiet(watch, kind, status == _NOT_FOUND)
    return CLEAR


def _request(device, payload, answer):
    """One question, sent once: it is repeated with a new sequence number."""
    endpoint = device.management
    cluster = device_management.CLUSTER
    return Request(device.address, device.short, endpoint, cluster, zdo.SMART_ENERGY, payload, answer, 1)


def _attributes(exchange, refused, device, wanted):
    """Read the attributes `wanted`: a list of (value or None, 0 or the status that refused it); None when unreachable.

    A refusal of the command is one of each attribute; every status that says "unsupported" is _UNSUPPORTED_ATTRIBUTE.
    """

    def get():
        payload = general.read_attributes(exchange.next_sequence(), wanted)
        return _request(device, payload, general.READ_ATTRIBUTES_RESPONSE)

    def values(answer):
        found = [None] * len(wanted)
        if answer[0] == general.DEFAULT_RESPONSE:
            status = wire.unsigned(answer[1], 1, 1) or _FAILURE
            return [(None, status)] * len(wanted), status
        payload = answer[1]
        at = 0
        while at < len(payload):
            attribute, status, kind, value, at = general.record(payload, at, True)
            if attribute in wanted:
                if kind is not None and not schema.has_type(device_management.TYPES, attribute, kind):
                    refused.count("attribute_type")
                    raise wire.Malformed
                found[wanted.index(attribute)] = value, status
        if found[0] is None:
            raise wire.Malformed
        return [each or (None, _UNSUPPORTED_ATTRIBUTE) for each in found], found[0][1]

    answer = yield from _ask(refused, get, values)
    if answer is None:
        return None
    found, status = answer
    if status in general.UNSUPPORTED:
        found = [(None, _UNSUPPORTED_ATTRIBUTE)] * len(wanted)
    return found


def _ask(refused, request, read):
    """Ask, and again after 5, 10 and 20 s without a proper answer: what `read` makes of one, None without any.

    read(answer): (result, status); a status that is neither 0, None, NOT_FOUND nor "unsupported" is asked about again.
    """
    result = None
    for pause in _PAUSES_MS:
        if pause:
            yield pause
        answer = yield request()
        result = None
        if answer is None:
            continue
        try:
            result = read(answer)
        except wire.Malformed:
            refused.count("malformed")
            continue
        status = result[1]
        if not status or status in (_NOT_FOUND, _UNSUPPORTED_ATTRIBUTE) or status in general.UNSUPPORTED:
            break
    return result
