"""`make erase-proof`: whether anything from before a floor can still be got out of an image of the history partition.

    python -m tools.erase_proof IMAGE [--known FILE_OR_VALUES] [--against IMAGE_BEFORE] [--json]

Ends with 0 when nothing can, 1 when something can or when it cannot be told, 2 when there is no image to read.
"""

import argparse
import json
import struct
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tools import image as layout
from tools.erase_json import as_json
from tools.erase_report import listed, many, reported, told_intent, value, wrapped
from tools.image import HALF_HOUR, METERS, SCOPES, SECTOR, UNKNOWN, Image, NotAnImageError, date, name

PLACES = 12  # told in full; the rest is counted
_KEPT, _ELSE = 1, 2  # what an octet of the image is part of


@dataclass
class Search:
    """Where words stand, at any octet and in both byte orders.

    left: places [(offset, word, reversed)] that nothing accounts for. own: how many kept slots hold such a word,
    written by the present occupant. chance: how many places are made of octets that are each part of something else
    whose check is right (neighbouring kept slots, a header, a journal record, destroyed slots).
    """

    places: list
    own: int
    chance: int

    @property
    def left(self):
        return len(self.places)


@dataclass
class Comparison(Search):
    """old_words: slots of the image before that held a value from before the floor; different: how many values."""

    old_words: int = 0
    different: int = 0


def receipts(octets):
    """The receipts in an image, oldest first: tools.image.Receipt."""
    return list(Image(octets).journal.receipts())


def floors(octets):
    """{(meter number, scope 1 or 2): Zigbee UTC} of an image."""
    return Image(octets).journal.floors()


def compare(before: bytes, after: bytes) -> Comparison:
    """Look in `after` for each word that `before` held in a valid slot from before the floors of `after`."""
    after = Image(after)
    old = old_words(Image(before), after)
    found = search(after, set(old))
    return Comparison(found.places, found.own, found.chance, len(old), len(set(old)))


def old_words(before: Image, after: Image):
    """The word of each valid slot in `before` that lies before the floors of `after`."""
    slots = [slot for sector in before.rings() for slot in sector.before(after.first_kept(sector))]
    return [word for _, word in slots if layout.is_valid(word)]


def search(image: Image, words) -> Search:
    """Look for whole slot words at every octet of an image, in both byte orders."""
    meaning = bytearray(len(image.octets))
    for offset, count in image.says_nothing_else():
        meaning[offset : offset + count] = bytes([_ELSE]) * count
    kept = dict(image.kept_slots())
    for offset in kept:
        meaning[offset : offset + 4] = bytes([_KEPT]) * 4
    found = Search([], 0, 0)
    for place in _occurrences(image.octets, words):
        offset, word, _ = place
        if kept.get(offset) == word:
            found.own += 1
        elif all(meaning[offset : offset + 4]):
            found.chance += 1
        else:
            found.places.append(place)
    return found


def _occurrences(octets, words):
    """(offset, word, whether its octets are reversed), in the order of the image."""
    reverse = {int.from_bytes(word.to_bytes(4, "little"), "big"): word for word in words}
    both = reverse.keys() | words
    found = []
    for shift in range(4):
        count = (len(octets) - shift) // 4
        for index, read in enumerate(struct.unpack_from(f"<{count}I", octets, shift)):
            if read in both:
                found.append((shift + 4 * index, read if read in words else reverse[read], read not in words))
    return sorted(found)


def findings(image: Image):
    """A sentence for each thing that can be read though it should not, or of which it cannot be told."""
    for event in image.journal.open_intents():
        yield f"A rewind is not finished: {told_intent(event)}."
    yield from _sectors(image)
    yield from _before_floors(image)
    yield from _records(image)
    held = image.journal.floors()
    for receipt in {(one.meter, one.scope): one for one in image.journal.receipts()}.values():
        for scope in (1, 2):
            if receipt.scope & scope and receipt.floor != UNKNOWN and (receipt.meter, scope) not in held:
                what = f"{SCOPES[scope]} of {name(receipt.meter, METERS, 'meter')}"
                yield f"Receipt {receipt.number} speaks of a floor for {what}, but the journal holds none."
    if not image.has_journal and any(not sector.blank for sector in image.sectors):
        yield "The journal is not in this part of the partition, so the floors are not known."


def _sectors(image):
    """Sectors that hold something of which it cannot be told whose it is, neighbours together."""
    for (unaccounted, holds, trouble), group in groupby(
        image.sectors, lambda one: (one.unaccounted, one.name, one.trouble)
    ):
        if unaccounted:
            group = list(group)
            first, last = group[0].number, group[-1].number
            which = f"Sector {first}" if first == last else f"Sectors {first} to {last}"
            alike = sum(one.count()["valid"] for one in group)
            yield f"{which} ({holds}): {trouble}; {many(alike, 'word')} there could be slots."


def _before_floors(image):
    for sector in image.rings():
        old = sector.before(image.first_kept(sector))
        readable = [slot for slot in old if layout.is_valid(slot[1])]
        remnants = [slot for slot in old if not layout.is_valid(slot[1])]
        where = f"Sector {sector.number} ({sector.name})"
        if readable:
            half_hour, word = readable[0]
            example = f"as {_at(half_hour)}, {value(sector.series, word)}"
            yield f"{where}: {many(len(readable), 'slot')} from before the floor can be read, {example}."
        if remnants:
            half_hour, word = remnants[0]
            example = f"as {_at(half_hour)}, {word:08x}"
            yield f"{where}: a remnant in {many(len(remnants), 'slot')} from before the floor, {example}."


def _at(half_hour):
    return date(half_hour * HALF_HOUR)[:16]


def _records(image):
    """Records and headers that look valid where none belong, and records that carry more than they should."""
    for pair in (image.journal, image.household):
        for record in pair.misplaced():
            what = f"type {record.type}, number {record.sequence}"
            where = f"A {type(pair).__name__.lower()} record ({what}) at 0x{record.offset:06x}"
            belongs = record.type in pair.types
            yield f"{where} {'carries octets that the format leaves empty' if belongs else 'does not belong there'}."
        gap = pair.sector.octets[16:32] if pair.sector else b""
        if any(gap) and gap != b"\xff" * 16:
            where = f"Sector {pair.sector.number} ({pair.sector.name})"
            yield f"{where}: not blank between the header and the first record."
    household = image.household
    if household.torn:  # remains of those before, who can tell
        places = ", ".join(f"0x{offset:06x}" for offset in household.torn[:PLACES])
        where = f"Sector {household.sector.number} ({household.sector.name})"
        yield f"{where}: {many(len(household.torn), 'record')} neither whole nor destroyed, at {places}."
    for sector in image.sectors:
        if not sector.blank and not sector.zero:
            yield from _strays(image, sector)


def _strays(image, sector):
    """What has a right crc and stands where it should not."""
    start = sector.number * SECTOR
    where = f"Sector {sector.number} ({sector.name})"
    used = range(0, SECTOR, 32) if image.pair_of(sector) else ()
    maybe = [start + at for at, octet in enumerate(sector.octets) if 0 < octet < 9 and at not in used]
    records = sum(1 for offset in maybe if layout.record_at(image.octets, offset))
    if sector.pair and not sector.trouble and not used:
        yield f"{where}: an older copy of the {sector.name} still stands, with {many(records, 'record')}."
    elif records:
        yield f"{where}: {many(records, 'valid record')} of a journal stands where none is kept."
    headers = sum(1 for at in range(1, SECTOR) if layout.header_at(image.octets, start + at))
    if headers:
        yield f"{where}: {many(headers, 'valid header')} of a sector stands inside it."


def notes(image: Image):
    """What is worth knowing, and no fault."""
    if len(image.sectors) < layout.SECTORS:
        yield f"A part of the partition, {len(image.sectors)} of {layout.SECTORS} sectors: the rest is not judged."
    zero = [str(sector.number) for sector in image.sectors if sector.zero]
    if zero:
        yield f"Destroyed but not yet erased, nothing but zeros: sector {', '.join(zero)}."
    if image.journal.torn:
        places = ", ".join(f"0x{offset:06x}" for offset in image.journal.torn[:PLACES])
        yield f"{many(len(image.journal.torn), 'journal record')} with a wrong crc, not counted: at {places}."
    for binding in image.journal.bindings()[1]:
        yield f"An earlier binding can still be read: {name(binding.meter, METERS, 'meter')} {binding.eui64}."


def known_values(text):
    """The values of `--known`: integers with commas, or a file with one a line. Raises ValueError, OSError."""
    if set(text) - set("-0123456789, "):
        text = Path(text).read_text(encoding="utf-8", errors="replace")
    parts = text.replace(",", " ").split()
    for part in parts:
        if not part.removeprefix("-").isdecimal():
            raise ValueError(f"{part[:20]!r} is no whole number")
    if not parts:
        raise ValueError("there is no value in it")
    return sorted(set(map(int, parts)))


def known_words(values):
    """{word: value} of all four kinds of marks. Raises ValueError for what a slot cannot hold."""
    return {layout.slot_word(one, marks): one for one in values for marks in range(4)}


def told_search(image, found: Search):
    """Where the words still stand, and what does not count."""
    if not found.left:
        yield "None of them stands outside the present record, at any octet, in either byte order."
    for offset, word, backwards in found.places[:PLACES]:
        half_hour = image.slot_at(offset)
        slot = "" if half_hour is None else f", in the slot of {_at(half_hour)}"
        sector = image.sectors[offset // SECTOR]
        order = ", octets reversed" if backwards else ""
        yield (
            f"{word & 0xFFFFFF:,} stands as {word:08x} at 0x{offset:06x}{order}: "
            f"sector {sector.number} ({sector.name}){slot}."
        )
    if found.left > PLACES:
        yield f"And in {many(found.left - PLACES, 'more place')}."
    if found.own:
        yield f"Such a word is in {many(found.own, 'slot')} of the present record: the present occupant's own."
    if found.chance:
        yield (
            f"Only alike: {many(found.chance, 'place')} made of neighbouring slots of the present record, "
            "headers, journal records or zeros: no remnant, as the check of each of these is right."
        )


def prove(octets, before=None, values=None):
    """Everything about an image: (Image, findings, notes, {"known": Search, "against": Comparison})."""
    image = Image(octets)
    faults, searches = list(findings(image)), {}
    if values is not None:
        found = searches["known"] = search(image, known_words(values).keys())
        if found.left:
            faults.append(f"Values that must not occur stand in {many(found.left, 'place')}.")
    if before is not None:
        found = searches["against"] = compare(before, octets)
        if found.left:
            faults.append(f"Words from before the floors still stand in {many(found.left, 'place')}.")
        if not image.has_floor:
            faults.append("There is no floor for usage in it, so nothing says which words of the other image are old.")
    return image, faults, list(notes(image)), searches


def verdict(image, faults):
    """The last word, in one sentence."""
    if faults:
        return f"NOT PROVEN: {many(len(faults), 'finding')}."
    if all(sector.blank for sector in image.sectors):
        return "The partition is blank: there is nothing to be read."
    if not image.has_floor:
        return "There is no floor: nothing was to be forgotten, and nothing stands where it should not."
    return "Nothing before a floor can be read."


def tell(path, image, faults, remarks, searches, options):
    """The report, as lines."""
    lines = reported(path, image)
    if "known" in searches:
        lines += ["", f"VALUES THAT MUST NOT OCCUR ({many(len(options.known), 'value')}, each with any marks)"]
        lines += listed(told_search(image, searches["known"]))
    if "against" in searches:
        found = searches["against"]
        lines += ["", f"WORDS FROM BEFORE THE FLOORS IN {options.against}"]
        lines += listed([f"{many(found.old_words, 'slot')} held {many(found.different, 'different word')}."])
        lines += listed(told_search(image, found) if found.old_words else ["Nothing was to be looked for."])
    if remarks:
        lines += ["", "REMARKS", *listed(remarks)]
    lines += ["", "VERDICT", *wrapped(verdict(image, faults))]
    for number, text in enumerate(faults, 1):
        lines += wrapped(text, f"{number:4}. ")
    return lines


def _refuse(sentence):
    print(sentence, file=sys.stderr)
    return 2


def main(words=None):
    """Read, judge and tell; the status is in the first lines of this file."""
    parser = argparse.ArgumentParser(prog="python -m tools.erase_proof", description=__doc__.partition("\n")[0])
    parser.add_argument("image", metavar="IMAGE", help="a raw copy of the history partition, 524,288 octets")
    parser.add_argument("--known", metavar="FILE_OR_VALUES", help="values that must not occur: 12,345 or one a line")
    parser.add_argument(
        "--against", metavar="IMAGE_BEFORE", help="a copy from before the rewind, to look for its words"
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(words)
    if not options.image:
        return _refuse("Say which image: make erase-proof DUMP=image.bin")
    known = options.known
    try:
        if known is not None:
            options.known = known_values(known)
            known_words(options.known)
    except (ValueError, OSError) as trouble:
        return _refuse(f"--known {known[:40]} cannot be used: {getattr(trouble, 'strerror', None) or trouble}.")
    try:
        octets = layout.load(options.image)
        before = layout.load(options.against) if options.against is not None else None
    except NotAnImageError as trouble:
        return _refuse(trouble)
    image, faults, remarks, searches = prove(octets, before, options.known)
    if options.json:
        said = as_json(options.image, image, searches, remarks, faults)
        print(json.dumps(said | {"verdict": verdict(image, faults)}, indent=2))
    else:
        print("\n".join(tell(options.image, image, faults, remarks, searches, options)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
