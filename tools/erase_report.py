"""What an image of the history partition holds, in plain words; times are UTC."""

import re
import textwrap

from tools.image import HALF_HOUR, KINDS, METERS, SCOPES, SOURCES, date, name

COLUMNS = 98
_DATE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:)")  # stays on one line


def many(count, what):
    """1 slot, 1,020 slots."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def value(series, word):
    """What a slot of a series says, with its unit."""
    number = word & 0xFFFFFF
    if series < len(METERS):
        return f"{number:,} {('Wh', 'litres')[series]}"
    return f"{number // 100_000}.{number % 100_000:05} GBP"


def wrapped(text, label=""):
    """A paragraph as lines; the label stands in its margin."""
    margin = f"  {label}"
    further = " " * (len(margin) if label else 4)
    text = _DATE.sub("\\1\N{NO-BREAK SPACE}\\2", text)
    lines = textwrap.wrap(text, COLUMNS, initial_indent=margin, subsequent_indent=further, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def listed(paragraphs):
    """Each paragraph as lines, and `none` without any."""
    return [line for text in list(paragraphs) or ["none"] for line in wrapped(text)]


def reported(path, image):
    """All that an image holds, as lines."""
    journal = image.journal
    used = [sector for sector in image.sectors if not sector.blank]
    size = f"{len(image.octets):,} octets, {many(len(used), 'sector')} of {len(image.sectors)} not blank"
    return [
        f"THE HISTORY PARTITION IN {path}",
        f"  {size}. Times are UTC.",
        "",
        "SECTORS THAT ARE NOT BLANK",
        *(_table(used, image) if used else listed([])),
        "",
        "FLOORS (half-hours that began before one are forbidden)",
        *listed(_floors(journal.floors())),
        "",
        "BOUND METERS",
        *listed(map(_binding, journal.bindings()[0])),
        "",
        "EVENTS",
        *listed(map(_event, journal.events())),
        "",
        "REWINDS BEGUN AND NOT FINISHED",
        *listed(map(told_intent, journal.open_intents())),
        "",
        "RECEIPTS",
        *_receipts(list(journal.receipts())),
        "",
        "HOUSEHOLD RECORDS (a rewind leaves none: they are the present occupant's)",
        *listed(f"key {key}: {told_octets(octets)}" for key, octets in image.household.latest().items()),
    ]


def told_octets(octets):
    """What stands in a record, as text too where it is some."""
    text = octets.decode("ascii", "replace")
    told = f", {text!r}" if text and text.isascii() and text.isprintable() else ""
    return f"{many(len(octets), 'octet')} {octets.hex(' ')}".rstrip() + told


def told_intent(event):
    """A rewind that was begun."""
    return (
        f"{_whose(event)} ({_by(event)}), back to {date(event.time)}, {_scope(event.scope)}; begun at {date(event.at)}"
    )


def _table(used, image):
    lines = [
        "                                        first              slots    never",
        "  sector  holds               sequence  half-hour          valid  written  destroyed  invalid",
    ]
    for sector in used:
        row = f"  {sector.number:6}  {sector.name:18}"
        pair = image.pair_of(sector)
        if pair:
            counts = f"{many(len(pair.records), 'record')}, {len(pair.free)} free"
            broken = f", {len(pair.destroyed)} destroyed, {len(pair.torn)} broken"
            lines.append(f"{row}{sector.sequence:10,}  {counts}{broken}")
        elif sector.is_ring:
            valid, never, destroyed, invalid = sector.count().values()
            first = date(sector.first * HALF_HOUR)[:16]
            counts = f"{valid:6,}  {never:7,}  {destroyed:9,}  {invalid:7,}"
            lines.append(f"{row}{sector.sequence:10,}  {first}  {counts}")
        else:
            lines.append(f"{row}          -  {sector.trouble or f'an older copy of the {sector.name}'}")
    return lines


def _floors(floors):
    scopes = {}
    for (meter, scope), utc in floors.items():
        scopes[meter, utc] = scopes.get((meter, utc), 0) | scope
    return [f"{name(meter, METERS, 'meter')}, {_scope(scope)}: {date(utc)}" for (meter, utc), scope in scopes.items()]


def _scope(scope):
    return SCOPES.get(scope, "no scope")


def _whose(one):
    return f"{name(one.meter, METERS, 'meter')}, {name(one.kind, KINDS, 'kind')}"


def _by(one):
    event = "no event id" if one.event_id is None else f"event {one.event_id}"
    return f"{name(one.source, SOURCES, 'source')}, {event}"


def _binding(one):
    fuel = name(one.meter, METERS, "meter")
    if not int(one.eui64, 16):
        return f"{fuel}: none any more"
    endpoints = f"endpoints {one.metering} (metering) and {one.management} (management)"
    return f"{fuel}: {one.eui64}, {endpoints}, since {date(one.joined)}{'' if one.answered else ', not answered yet'}"


def _event(one):
    state = "last applied" if one.state == "applied" else "pending"
    when = date(one.time) if one.time else "as soon as the time is known"
    control = "" if one.control is None else f", control 0x{one.control:x}"
    return f"{_whose(one)}, {state}: {when} ({_by(one)}, provider {one.provider}{control}), noted at {date(one.at)}"


def _receipts(receipts):
    lines = []
    for one in receipts:
        since = ", counted since the last start" if one.resumed else ""
        lines += wrapped(
            f"{_whose(one)} ({_by(one)}). Back to {date(one.floor)}, {_scope(one.scope)}; judged at "
            f"{date(one.applied)}; took {one.ms:,} ms: {many(one.sectors, 'sector')} erased, "
            f"{many(one.slots, 'slot')} destroyed{since}; {'verified' if one.verified else 'NOT VERIFIED'}.",
            f"{one.number:4}  ",
        )
    return lines or listed([])
