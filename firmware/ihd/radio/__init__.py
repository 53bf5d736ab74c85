"""The Radio contract: what the rooms above ask of any radio.

poll(now) returns one of the kinds below, or None when there is nothing more; what it means stands in attributes of
the radio until the next poll:
    INDICATION  radio.indication, whose payload is a view that the next poll overwrites
    DELIVERY    radio.token, radio.delivered: whether a frame sent earlier got through
    NETWORK     radio.state, one of the states below
send(...) returns a token, never 0, that a later DELIVERY names, or None when there is no room now; a DELIVERY may
also never come.
It is a keeper too (tenancy.keepers): what it received must not outlive the poll that found nothing more.
wake(now) returns the milliseconds until poll wants to be called though nothing is received.
"""

from micropython import const

INDICATION = const(1)
DELIVERY = const(2)
NETWORK = const(3)

MISSING = "missing"  # no answer from the module
STARTING = "starting"  # it answers and is being set up
JOINING = "joining"  # no network yet
JOINED = "joined"

COORDINATOR = bytes(8)  # the coordinator's address while its EUI-64 is not known
BROADCAST = b"\0\0\0\0\0\0\xff\xff"
UNKNOWN = b"\xff" * 8  # an indication's source when the radio does not know it; to send to: by the network address
UNKNOWN_SHORT = const(0xFFFE)


class Indication:
    """One received frame.

    source: EUI-64, 8 bytes in printed order. short: network address. profile, cluster, source_endpoint, endpoint.
    secured: APS-encrypted: True, False, or None where the radio cannot tell. broadcast. payload: view of the bytes.
    """

    def __init__(self):
        self.source = COORDINATOR
        self.short = UNKNOWN_SHORT
        self.source_endpoint = self.endpoint = 0
        self.cluster = self.profile = 0
        self.broadcast = False
        self.secured = None
        self.payload = b""


def sized(value, size):
    """The AT value with leading zeros up to `size` octets; None without one, or when it is longer."""
    return bytes(size - len(value)) + value if value and len(value) <= size else None
