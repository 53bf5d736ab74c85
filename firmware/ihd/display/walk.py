"""Where the keys lead: screens in a ring, and questions at its end. What would have nothing to say is stepped over.

Loaded when a key is pressed. The places of the ring are numbered; at the first stands what the home's state asks for.
"""

from micropython import const

_PLACES = const(7)
_USAGE = const(1)  # of electricity, then of gas
_FACTORY_RESET = const(5)  # the questions come last
_MOVED_IN = const(6)

_QUESTION_MS = const(60000)  # a question that nobody answers goes away, and so does a screen that nobody turns any more
_LOOK_MS = const(300000)


def turn(key, place, sure, standing, home):
    """What follows from a key: (place, whether its question is asked for the second time, for how many ms it stands).

    0 ms: that was the last word of a question, and it was passed on. standing: the name of the screen that stands at
    `place`. home: has utc, electricity, gas, moved_in() and factory_reset().
    """
    if sure:
        if key != "next":
            return 0, False, _LOOK_MS
        if place == _MOVED_IN:
            home.moved_in()
        else:
            home.factory_reset()
        return 0, False, 0
    if standing == "fresh_start":
        return 0, False, _LOOK_MS
    if key == "select":
        sure = place >= _FACTORY_RESET
    else:
        place = _next(place, 1 if key == "next" else -1, standing, home)
    return place, sure, _QUESTION_MS if place >= _FACTORY_RESET else _LOOK_MS


def _next(place, step, standing, home):
    """The place behind or before. Where Checking or Searching stands, the question whether to forget comes next."""
    if place == 0 and step > 0 and standing in ("checking", "searching") and _is_there(_MOVED_IN, home):
        return _MOVED_IN
    while True:
        place = (place + step) % _PLACES
        if _is_there(place, home):
            return place


def _is_there(place, home):
    if place == _MOVED_IN:
        return home.electricity is not None or home.gas is not None
    if place == _USAGE:
        return home.utc is not None and home.electricity is not None
    if place == _USAGE + 1:
        return home.utc is not None and home.gas is not None
    return True
