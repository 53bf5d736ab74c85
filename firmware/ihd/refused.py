"""Counts what was refused, by reason. The reasons are these, so the counts cannot grow without bound:

noise              octets outside any API frame
checksum           an API frame whose checksum is wrong
length             an API frame longer than an XBee sends, cut short, or too short for its type
api_type           an API frame type we do not use
profile            neither ZDO nor Smart Energy
endpoint           not addressed to our endpoint
zdo                a ZDO request we do not handle
malformed          a payload that ends too early
unsecured          a Smart Energy cluster without APS encryption
stranger           from no meter, or no trust centre, of ours
unasked            a response to no question of ours
broadcast          a change of tenancy or supplier that was told to all
stale              a change of tenancy or supplier that a later one has overtaken
before_floor       usage, or a message, from before a change of tenancy or supplier
cluster            a cluster we do not have
command            a command we do not have
attribute_type     an attribute with another type than its specification gives it
value              a number that its meter's unit, scale or past makes impossible
flash              a half-hour that the history's flash did not take
clock              a half-hour from a clock that is behind most of the record
not_synchronised   time from a clock that says that it is not set
default_response   the peer refused something we sent
busy               we could not answer: no room, or our own address is not known yet
"""


class Refused:
    """One cumulative count a reason, and which of them changed since they were last told."""

    def __init__(self):
        self.counts = {}
        self._changed = set()

    def count(self, why):
        """One more refusal for the reason `why`."""
        self.counts[why] = self.counts.get(why, 0) + 1
        self._changed.add(why)

    def tell(self, emit):
        """Emit a `refused` event for every count that changed since the last call."""
        while self._changed:
            why = self._changed.pop()
            emit("refused", why=why, count=self.counts[why])
