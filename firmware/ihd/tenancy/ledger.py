"""What is known of each meter's tenancy and supplier, durable in the journal."""

from micropython import const

from ihd import wire
from ihd.history.journal import (  # noqa: F401 - PENDING and APPLIED are named by those who use a Ledger
    ANSWERED,
    APPLIED,
    BINDING,
    DONE,
    FLOOR,
    HAS_ID,
    INTENT,
    NONE,
    PENDING,
    RECEIPT,
    RESUMED,
    VERIFIED,
)
from ihd.tenancy import event as events
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA
from ihd.tenancy.receipt import Receipt
from ihd.zcl import schema

_SCOPE = const(2)  # the bit at which a scope stands in a record's flags

_RECEIPT_FORM = "IIIHHI"  # floor, issuer event id, applied, sectors, slots, ms
_BINDING_FORM = "EBBI"  # EUI-64, metering and management endpoints, joined
_MOST = const(0xFFFF)


class Ledger:
    """Reads and writes `journal` (history.journal.Journal). What writes raises OSError, and costs one record."""

    def __init__(self, journal):
        self._journal = journal

    def floor(self, meter, scope=CONSUMER):
        """The floor of one scope, Zigbee UTC, 0 without one; of BOTH the lower one."""
        if scope == BOTH:
            return min(self.floor(meter, CONSUMER), self.floor(meter, SUPPLIER_DATA))
        record = self._journal.get(FLOOR, meter, scope)
        return wire.unsigned(record[3], 0, 4) if record else 0

    def put_floor(self, meter, scope, floor):
        """Set the floor of one scope."""
        self._journal.put(FLOOR, meter, scope, 0, 0, schema.write("I", floor))

    def event(self, what, meter, kind):
        """The event that is PENDING, or was APPLIED last; None without one."""
        record = self._journal.get(what, meter, kind)
        return None if record is None or record[1] & NONE else events.recorded(record)

    def put(self, what, meter, event):
        """Take `event` as PENDING or APPLIED."""
        flags, payload = event.record()
        self._journal.put(what, meter, event.kind, event.source, flags, payload)

    def nothing_pending(self, meter, kind):
        """Strike out what is pending."""
        self.strike(PENDING, meter, kind)

    def strike(self, what, meter, kind):
        """Nothing is PENDING, or was APPLIED, any more."""
        self._journal.put(what, meter, kind, 0, NONE, bytes(20))

    def begin(self, meter, event, scope):
        """INTENT: `event`, whose time is the floor, is to be carried out whatever happens."""
        flags, payload = event.record()
        self._journal.put(INTENT, meter, event.kind, event.source, flags | scope << _SCOPE, payload)

    def unfinished(self, meter, kind):
        """(event, scope) of an INTENT without DONE, or None."""
        record = self._journal.open_intent(meter, kind)
        return record and (events.recorded(record), record[1] >> _SCOPE & BOTH)

    def done(self, meter, kind):
        """DONE: close the INTENT."""
        self._journal.put(DONE, meter, kind, 0, 0, bytes(20))

    def put_receipt(self, receipt):
        """Keep `receipt`, and number it."""
        flags = VERIFIED | receipt.scope << _SCOPE | (0 if receipt.event_id is None else HAS_ID)
        if receipt.resumed:
            flags |= RESUMED
        payload = schema.write(
            _RECEIPT_FORM,
            receipt.floor,
            receipt.event_id or 0,
            events.NEVER if receipt.applied is None else receipt.applied,
            min(receipt.sectors, _MOST),
            min(receipt.slots, _MOST),
            receipt.ms,
        )
        receipt.number = self._journal.put(RECEIPT, receipt.meter, receipt.kind, receipt.source, flags, payload)

    def tidy(self):
        """Generator, an operation a step: have room for further records in good time. Raises OSError; begin again."""
        if self._journal.crowded():
            yield from self._journal.compact()

    def receipt_since(self, meter, kind):
        """The receipt of the open INTENT of this meter and kind, when only its DONE is missing; else None."""
        intent = self._journal.open_intent(meter, kind)
        for of_meter, kind_source, flags, number, payload in self._journal.receipts():
            if intent and of_meter == meter and kind_source & 0x0F == kind and number > intent[2]:
                floor, event_id, applied, sectors, slots, ms = schema.read(_RECEIPT_FORM, payload)
                event = events.Event(kind, kind_source >> 4, floor, event_id if flags & HAS_ID else None)
                at = None if applied == events.NEVER else applied
                scope = flags >> _SCOPE & BOTH
                receipt = Receipt(meter, event, scope, floor, at, sectors, slots, ms, bool(flags & RESUMED))
                receipt.number = number
                return receipt
        return None

    def binding(self, meter):
        """(EUI-64 in printed order, metering endpoint, management endpoint, joined or None, whether its first tenancy
        enquiry was answered) of the meter bound, or None."""
        record = self._journal.get(BINDING, meter, 0)
        if record is None or record[1] & NONE:
            return None
        address, metering, management, joined = schema.read(_BINDING_FORM, record[3])
        address = bytes(reversed(address))  # the journal has it in printed order
        return address, metering, management, None if joined == events.NEVER else joined, bool(record[1] & ANSWERED)

    def outlived(self, meter):
        """Whether this binding is older than a receipt of another home or of a factory reset, which ended it."""
        record = self._journal.get(BINDING, meter, 0)
        for of_meter, kind_source, _, number, _ in self._journal.receipts():
            if of_meter == meter and kind_source >> 4 >= events.HOME and number > record[2]:
                return True
        return False

    def put_binding(self, meter, device, joined, answered):
        """Bind `device` (han.directory.Device); joined: Zigbee UTC or None."""
        at = events.NEVER if joined is None else joined
        address = bytes(reversed(device.address))
        payload = schema.write(_BINDING_FORM, address, device.metering, device.management, at)
        self._journal.put(BINDING, meter, 0, 0, ANSWERED if answered else 0, payload)

    def release(self, meter):
        """Bind nothing as this meter, and forget what the one that was bound announced; its floors stay."""
        for kind in (0, 1):
            if self.unfinished(meter, kind):
                self.done(meter, kind)
        for what, kind in ((BINDING, 0), (PENDING, 0), (PENDING, 1), (APPLIED, 0), (APPLIED, 1)):
            if self._journal.get(what, meter, kind):
                self._journal.put(what, meter, kind, 0, NONE, bytes(20))
