"""The Searching screen: what is looked for and how far that is."""

_TICK = "\xac"  # where the face has its tick

# radio: (word for the radio, word for the network)
_RADIO = {
    "missing": ("not found", "waiting"),
    "starting": ("starting", "waiting"),
    "joining": ("ready", "joining"),
    "joined": ("ready", "joined"),
}


def draw(canvas, radio, time_known, electricity, gas, note):
    """Draw what changed.

    radio: "missing", "starting", "joining" or "joined". time_known: whether the HAN has told the time.
    electricity, gas: a meter (lost) or None when none is bound. note: up to 25 characters or "".
    """
    radio_word, network = _RADIO[radio]
    joined = radio == "joined"
    canvas.text(0, 0, 128, "LOOKING FOR YOUR METERS", inverse=True)
    _line(canvas, 16, "Radio", radio_word, radio in ("joining", "joined"))
    _line(canvas, 24, "Network", network, joined)
    _line(canvas, 32, "Time", "known" if time_known else "asking" if joined else "waiting", time_known)
    _meter(canvas, 40, "Electricity", electricity, joined)
    _meter(canvas, 48, "Gas", gas, joined)
    if not note and (electricity or gas):
        canvas.text(0, 56, 128, "NEXT: I have moved in")
    else:
        canvas.text(0, 56, 128, note, inverse=bool(note))


def _meter(canvas, y, name, meter, joined):
    if meter is None:
        _line(canvas, y, name, "asking" if joined else "waiting", False)
    else:
        _line(canvas, y, name, "no answer" if meter.lost else "found", not meter.lost)


def _line(canvas, y, name, word, done):
    """A tick when done, the name, dots that lead the eye, and the word."""
    dots = 21 - len(name) - len(word)
    left = _TICK + " " if done else "  "
    canvas.text(0, y, 128, left + name + " " + "." * (dots if dots > 1 else 0), word)
