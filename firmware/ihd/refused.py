"""Counts what was refused, by reason; the reasons are the constants below, so the counts cannot grow without bound."""

NOISE = "noise"  # bytes outside any API frame
CHECKSUM = "checksum"
LENGTH = "length"  # an API frame longer than an XBee sends, or too short for its type
API_TYPE = "api_type"  # an API frame type we do not use
PROFILE = "profile"  # neither ZDO nor Smart Energy
ENDPOINT = "endpoint"  # not addressed to our endpoint
ZDO = "zdo"  # a ZDO request or response we do not handle
MALFORMED = "malformed"  # a payload that ends too early
UNSECURED = "unsecured"  # a Smart Energy cluster without APS encryption
STRANGER = "stranger"  # from no meter of ours
UNASKED = "unasked"  # a response to no question of ours
CLUSTER = "cluster"  # a cluster we do not have
COMMAND = "command"  # a command we do not have
ATTRIBUTE_TYPE = "attribute_type"  # an attribute with another type than its specification gives it
VALUE = "value"  # a number that its meter's unit, scale or past makes impossible
NOT_SYNCHRONISED = "not_synchronised"  # time from a clock that says that it is not set
DEFAULT_RESPONSE = "default_response"  # the peer refused something we sent
BUSY = "busy"  # we had no room to ask or answer

REASONS = (
    NOISE,
    CHECKSUM,
    LENGTH,
    API_TYPE,
    PROFILE,
    ENDPOINT,
    ZDO,
    MALFORMED,
    UNSECURED,
    STRANGER,
    UNASKED,
    CLUSTER,
    COMMAND,
    ATTRIBUTE_TYPE,
    VALUE,
    NOT_SYNCHRONISED,
    DEFAULT_RESPONSE,
    BUSY,
)


class Refused:
    """One cumulative count a reason, and which of them changed since they were last told."""

    def __init__(self):
        self._counts = {}
        self._changed = set()

    def count(self, why):
        """One more refusal for the reason `why`, one of REASONS."""
        self._counts[why] = self._counts.get(why, 0) + 1
        self._changed.add(why)

    def of(self, why):
        """How often something was refused for the reason `why`."""
        return self._counts.get(why, 0)

    def tell(self, emit):
        """Emit a `refused` event for every count that changed since the last call."""
        while self._changed:
            why = self._changed.pop()
            emit("refused", why=why, count=self._counts[why])
