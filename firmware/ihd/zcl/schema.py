"""The one interpreter of payload format strings.

A format is a character a field, little-endian as ZCL and ZDO payloads are:
    B H T I Y   unsigned, 1 2 3 4 6 octets
    E           EUI-64, bytes in printed order
    o           octet string, bytes (None for its non-value)
    #x          an octet that counts, then as many fields x: a tuple
    ?           the fields behind it may be missing: None
Octets behind a complete payload are ignored, as ZCL 8, 2.3.3 wants of later versions' additions.
"""

from ihd import wire

_SIZES = "BHTI Y"  # a number's place is its size less one; none has five octets


def read(form, data, at=0):
    """The fields of `data` from offset `at` on, by the format `form`, as a list. Raises wire.Malformed."""
    fields = []
    optional = counted = False
    for field in form:
        if field == "?":
            optional = True
        elif field == "#":
            counted = True
        elif optional and at >= len(data):
            counted = False
            fields.append(None)
        elif counted:
            counted = False
            count = wire.unsigned(data, at, 1)
            at += 1
            several = []
            for _ in range(count):
                value, at = _field(field, data, at)
                several.append(value)
            fields.append(tuple(several))
        else:
            value, at = _field(field, data, at)
            fields.append(value)
    return fields


def _field(field, data, at):
    size = _SIZES.find(field) + 1
    if size:
        return wire.unsigned(data, at, size), at + size
    if field == "E":
        return wire.eui64(data, at), at + 8
    return wire.string(data, at)


def write(form, *fields):
    """The payload bytes of `fields` by the format `form`; a `?` ends where the fields do.

    Raises OverflowError for a number that does not fit its field.
    """
    out = []
    counted = False
    given = iter(fields)
    left = len(fields)
    optional = False
    for field in form:
        if field == "?":
            optional = True
        elif optional and not left:
            break
        elif field == "#":
            counted = True
        else:
            value = next(given)
            left -= 1
            if counted:
                counted = False
                out.append(wire.octets(len(value), 1))
                for one in value:
                    out.append(_octets(field, one))
            else:
                out.append(_octets(field, value))
    return b"".join(out)


def _octets(field, value):
    size = _SIZES.find(field) + 1
    if size:
        return wire.octets(value, size)
    if field == "E":
        return bytes(reversed(value))
    return wire.octets(len(value), 1) + value


def has_type(table, attribute, kind):
    """Whether the cluster table `table` gives `attribute` the ZCL type `kind`; None when it has no such attribute.

    A table is a row of three octets an attribute, id (little-endian) and type, in ascending order.
    """
    known = None
    for at in range(0, len(table), 3):
        if table[at] | table[at + 1] << 8 == attribute:
            if table[at + 2] == kind:
                return True
            known = False
    return known
