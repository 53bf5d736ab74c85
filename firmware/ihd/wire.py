"""Little-endian ZCL values in a buffer, with their types and non-values.

Source: ZCL 8, 2.6.2 (data types). Offsets are into any buffer that can be indexed and sliced.
"""

from micropython import const

U8 = const(0x20)
ENUM8 = const(0x30)
CHARS = const(0x42)
_BOOL = const(0x10)
_OCTETS = const(0x41)
_EUI64 = const(0xF0)


class Malformed(ValueError):
    """The bytes end before, or are not, what they claim to be; ZCL status MALFORMED_COMMAND (0x80)."""


def unsigned(data, at, size):
    """The unsigned integer of `size` octets at `at`. Raises Malformed when the data end before it does."""
    end = at + size
    if end > len(data):
        raise Malformed
    value = 0
    while end > at:  # int.from_bytes would cost a slice, 32 octets of heap
        end -= 1
        value = value << 8 | data[end]
    return value


def signed(data, at, size):
    """The two's-complement integer of `size` octets at `at`. Raises Malformed."""
    value = unsigned(data, at, size)
    top = 1 << (8 * size - 1)
    return value - (top << 1) if value & top else value


def octets(value, size):
    """The unsigned integer `value` as `size` little-endian octets. Raises OverflowError when it does not fit."""
    if not 0 <= value < 1 << 8 * size:
        raise OverflowError
    return value.to_bytes(size, "little")


def string(data, at):
    """The octet string at `at` as (bytes or None for the non-value, offset behind it). Raises Malformed."""
    length = unsigned(data, at, 1)
    if length == 0xFF:
        return None, at + 1
    end = at + 1 + length
    if end > len(data):
        raise Malformed
    return bytes(data[at + 1 : end]), end


def printable(octets):
    """Octets from the air as text that is safe to tell or show: what is not printable ASCII as a question mark.

    None and nothing as "".
    """
    return bytes([octet if 32 <= octet < 127 else 63 for octet in octets or b""]).decode()


def size_of(kind):
    """Octets of a fixed-size ZCL type; 0 when it has none of its own or is unknown."""
    if 0x08 <= kind < 0x10 or 0x18 <= kind < 0x30:
        return (kind & 7) + 1
    if kind == _BOOL or kind == ENUM8:
        return 1
    if kind == 0x31 or kind == 0x38 or kind == 0xE8 or kind == 0xE9:
        return 2
    if kind == 0x39 or 0xE0 <= kind <= 0xE2 or kind == 0xEA:
        return 4
    if kind == 0x3A or kind == _EUI64:
        return 8
    return 16 if kind == 0xF1 else 0


def attribute(kind, data, at):
    """The attribute value of ZCL type `kind` at `at`: (value, offset behind it).

    Integers for numbers, bitmaps, enumerations and times; bytes for strings; None for the type's non-value
    and for a type that is stepped over unread (floating point). Raises Malformed for long strings, collections and
    unknown types, which are not stepped over: nothing behind them is read.
    """
    size = size_of(kind)
    if size:
        if 0x28 <= kind < 0x30:
            value = signed(data, at, size)
            return (None if value == -1 << (8 * size - 1) else value), at + size
        value = unsigned(data, at, size)
        if 0x38 <= kind <= 0x3A:  # floating point
            value = None
        elif data[at] == 0xFF and value == (1 << 8 * size) - 1 and (kind >= 0x20 or kind == _BOOL):
            value = None  # data and bitmaps have no non-value; most values spare the large integers of this test
        return value, at + size
    if kind == _OCTETS or kind == CHARS:
        return string(data, at)
    raise Malformed


def eui64(data, at):
    """The EUI-64 at `at` as 8 bytes in the order in which it is printed. Raises Malformed."""
    if at + 8 > len(data):
        raise Malformed
    return bytes(reversed(bytes(data[at : at + 8])))


def hex_text(data):
    """Lower-case hex digits of `data`, two a byte."""
    return "".join("%02x" % byte for byte in data)
