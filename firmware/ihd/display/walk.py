"""Where the keys lead: screens in a ring, and questions at its end. What would have nothing to say is stepped over.

Loaded when a key is pressed. The places of the ring are numbered; at the first stands what the home's state asks for.
"""

from micropython import const

_PLACES = const(16)
_GAS = (2, 3, 5, 7, 9)  # of which fuel a place tells
_ELECTRICITY = (1, 4, 6, 8)
_PAGED = (4, 5, 8, 9)  # SELECT turns the page; the screen knows how many it has
_MESSAGES = const(10)
_FACTORY_RESET = const(14)  # the questions come last
_MOVED_IN = const(15)

_QUESTION_MS = const(60000)  # a question that nobody answers goes away, and so does a screen that nobody turns any more
_LOOK_MS = const(300000)


def turn(key, place, page, standing, home):
    """What follows from a key: (place, its page, for how many ms it stands).

    0 ms: that was the last word of a question, and it was passed on. page: 1 of a question: it is asked for the second
    time. standing: the name of the screen that stands at `place`. home: has utc, electricity, gas, moved_in(),
    factory_reset() and confirm().
    """
    if place >= _FACTORY_RESET and page:
        if key != "next":
            return 0, 0, _LOOK_MS
        if place == _MOVED_IN:
            home.moved_in()
        else:
            home.factory_reset()
        return 0, 0, 0
    if standing == "fresh_start":
        return 0, 0, _LOOK_MS
    if key != "select":
        place, page = _next(place, 1 if key == "next" else -1, standing, home), 0
    elif place in _PAGED:
        page += 1
    elif place == _MESSAGES:
        home.confirm()
    else:
        page = int(place >= _FACTORY_RESET)
    return place, page, _QUESTION_MS if place >= _FACTORY_RESET else _LOOK_MS


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
    if place in _ELECTRICITY:
        return home.utc is not None and home.electricity is not None
    if place in _GAS:
        return home.utc is not None and home.gas is not None
    return True
