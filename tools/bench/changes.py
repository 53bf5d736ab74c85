"""The steps of a scenario that change what the meters say of tenancy and supplier."""

from tools.bench.device_management import (
    COMMANDS,
    KINDS,
    NO_TIME,
    NONE,
    NOW,
    PUBLICATIONS,
    PUBLISH,
)
from tools.bench.load import moment
from tools.bench.meters import DEVICE_MANAGEMENT
from tools.bench.spoiling import spoil
from tools.bench.steps import ATTRIBUTE, EACH_BIT, PUBLISHED

# Clear IHD Data - Consumer: what GB sends with a change of tenancy.
CLEAR_CONSUMER_DATA = 0x00000200


class Changes:
    """tenancy, supplier, management: the steps of those names, with their keys."""

    def __init__(self, timeline, han, devices, display_endpoint, tell):
        """devices: {name in scenarios: Device}. tell(sentence): for whatever a story should mention."""
        self._timeline = timeline
        self._han = han
        self._devices = devices
        self._display_endpoint = display_endpoint
        self._tell = tell

    def tenancy(self, device, **keys):
        self._change("tenancy", device, {"provider_id": 0}, **keys)

    def supplier(self, device, current=0, proposed=0, name="", contact="", **keys):
        fields = {
            "current_provider_id": current,
            "proposed_provider_id": proposed,
            "proposed_provider_name": name.encode(),
            "proposed_provider_contact": contact.encode(),
        }
        self._change("supplier", device, fields, **keys)

    def management(self, device, kind=None, command=None, attributes=None, secured=None, spoil=None):
        server = self._server(device)
        for offer in [server.offers[each] for each in KINDS if kind in (None, each)]:
            offer.command = command or offer.command
            offer.attributes = attributes or offer.attributes
        server.secured = server.secured if secured is None else secured
        if spoil is not None:
            server.spoil = None if spoil == NONE else spoil
        chosen = {"command": command, "attributes": attributes, "secured": secured, "spoiled in": spoil}
        said = ", ".join(f"{key} {value}" for key, value in chosen.items() if value is not None)
        self._tell(f"The {self._devices[device].name} answers otherwise on {kind or 'tenancy and supplier'}: {said}.")

    def _change(self, kind, device, fields, when=None, event=None, control=CLEAR_CONSUMER_DATA, cancel=False, **how):
        offer = self._server(device).offers[kind]
        if event is None:
            event = offer.published.issuer_event_id if cancel and offer.published else self._han.utc
        if control == EACH_BIT:
            control, how["each"] = 1, True
        fields = fields | {"issuer_event_id": event, "tariff_type": 0, "control": control}
        publication = PUBLICATIONS[kind](**fields, time=NO_TIME if cancel else when)
        self._bring(kind, device, offer, publication, **how)

    def _bring(self, kind, device, offer, publication, how=PUBLISHED, times=1, every=1, each=False, **wrong):
        """wrong: what is not as it should be, of secured, sender, endpoint and spoil."""
        name = self._devices[device].name
        if how == ATTRIBUTE:
            offer.published = None
            if publication.time == NOW:
                # An attribute cannot say "now".
                publication = publication.replace(time=self._han.utc)
            offer.attributes = NONE if publication.time == NO_TIME else publication
            self._tell(f"The {name} holds {_told(kind, publication)} in its attributes.")
            return
        genuine = self._is_genuine(device, **wrong)
        if genuine:
            offer.published, offer.command = publication, PUBLISH
        if how == PUBLISHED:
            fault = wrong.get("spoil")
            name = name if genuine or fault else f"frame that pretends to be of the {name}"
            self._tell(f"The {name} publishes {_told(kind, publication)}{f', with a fault: {fault}' if fault else ''}.")
            publications = _of_each_bit(publication) if each else [publication] * times
            for n, one in enumerate(publications):
                self._timeline.after(n * every * 1000, self._publish, kind, device, one, wrong)
        else:
            self._tell(f"The {name} will publish {_told(kind, publication)} to whoever asks.")

    def _is_genuine(self, device, secured=True, sender=None, endpoint=None, spoil=None):
        return secured and sender in (None, device) and endpoint in (None, self._own_endpoint(device)) and not spoil

    def _publish(self, kind, device, publication, wrong):
        device = self._devices[device]
        sender = self._devices.get(wrong.get("sender"), device)
        frame = device.command(
            DEVICE_MANAGEMENT,
            COMMANDS[kind],
            publication,
            self._han.display.nwk,
            self._display_endpoint,
            wrong.get("secured", True),
            sender=sender,
            endpoint=wrong.get("endpoint"),
        )
        self._han.transmit(sender, spoil(frame, wrong.get("spoil")))

    def _server(self, device):
        return self._devices[device].serving(DEVICE_MANAGEMENT).servers[DEVICE_MANAGEMENT]

    def _own_endpoint(self, device):
        return self._devices[device].serving(DEVICE_MANAGEMENT).number


def _of_each_bit(publication):
    """The publication with each control bit alone, then with all; each is an event of its own."""
    controls = [1 << bit for bit in range(32)] + [0xFFFFFFFF]
    first = publication.issuer_event_id
    return [publication.replace(issuer_event_id=first + n, control=control) for n, control in enumerate(controls)]


def _told(kind, publication):
    if publication.time == NO_TIME:
        return f"that a change of {kind} is cancelled"
    when = "now" if publication.time == NOW else f"at {moment(publication.time)} UTC"
    return f"a change of {kind}, {when}"
