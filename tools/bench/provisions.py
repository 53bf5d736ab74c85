"""The steps of a scenario that change what the meters charge, tell and hold."""

import copy

from tools.bench import messaging, spoiling
from tools.bench.checks import ScenarioError
from tools.bench.device_management import NOW, UPDATE_CIN, UPDATE_SITE_ID
from tools.bench.load import moment
from tools.bench.messaging import CancelAllMessages, CancelMessage, DisplayMessage
from tools.bench.meters import DEVICE_MANAGEMENT, MESSAGING, METERING, PREPAYMENT, PRICE
from tools.bench.price import PUBLISH_PRICE, Price
from tools.bench.tariff import Windows


class Provisions:
    """price, standing, message, prepayment, attribute, log, details, publish: the steps of those names, with their
    keys."""

    def __init__(self, han, devices, display_endpoint, tell):
        """devices: {name in scenarios: Device}. tell(sentence): for whatever a story should mention."""
        self._han = han
        self._devices = devices
        self._display_endpoint = display_endpoint
        self._tell = tell

    def price(self, device, price, when=NOW, event=None, publish=True, **wrong):
        """What is not genuine is published, and the meter knows nothing of it."""
        utc = self._han.utc
        start, event = when or utc, utc if event is None else event
        server, name = self._server(device, PRICE), self._devices[device].name
        if not _is_genuine(wrong):
            server = Price(copy.deepcopy(server.tariff))
            name = f"frame that pretends to be of the {name}"
        server.tariff.charge(start, price, event)
        told = "prices by the time of day" if isinstance(price, Windows) else f"a price of {price}"
        when = "now" if start == utc else f"from {moment(start)} UTC"
        self._tell(f"The {name} has {told}, {when}.")
        if publish:
            fields = server.publication(server.tariff.publication(start), utc)
            self._publish(device, PRICE, PUBLISH_PRICE, fields, **wrong)

    def standing(self, device, charge):
        self._server(device, PRICE).tariff.stand(self._han.utc, charge)
        self._tell(f"The {self._devices[device].name} has a standing charge of {charge} a day.")

    def message(self, device, text=None, id=None, control=0, cancel=False, cancel_all=False, publish=True, **keys):
        server, name, utc = self._server(device, MESSAGING), self._devices[device].name, self._han.utc
        wrong = {key: keys.pop(key) for key in ("secured", "spoil") if key in keys}
        held = server.message
        if text is not None:
            command, held = messaging.DISPLAY_MESSAGE, _message(text, utc if id is None else id, control, **keys)
            fields = held
            told = f"the message {text!r}"
        elif cancel:
            number = id if id is not None else held.message_id if held is not None else 0
            command, fields = messaging.CANCEL_MESSAGE, CancelMessage(message_id=number, control=control)
            held = None if held is not None and held.message_id == number else held
            told = "that its message is cancelled"
        else:
            command, fields, held = messaging.CANCEL_ALL_MESSAGES, CancelAllMessages(time=keys.get("start", NOW)), None
            told = "that all its messages are cancelled"
        if _is_genuine(wrong):
            server.tell(held, utc)
        else:
            name = f"frame that pretends to be of the {name}"
        self._tell(f"The {name} {'publishes' if publish else 'has'} {told}.")
        if publish:
            self._publish(device, MESSAGING, command, fields, **wrong)

    def prepayment(self, device, mode=None, spending=None, **balances):
        server = self._server(device, PREPAYMENT)
        server.mode = mode or server.mode
        server.spending = server.spending if spending is None else spending
        server.balances.update(balances)
        if "balance" in balances:
            server.since = self._han.utc
        said = ", ".join(f"{key} {value}" for key, value in balances.items())
        self._tell(f"The {self._devices[device].name} is in {server.mode} mode{f': {said}' if said else ''}.")

    def attribute(self, device, cluster, attribute, value):
        self._server(device, cluster).override(attribute, value)
        self._tell(f"The {self._devices[device].name} has attribute {attribute:#06x} of {cluster:#06x}: {value}.")

    def check_attribute(self, place, device, cluster, attribute, value):
        """Raises ScenarioError unless this step of an attribute can be done."""
        name = self._devices[device].name
        if all(cluster not in endpoint.servers for endpoint in self._devices[device].endpoints.values()):
            raise ScenarioError(f"{place}: the {name} serves no cluster {cluster:#06x}")
        try:
            self._server(device, cluster).overriding(attribute, value)
        except ValueError as error:
            raise ScenarioError(f"{place}: the {name}'s cluster {cluster:#06x}: {error}") from error

    def log(self, device, sampled=None, profile=None, gaps=None):
        server = self._server(device, METERING)
        server.sampled = server.sampled if sampled is None else sampled
        server.profile = server.profile if profile is None else profile
        server.gaps = server.gaps if gaps is None else gaps
        said = {"GetSampledData": sampled, "GetProfile": profile}
        told = [f"{'has' if value else 'lacks'} {command}" for command, value in said.items() if value is not None]
        told += [] if gaps is None else [f"has {len(gaps)} gaps in its log"]
        self._tell(f"The {self._devices[device].name} {', '.join(told)}.")

    def details(self, device, event=None, publish=False, secured=True, spoil=None, **fields):
        server, name = self._server(device, DEVICE_MANAGEMENT), self._devices[device].name
        genuine = _is_genuine({"secured": secured, "spoil": spoil})
        details = server.details if genuine else copy.copy(server.details)
        details.event = self._han.utc if event is None else event
        for field, value in fields.items():
            setattr(details, field, value)
        said = ", ".join(f"{field} {value}" for field, value in fields.items()) or "nothing new"
        name = name if genuine else f"frame that pretends to be of the {name}"
        self._tell(f"The {name} has been told: {said}.")
        for field, command in (("site", UPDATE_SITE_ID), ("cin", UPDATE_CIN)):
            if publish and field in fields:
                self._publish(device, DEVICE_MANAGEMENT, command, server.update(field, details), secured, spoil)

    def publish(self, device, cluster, command, payload="", times=1, **wrong):
        self._tell(f"The {self._devices[device].name} publishes command {command:#04x} of {cluster:#06x}.")
        for _ in range(times):
            self._publish(device, cluster, command, _Octets(bytes.fromhex(payload)), **wrong)

    def _server(self, device, cluster):
        return self._devices[device].serving(cluster).servers[cluster]

    def _publish(self, device, cluster, command, fields, secured=True, spoil=None):
        device = self._devices[device]
        to = self._han.display.nwk
        frame = device.command(cluster, command, fields, to, self._display_endpoint, secured)
        self._han.transmit(device, spoiling.spoil(frame, spoil))


class _Octets(bytes):
    """A payload without fields."""

    def serialize(self):
        return bytes(self)


def _is_genuine(wrong):
    return wrong.get("secured", True) and not wrong.get("spoil")


def _message(text, number, control, start=NOW, duration=messaging.UNTIL_CHANGED, extended=None):
    fields = {"message_id": number, "control": control, "start": start, "duration_minutes": duration}
    fields["message"] = text.encode()
    return DisplayMessage(**fields) if extended is None else DisplayMessage(**fields, extended_control=extended)
