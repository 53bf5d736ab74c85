"""What an image of the history partition holds, for programs: `--json` of erase_proof.

Times are Zigbee UTC, null where none was known; meters, kinds, sources and scopes are words, those of the display's own
events.
"""

from dataclasses import asdict

from tools.image import METERS, SOURCES, UNKNOWN

KINDS = ("tenancy", "supplier")
SCOPES = (None, "CONSUMER", "SUPPLIER", "BOTH")

_WORDS = {"meter": METERS, "kind": KINDS, "source": SOURCES, "scope": SCOPES}
_TIMES = ("floor", "applied", "joined", "time", "at")


def as_json(path, image, searches, remarks, faults):
    """All but the verdict, as a dict of what JSON has."""
    journal = image.journal
    sectors = [
        {"sector": one.number, "holds": one.name, "trouble": one.trouble, "unaccounted": one.unaccounted}
        | ({"sequence": one.sequence, "first_half_hour": one.first} if not one.trouble else {})
        | ({"slots": one.count()} if one.is_ring else {})
        for one in image.sectors
        if not one.blank
    ]
    floors = [{"meter": meter, "scope": scope, "floor": utc} for (meter, scope), utc in journal.floors().items()]
    return {
        "image": str(path),
        "octets": len(image.octets),
        "sectors": sectors,
        "floors": [_in_words(one) for one in floors],
        "bindings": [_in_words(asdict(one)) for one in journal.bindings()[0]],
        "events": [_in_words(asdict(one)) for one in journal.events()],
        "open_intents": [_in_words(asdict(one)) for one in journal.open_intents()],
        "receipts": [_in_words(asdict(one)) for one in journal.receipts()],
        "household": [{"key": key, "octets": octets.hex()} for key, octets in image.household.latest().items()],
        **{what: asdict(found) | {"left": found.left} for what, found in searches.items()},
        "remarks": remarks,
        "findings": faults,
        "proven": not faults,
    }


def _in_words(fields):
    """The same with words for its numbers; a number that has none stays."""
    said = {}
    for what, number in fields.items():
        words = _WORDS.get(what, ())
        word = words[number] if isinstance(number, int) and number < len(words) else number
        said[what] = None if what in _TIMES and number == UNKNOWN else word
    return said
