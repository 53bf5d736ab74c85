"""What a board must still do after bad input, and the good frames that bad ones are made of."""

from test_tables import reasons_documented
from whole_board import WholeBoard, explicit, received

METERING = 0x0702
REASONS = {reason for reason, _ in reasons_documented()}
KWH = bytes.fromhex("0003 30 00" + "0103 22 010000" + "0203 22 e80300")


def report(watts):
    """A good report of the electricity meter: its unit and scale, and its power."""
    return received(METERING, bytes.fromhex("18770a") + KWH + b"\0\4\x2a" + (watts % (1 << 24)).to_bytes(3, "little"))


def bounded(board):
    """Whether nothing has grown beyond its bounds."""
    app = board.app
    held = app.exchange._requests, app.directory.devices, app.network.candidates, app.guard.queue, list(app.keepers)
    return set(board.counts) <= REASONS and all(len(each) <= 7 for each in held) and len(app.recorder._waiting) <= 96


def takes_a_report(board):
    """Whether a good frame still becomes a fact."""
    known = len(board.of("fact"))
    board.hear(report(-4321))
    return [(fact["what"], fact["value"]) for fact in board.of("fact")[known:]] == [("power", -4321)]


def reads_its_meter(board):
    """Whether the board asks and learns by itself in the minute and a half that follows."""
    known = len(board.of("fact"))
    board.run(90_000)
    return len(board.of("fact")) > known and bounded(board)


def added(board, stream):
    """What these bytes add: ({reason: refusals}, frames sent, other events told)."""
    counts, events = board.counts, len(board.events)
    sent = board.hear(stream)
    told = [event for event in board.events[events:] if event["event"] != "refused"]
    return {why: n - counts.get(why, 0) for why, n in board.counts.items() if n != counts.get(why, 0)}, sent, told


def again(told, payload):
    """A frame of the corpus with another payload."""
    names = ("cluster", "profile", "short", "source_endpoint", "endpoint", "options")
    return received(payload=payload, source=told["address"], **{name: told[name] for name in names})


def heard_at_home():
    """The fields of every frame that a board hears until it is at home and a little later."""
    board = WholeBoard()
    stream = bytearray()

    def tapped(data):
        stream.extend(data)
        return data

    board.line = tapped
    board.run(40_000)
    return explicit(bytes(stream))


CORPUS = heard_at_home()
KINDS = list({(told["profile"], told["cluster"], told["payload"][2:3]): told for told in CORPUS}.values())
