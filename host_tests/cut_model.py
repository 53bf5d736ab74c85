"""What the store acknowledged, and what it may therefore be asked for after any number of power cuts."""

from cut_script import METERS, SLOTS, STEPS, Append, Put, Rewind, floor_of

from ihd.history import journal

_RECEIPTS = 16  # that are kept
_PLACES = 20  # of a series


class Broken(Exception):
    """What must hold does not; the text says what."""


class Model:
    """Knows no flash. step: index of the script's step that comes next, or was under way. cuts: how many there were.

    What was begun and not acknowledged may be there or not: tried has every slot that was ever begun, ghosts the
    records.
    """

    def __init__(self, script):
        self.script = script
        self.step = 0
        self.cuts = 0
        self.fresh = 0  # half-hours and records beside the script
        self.number = 0  # of the record that was acknowledged last
        self.kept = set()  # (series, half-hour) that were acknowledged, and have not given way
        self.tried = set()
        self.floors = [0] * METERS  # half-hours, from the moment an INTENT is acknowledged
        self.records = {}  # (type, meter, kind): the Put acknowledged last
        self.receipts = []  # all that were acknowledged
        self.ghosts = []

    def copy(self):
        """Another one that knows the same."""
        other = Model(self.script)
        other.__dict__.update(self.__dict__)
        for name in ("kept", "tried", "floors", "records", "receipts", "ghosts"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def now(self):
        """The step that comes next, None at the end."""
        return STEPS[self.step] if self.step < len(STEPS) else None

    def newest(self, series):
        """The newest half-hour that is kept, or the floor."""
        return max([at for each, at in self.kept if each == series] + [self.floors[series % METERS]])

    def appending(self, series, half_hour, displaces):
        """An append begins; displaces: what stands in its sector's place gives way."""
        if displaces:
            epoch = half_hour // SLOTS
            given_way = {
                (each, at)
                for each, at in self.kept
                if each == series and at // SLOTS != epoch and (at // SLOTS - epoch) % _PLACES == 0
            }
            self.kept -= given_way
        self.tried.add((series, half_hour))

    def appended(self, series, half_hour, kept):
        """It has ended; not kept: a torn word stands there for ever."""
        if kept:
            self.kept.add((series, half_hour))
        if self.now() == Append(series, half_hour):
            self.step += 1

    def putting(self, record):
        """A record is begun."""
        self.ghosts.append(record)

    def put(self, record, number=None):
        """It is acknowledged with its number, or was found."""
        if number is not None and number <= self.number:
            raise Broken(f"number: {number} is acknowledged after {self.number}")
        self.number = number or self.number
        key = record[:3]
        self.ghosts = [ghost for ghost in self.ghosts if ghost[:3] != key]
        self.records[key] = record
        now = self.now()
        if record.type == journal.RECEIPT:
            self.receipts.append(record)
        elif record.type == journal.INTENT:
            self.floors[record.meter] = max(self.floors[record.meter], floor_of(record))
        elif record.type == journal.DONE:
            del self.records[(journal.INTENT,) + key[1:]]
            if isinstance(now, Rewind) and (now.meter, now.kind) == key[1:]:
                self.step += 1
        if isinstance(now, Put) and now == record:
            self.step += 1

    def see(self, store):
        """Compare the records that `store`, a mounted Journal, has; one that was begun and is there is so for good."""
        for key in set(self.records) | {ghost[:3] for ghost in self.ghosts}:
            if key[0] in (journal.DONE, journal.RECEIPT):
                continue
            found = _found(store, key)
            expected = self.records.get(key)
            if not _same(found, expected):
                closed = [ghost for ghost in self.ghosts if ghost[:3] == (journal.DONE,) + key[1:]]
                begun = [ghost for ghost in self.ghosts if ghost[:3] == key and _same(found, ghost)]
                if key[0] == journal.INTENT and found is None and closed:
                    begun = closed
                if not begun:
                    raise Broken(f"record: {_named(found)} stands, not {_named(expected)}")
                self.put(begun[0])
        found = [Put(journal.RECEIPT, *_fields(*receipt)) for receipt in store.receipts()]
        if found != self.receipts[-_RECEIPTS:]:
            begun = [ghost for ghost in self.ghosts if found[-1:] == [ghost]]
            if not begun or found != (self.receipts + begun)[-_RECEIPTS:]:
                raise Broken(f"receipts: {len(found)} stand, not the {len(self.receipts)} that were written")
            self.put(begun[0])


def _found(store, key):
    """The Put that stands in a journal for a (type, meter, kind), or None."""
    record = store.open_intent(*key[1:]) if key[0] == journal.INTENT else store.get(*key)
    if record is None:
        return None
    return Put(key[0], *_fields(key[1], *record))


def _fields(meter, kind_and_source, flags, sequence, payload):
    return meter, kind_and_source & 15, kind_and_source >> 4, flags, payload


def _same(found, expected):
    """Whether the same is known; a record that says there is none may be left out."""
    return found == expected or found is None and expected.flags & journal.NONE


def _named(record):
    if record is None:
        return "none"
    return f"type {record.type} meter {record.meter} kind {record.kind} {record.payload[:8].hex()}"
