"""The chip of a story's display: what it held before each change, and what can be read from it at the end.

The firmware is not asked: images are read by tools.image and tools.erase_proof, the truth is the bench's load model.
"""

import os
import shutil

from tools import image as layout
from tools.audit import HALF_HOUR, UNITS
from tools.erase_proof import compare, prove, verdict
from tools.image import METERS, RING, Image, NotAnImageError, is_valid
from tools.story import clock, day

LIVE, BEFORE, AFTER = "flash.bin", "flash-before.bin", "flash-after.bin"
_VALUE = 0xFFFFFF
_SEEN = 1 << 29  # cleared in what was read back from the meter's own log
_KEPT = 16  # receipts in a journal
_LISTED = 6  # missing half-hours; the rest is counted


class Chip:
    """flash: the image of the history partition while the board lives. after: where it is in the end."""

    def __init__(self, folder):
        self.flash = folder / LIVE
        self.after = folder / AFTER
        self._before = []  # (file, fuel)

    @property
    def had_to_forget(self):
        """Whether a change closed a gate."""
        return bool(self._before)

    def freeze(self, fuel):
        """Copy the image as it is, just before the gate of this fuel closes; returns the name of the copy."""
        name = BEFORE.replace(".", f"-{len(self._before) + 1}.") if self._before else BEFORE
        self._before.append((self.flash.with_name(name), fuel))
        shutil.copyfile(self.flash, self.flash.with_name(name))
        return name

    def receipt(self, number):
        """The tools.image.Receipt of this number that the journal holds now, or None."""
        receipts = Image(self.flash.read_bytes()).journal.receipts()
        return next((receipt for receipt in receipts if receipt.number == number), None)

    def settle(self):
        """The board is off for good."""
        os.replace(self.flash, self.after)

    def findings(self, audit, receipts, until):
        """(whether it is right, a sentence) for each thing that was looked for.

        audit: a tools.audit.Audit. receipts: the board's events. until: the last half-hour that can be known is the one
        before it.
        """
        try:
            octets = layout.load(self.after)
            copies = [(layout.load(path), fuel, path.name) for path, fuel in self._before]
        except NotAnImageError as trouble:
            yield False, f"The chip cannot be read: {trouble}"
            return
        image, faults, _, _ = prove(octets)
        for meter in range(len(METERS)):
            yield from self._half_hours(image, meter, audit, until)
        for before, fuel, name in copies:
            yield _old_words(compare(before, octets), _forgotten(Image(before), image), fuel, name)
        if copies or faults:
            yield from ((False, text) for text in faults)
            says = verdict(image, faults)
            yield not faults, f'A program of its own that reads the chip (tools/erase_proof.py) says: "{says}"'
        if receipts:
            yield _same_receipts(image, receipts)

    def _half_hours(self, image, meter, audit, until):
        """Each half-hour of the present record against what the meter counted."""
        fuel, ring = METERS[meter], range(meter * RING, (meter + 1) * RING)
        kept = image.first_kept(image.sectors[ring[0]])
        first = max(kept, audit.first(fuel))
        slots = {}
        for sector in image.rings():
            if sector.number in ring:
                slots |= {sector.first + n: word for n, word in enumerate(sector.words) if is_valid(word)}
        slots = {half_hour: word for half_hour, word in slots.items() if half_hour >= kept}
        if until <= first and not slots:
            return
        seen = sum(1 for word in slots.values() if word & _SEEN)
        wrong = [n for n, word in sorted(slots.items()) if not audit.allows(fuel, n, word & _VALUE, not word & _SEEN)]
        missing = [half_hour for half_hour in range(first, until) if half_hour not in slots]
        since = f"{_moment(first)} ({'the first after the change' if kept >= first else 'where its log begins'})"
        text = (
            f"On the chip are {until - first - len(missing):,} of the {until - first:,} half-hours of {fuel} since "
            f"{since}: {seen:,} as the display saw them pass, {len(slots) - seen:,} read back from the meter's log. "
            f"They add up to {sum(word & _VALUE for word in slots.values()):,} {UNITS[fuel]}; the meter counted "
            f"{sum(audit.counted(fuel, half_hour) for half_hour in slots):,}."
        )
        if missing:
            text += f" Missing: {_listed(missing)}."
        if wrong:
            text += f" Not what the meter counted: {_listed(wrong)}."
        yield not missing and not wrong, text


def _forgotten(before, after):
    """The fuels of which `before` held anything that `after` may not."""
    old = {one.meter for one in before.rings() if any(is_valid(word) for _, word in one.before(after.first_kept(one)))}
    return [METERS[meter] for meter in sorted(old)]


def _old_words(found, fuels, fuel, name):
    whose = " of both fuels" if len(fuels) > 1 else f" of {fuels[0]}" if fuels else ""
    text = (
        f"Just before the gate of {fuel} closed, the chip held {found.old_words:,} half-hours{whose} that were "
        f"to go by the end ({name}; {found.different:,} different words). Old words left at the end: {found.left:,}."
    )
    if found.own or found.chance:
        text += (
            f" (Not counted: {found.own:,} half-hours of the new record in which as much was used as in an old one, "
            f"and {found.chance:,} places where its octets only look alike.)"
        )
    return found.left == 0, text


def _same_receipts(image, receipts):
    """What the journal proves against what was reported."""
    fields = ("number", "floor", "applied", "sectors", "slots", "verified", "resumed")
    unknown = {None: layout.UNKNOWN}
    told = [tuple(unknown.get(event[each], event[each]) for each in fields) for event in receipts[-_KEPT:]]
    kept = [tuple(getattr(receipt, each) for each in fields) for receipt in image.journal.receipts()]
    numbers = ", ".join(str(event["number"]) for event in receipts)
    if kept != told:
        return False, f"The journal on the chip holds other receipts than the display told ({numbers})."
    if not all(event["verified"] for event in receipts):
        return False, f"Not every receipt is a verified one ({numbers})."
    return True, f"Every receipt (number {numbers}) is a verified one, and the journal on the chip holds the same."


def _listed(half_hours):
    more = f" and {len(half_hours) - _LISTED:,} more" if len(half_hours) > _LISTED else ""
    return ", ".join(_moment(half_hour) for half_hour in half_hours[:_LISTED]) + more


def _moment(half_hour):
    utc = half_hour * HALF_HOUR
    return f"{clock(utc)} on {day(utc)}"
