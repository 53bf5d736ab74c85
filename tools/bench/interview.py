"""What the hub asks of the display's own node, one question at a time, and what the display answers."""

import zigpy.types as t
from zigpy.zcl import foundation
from zigpy.zcl.foundation import GeneralCommand, ZCLHeader
from zigpy.zdo.types import CLUSTERS, AddrRequestType, Status, ZDOCmd

from tools.bench import zcl, zdo
from tools.bench.frame import COORDINATOR, RX_ON_WHEN_IDLE, SMART_ENERGY_PROFILE, ZDO_PROFILE, Frame

PATIENCE_MS = 5000
BASIC, METERING = 0x0000, 0x0702
MANUFACTURER_NAME, MODEL_IDENTIFIER = 0x0004, 0x0005


class Interview:
    """answers: {name of the ZDO response: {parameter: value}}, "Simple_Desc_rsp N" for endpoint N, and "Basic N" with
    {attribute: value, or the status that stood for it}."""

    def __init__(self, timeline, han, hub, fault):
        self._timeline = timeline
        self._han = han
        self._hub = hub
        self._fault = fault
        self._questions = []
        self._pending = None
        self.answers = {}
        han.overhear = self._overhear

    @property
    def over(self):
        return not self._questions and self._pending is None

    def begin(self):
        nwk, eui64 = self._han.display.nwk, self._han.display.eui64
        single = AddrRequestType.Single
        self._questions = [
            (self._ask_zdo, ZDOCmd.Node_Desc_req, nwk),
            (self._ask_zdo, ZDOCmd.Power_Desc_req, nwk),
            (self._ask_zdo, ZDOCmd.IEEE_addr_req, nwk, single, 0),
            (self._ask_zdo, ZDOCmd.NWK_addr_req, eui64, single, 0),
            (self._ask_zdo, ZDOCmd.Match_Desc_req, nwk, SMART_ENERGY_PROFILE, [], [METERING]),
            (self._ask_zdo, ZDOCmd.Active_EP_req, nwk),
        ]
        self._next()

    def _next(self):
        self._pending = None
        if self._questions:
            ask, *question = self._questions.pop(0)
            ask(*question)

    def _ask_zdo(self, command, *parameters):
        tsn = self._hub.sequence()
        name = ZDOCmd(command | zdo.RESPONSE).name
        if command == ZDOCmd.Simple_Desc_req:
            name += f" {parameters[1]}"
        self._expect(name, tsn, lambda frame: self._read_zdo(name, frame))
        # Only an address is looked for by broadcast.
        to = RX_ON_WHEN_IDLE if command == ZDOCmd.NWK_addr_req else self._han.display.nwk
        self._transmit(Frame(COORDINATOR, to, 0, 0, ZDO_PROFILE, command, zdo.message(command, tsn, *parameters)))

    def _ask_basic(self, endpoint):
        tsn = self._hub.sequence()
        name = f"Basic {endpoint}"
        self._expect(name, tsn, lambda frame: self._read_basic(name, frame))
        payload = zcl.read_attributes(tsn, [MANUFACTURER_NAME, MODEL_IDENTIFIER])
        own = next(iter(self._hub.endpoints))
        self._transmit(Frame(COORDINATOR, self._han.display.nwk, own, endpoint, SMART_ENERGY_PROFILE, BASIC, payload))

    def _transmit(self, frame):
        self._han.transmit(self._hub, frame)

    def _expect(self, name, tsn, read):
        self._pending = (name, tsn, read)
        self._timeline.after(PATIENCE_MS, self._give_up, self._pending)

    def _give_up(self, pending):
        if self._pending is pending:
            self._fault(f"the display gave no {pending[0]} within {PATIENCE_MS // 1000} s")
            self._next()

    def _overhear(self, frame):
        """Frames that the display sent; those that answer the pending question are read."""
        if self._pending is None or frame.destination != COORDINATOR or len(frame.payload) < 3:
            return
        name, tsn, read = self._pending
        if frame.profile == ZDO_PROFILE:
            ours = name.startswith(ZDOCmd(frame.cluster).name) and frame.payload[0] == tsn
        else:
            ours = name == f"Basic {frame.source_endpoint}" and frame.payload[1] == tsn
        if not ours:
            return
        try:
            read(frame)
        except ValueError as error:
            self._fault(f"the display's {name} cannot be decoded: {error}")
        self._next()

    def _read_zdo(self, name, frame):
        names, schema = CLUSTERS[ZDOCmd(frame.cluster)]
        values, rest = t.deserialize(frame.payload[1:], schema)
        if rest:
            raise ValueError(f"{len(rest)} bytes too many")
        answer = dict(zip(names, values, strict=True))
        # zigpy takes a truncated descriptor for one left out.
        if answer["Status"] == Status.SUCCESS and any(answer[n] is None for n in names if n.endswith("Descriptor")):
            raise ValueError("its descriptor is missing or cut short")
        self.answers[name] = answer
        if name == "Active_EP_rsp" and answer["Status"] == Status.SUCCESS:
            for endpoint in answer["ActiveEPList"]:
                self._questions.append((self._ask_zdo, ZDOCmd.Simple_Desc_req, self._han.display.nwk, endpoint))
                self._questions.append((self._ask_basic, endpoint))

    def _read_basic(self, name, frame):
        header, body = ZCLHeader.deserialize(frame.payload)
        if header.command_id == GeneralCommand.Default_Response:
            refused, _ = foundation.DefaultResponse.deserialize(body)
            self.answers[name] = {BASIC: refused.status}
            return
        if header.command_id != GeneralCommand.Read_Attributes_rsp:
            raise ValueError(f"command 0x{header.command_id:02X} is no answer")
        response, _ = foundation.ReadAttributesResponse.deserialize(body)
        self.answers[name] = {
            int(record.attrid): record.status if record.value is None else record.value.value
            for record in response.status_records
        }
