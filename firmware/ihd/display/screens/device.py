"""The Device screen: version, memory, record and refusals of the display itself; nothing on it is personal."""

from ihd.display import units


def draw(canvas, home):
    """Draw what changed.

    home: has utc, local, version, heap() (octets used and free), history (durable), note, refused (counts), radio
    (state) and guard (watches).
    """
    used, free = home.heap()
    total, why = _refusals(home.refused.counts)
    canvas.text(0, 0, 128, "THIS DISPLAY", units.clock(home.utc, home.local), inverse=True)
    canvas.text(0, 8, 128, "Version", home.version)
    canvas.text(0, 16, 128, "Memory", "%d of %d KB" % (used >> 10, used + free >> 10))
    if home.history.durable:
        canvas.text(0, 24, 128, "History", "in flash")
    else:
        canvas.text(0, 24, 128, home.note or "HISTORY IN MEMORY ONLY")
    canvas.text(0, 32, 128, "Keepers", _failing(home.guard.watches))
    canvas.text(0, 40, 128, "Refused", str(min(total, 9999999)))
    canvas.text(0, 48, 128, " most", why)
    canvas.text(0, 56, 128, "Radio", "not found" if home.radio.state == "missing" else "ok")


def _failing(watches):
    for watch in watches.values():
        if watch.failing:
            return "fails: " + watch.failing
    return "ok"


def _refusals(counts):
    """(how many in all, the reason that most of them have)."""
    total = most = 0
    why = units.UNKNOWN
    for each, count in counts.items():
        total += count
        if count > most:
            most, why = count, each
    return total, why.replace("_", " ")
