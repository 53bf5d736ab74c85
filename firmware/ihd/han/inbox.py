"""What becomes of a received frame: checked, matched to its request, handed on, answered.

Source for the answers: ZCL 8, 2.5.12 (Default Response); Smart Energy 1.4, 5.4.6 (unsecured frames).
"""

from micropython import const

from ihd import on_demand, wire
from ihd import radio as radios
from ihd.han import security, zdo
from ihd.han.exchange import OWN
from ihd.zcl import frame, general
from ihd.zcl.clusters import metering

_TIME = const(0x000A)
_PRICE = const(0x0700)
_MESSAGING = const(0x0703)
_DEVICE_MANAGEMENT = const(0x0708)
_PUBLISH_CHANGE_OF_SUPPLIER = const(0x01)  # and of tenancy, 0x00

# ZCL 8, table 2-12
_FAILURE = const(0x01)
_NO_REFUSALS = b"\x00\x8b" + general.UNSUPPORTED  # done; there is none, or no such thing: clusters are optional
_MALFORMED_COMMAND = const(0x80)
_UNSUP_CLUSTER_COMMAND = const(0x81)
_UNSUP_GENERAL_COMMAND = const(0x82)
_UNSUP_MANUF_CLUSTER_COMMAND = const(0x83)
_UNSUP_MANUF_GENERAL_COMMAND = const(0x84)
_UNSUPPORTED_CLUSTER = const(0xC3)

_LATE = b"\x00\x03\x07"  # of Metering: answers, of which the second comes too late


class Inbox:
    """Sorts the frames of `radio`.

    reported(device, payload, now): a report of the bound meter `device`. published(device, command, payload, now): a
    change of tenancy or supplier that it published unasked. heard(device, indication, sequence, command, payload, now,
    asked): whatever else it publishes, and whether we asked for it. Both return the ZCL status of our answer, or None.
    """

    def __init__(self, radio, exchange, directory, network, timekeeper, refused, reported, published, heard):
        self._radio = radio
        self._exchange = exchange
        self._directory = directory
        self._network = network
        self._timekeeper = timekeeper
        self._refused = refused
        self._reported = reported
        self._published = published
        self._heard = heard

    def take(self, indication, now):
        """Handle one frame at ticks `now`; bad ones are counted, and answered where the standard wants it."""
        if indication.profile == zdo.PROFILE:
            try:
                self._zdo(indication, now)
            except wire.Malformed:
                self._refused.count("malformed")
        elif indication.profile != zdo.SMART_ENERGY:
            self._refused.count("profile")
        elif indication.endpoint != zdo.ENDPOINT and indication.endpoint != 0xFF:
            self._refused.count("endpoint")
        else:
            self._zcl(indication, now)

    def _zdo(self, indication, now):
        cluster = indication.cluster
        payload = indication.payload
        if cluster == zdo.DEVICE_ANNCE:
            self._network.announced(payload, now)
        elif cluster & zdo.RESPONSE:
            request = self._exchange.match(indication, cluster & 0x7FFF, wire.unsigned(payload, 0, 1))
            if request:
                request.dialogue.answered(cluster, payload[1:], now)
            elif cluster == zdo.RESPONSE | zdo.MATCH_DESC_REQ:
                self._network.matched(indication)
            else:
                self._refused.count("unasked")
        else:
            on_demand.load("ihd.han.descriptors").serve(indication, self._radio, self._exchange, self._refused)
            on_demand.drop("ihd.han.descriptors")

    def _zcl(self, indication, now):
        cluster = indication.cluster
        try:
            control, sequence, command, at = frame.read(indication.payload)
        except wire.Malformed:
            self._refused.count("malformed")
            return
        if security.needs_aps(cluster) and not indication.secured:
            self._refused.count("unsecured")
            self._default_response(indication, control, sequence, command, _FAILURE)
            return
        payload = indication.payload[at:]
        own = control & frame.CLUSTER_SPECIFIC
        if general.is_answer(control, command):
            self._answer(indication, cluster, control, sequence, command, payload, now)
            return
        if control & frame.MANUFACTURER_SPECIFIC:
            self._refused.count("command")
            status = _UNSUP_MANUF_CLUSTER_COMMAND if own else _UNSUP_MANUF_GENERAL_COMMAND
        else:
            try:
                status = self._unasked(indication, control, sequence, command, payload, now)
            except wire.Malformed:
                self._refused.count("malformed")
                status = _MALFORMED_COMMAND
        if status is not None:
            self._default_response(indication, control, sequence, command, status)

    def _answer(self, indication, cluster, control, sequence, command, payload, now):
        if control & frame.MANUFACTURER_SPECIFIC or not control & frame.FROM_SERVER or indication.broadcast:
            self._refused.count("unasked")
            return
        if cluster == _TIME and not self._timekeeper.accepts(indication):
            return
        if command == general.DEFAULT_RESPONSE and payload:
            request = self._exchange.match(indication, cluster, sequence, None, payload[0])
        else:
            request = self._exchange.match(indication, cluster, sequence, command)
        if request is None:
            self._refused.count("unasked")
            return
        if indication.short != radios.UNKNOWN_SHORT:
            device = self._directory.find(indication.source)
            if device:
                device.short = indication.short
        refused = command == general.DEFAULT_RESPONSE and len(payload) > 1 and payload[1] not in _NO_REFUSALS
        if refused and cluster != _DEVICE_MANAGEMENT:  # an enquiry is told a meter's state in them
            self._refused.count("default_response")
        request.dialogue.answered(command, payload, now)

    def _unasked(self, indication, control, sequence, command, payload, now):
        """Handle a command that answers nothing; returns the status of its Default Response or None for none."""
        cluster = indication.cluster
        known = zdo.CLIENTS if control & frame.FROM_SERVER else zdo.SERVERS
        if cluster not in known:
            self._refused.count("cluster")
            return _UNSUPPORTED_CLUSTER
        if not control & frame.CLUSTER_SPECIFIC:
            if command == general.REPORT_ATTRIBUTES and cluster == metering.CLUSTER:
                return self._report(indication, payload, now)
            if command == general.READ_ATTRIBUTES and known is zdo.SERVERS:
                self._read(indication, sequence, payload)
                return None
        elif control & frame.FROM_SERVER:
            request = (
                None if indication.broadcast else self._exchange.match(indication, cluster, sequence, OWN | command)
            )
            change = cluster == _DEVICE_MANAGEMENT and command <= _PUBLISH_CHANGE_OF_SUPPLIER
            if not change and cluster in (_PRICE, _MESSAGING, _DEVICE_MANAGEMENT):
                if request is None:
                    return self._publication(indication, sequence, command, payload, now)
                try:
                    self._publication(indication, sequence, command, payload, now, True)
                except wire.Malformed:
                    self._refused.count("malformed")
                request.dialogue.answered(OWN | command, payload, now)
                return None
            if request:
                request.dialogue.answered(OWN | command, payload, now)
                return None
            if change:
                return self._publication(indication, None, command, payload, now)
            if cluster == metering.CLUSTER and command in _LATE:
                self._refused.count("unasked")
                return general.SUCCESS
        self._refused.count("command")
        own = control & frame.CLUSTER_SPECIFIC
        return _UNSUP_CLUSTER_COMMAND if own else _UNSUP_GENERAL_COMMAND

    def _report(self, indication, payload, now):
        device = self._directory.find(indication.source)
        if device is None or not device.bound or device.metering != indication.source_endpoint:
            self._refused.count("stranger")
            return general.SUCCESS
        self._reported(device, payload, now)
        return general.SUCCESS

    def _publication(self, indication, sequence, command, payload, now, asked=False):
        """What a bound meter publishes to us alone. A change, without sequence, counts from its own endpoint only."""
        device = self._directory.find(indication.source)
        managed = indication.cluster != _DEVICE_MANAGEMENT
        if device is None or not device.bound or not (managed or device.management == indication.source_endpoint):
            self._refused.count("stranger")
            return general.SUCCESS
        if indication.broadcast:
            self._refused.count("broadcast")
            return None
        if sequence is None:
            return self._published(device, command, payload, now)
        return self._heard(device, indication, sequence, command, payload, now, asked)

    def _read(self, indication, sequence, payload):
        """Answer Read Attributes of our Basic cluster."""
        server = on_demand.load("ihd.han.basic_server")
        on_demand.drop(*server.WITH)
        self._exchange.send(indication, indication.cluster, server.read(sequence, payload), bool(indication.secured))

    def _default_response(self, indication, control, sequence, command, status):
        """Answer with `status`, as secured as the frame itself was; never a broadcast or a Default Response."""
        if indication.broadcast or not control & frame.CLUSTER_SPECIFIC and command == general.DEFAULT_RESPONSE:
            return
        manufacturer = bytes(indication.payload[1:3]) if control & frame.MANUFACTURER_SPECIFIC else b""
        answer = general.default_response(control, sequence, command, status, manufacturer)
        if answer:
            self._exchange.send(indication, indication.cluster, answer, bool(indication.secured))
