"""Octets from the air as text that is safe to show and to tell; loaded when there are some."""


def text(octets):
    """Printable ASCII as it is, anything else as a question mark; None and nothing as ""."""
    return bytes([octet if 32 <= octet < 127 else 63 for octet in octets or b""]).decode()


def lines(octets, width, most):
    """The text in at most `most` lines of `width` characters, broken at spaces where there are any.

    The last line of a text that is longer ends with three points.
    """
    rest = text(octets)
    found = []
    while rest and len(found) < most:
        end = len(rest)
        if end > width:
            end = rest.rfind(" ", 0, width + 1)
            end = end if end > 0 else width
        found.append(rest[:end])
        rest = rest[end:].lstrip()
    if rest:
        found[-1] = found[-1][: width - 3] + "..."
    return found
