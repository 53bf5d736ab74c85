"""The other side of the board's UART: an XBee, the network behind it, and the scenario that moves them."""

import dataclasses
import random

from zigpy.zcl.clusters.smartenergy import Metering
from zigpy.zdo.types import Status, ZDOCmd

from tools.bench import meters, zdo
from tools.bench.capture import Capture
from tools.bench.changes import Changes
from tools.bench.frame import ZDO_PROFILE, Frame
from tools.bench.han import Han
from tools.bench.interview import Interview
from tools.bench.load import DAY, Load, electricity, gas
from tools.bench.provision_steps import STEPS as PROVISIONS
from tools.bench.provisions import Provisions
from tools.bench.steps import BOARD_STEPS, CHANGES, METERS, OTHERS
from tools.bench.tariff import Conversion, Tariff
from tools.bench.timeline import Timeline
from tools.bench.xbee import Xbee

ESME_NWK, GPF_NWK = 0x3F21, 0x8C02
# The display's endpoint for Smart Energy, by the public description of its UART.
DISPLAY_ENDPOINT = 1
# Invented; no distributor has the number 99.
SITES = {
    "electricity": "9900012345678",
    "gas": "9912345604",
    "other_electricity": "9900087654321",
    "other_gas": "9987654301",
}


class Bench:
    """A UART peer: it does nothing by itself but what falls due by the board's own milliseconds.

    faults: a sentence for each rule of UART, radio or ZDO that the board broke. answers: what the display said when
    the hub asked for its descriptors. tell: called with a plain sentence for whatever a story should mention.
    tariffs: {"electricity" or "gas": the Tariff of that meter}.
    """

    def __init__(self, scenario, capture=None, tell=None):
        """scenario: tools.bench.scenario.Scenario. capture: path of a pcap file to write, or None."""
        self.scenario = scenario
        self.faults = []
        self.tell = tell or (lambda sentence: None)
        self._timeline = Timeline()
        self._to_board = bytearray()
        self._dice = random.Random(scenario.seed)
        self._clock_known, self._clock_ahead = True, 0
        self._capture = Capture(capture, scenario.pan) if capture else None

        self.electricity_load, self.gas_load = self._loads(scenario.seed)
        self.tariffs = {fuel: self._tariff(fuel) for fuel in METERS}
        self._devices = {
            "hub": meters.communications_hub(scenario.eui64s["hub"], self._hub_time),
            "electricity": meters.electricity_meter(
                scenario.eui64s["electricity"],
                ESME_NWK,
                self.electricity_load,
                self.tariffs["electricity"],
                SITES["electricity"],
            ),
            "gas": meters.gas_proxy(scenario.eui64s["gas"], GPF_NWK, self.gas_load, self.tariffs["gas"], SITES["gas"]),
        }
        self._add_others(scenario.eui64s)
        self._han = Han(self._timeline, scenario, list(self._devices.values()), self._capture)
        self._interview = Interview(self._timeline, self._han, self._devices["hub"], self._fault)
        self.xbee = Xbee(self._timeline, self._han, self._to_board.extend, self._fault, scenario.radio)
        self._han.deliver = self.xbee.deliver
        changes = Changes(self._timeline, self._han, self._devices, DISPLAY_ENDPOINT, self.tell)
        provisions = Provisions(self._han, self._devices, DISPLAY_ENDPOINT, self.tell)
        for doer, steps in ((changes, CHANGES), (provisions, PROVISIONS)):
            for do in steps:
                setattr(self, "_do_" + do, getattr(doer, do))
        for n, step in enumerate(scenario.steps, 1):
            if step.do == "attribute":
                provisions.check_attribute(f"step {n}", **step.keys)
            if step.do not in BOARD_STEPS:
                self._timeline.at(step.ms, self._do, step)

    @property
    def answers(self):
        return self._interview.answers

    def server(self, device, cluster):
        """The Server of this cluster on a device of the scenario, such as "gas"."""
        return self._devices[device].serving(cluster).servers[cluster]

    @property
    def now(self):
        """Milliseconds since the start of the scenario."""
        return self._timeline.now

    def board_sent(self, data, ms):
        """Bytes that the board wrote at board millisecond `ms`."""
        self._timeline.run(ms)
        self.xbee.receive(data)

    def due(self):
        """The board millisecond at which something happens next without the board, or None."""
        return self._timeline.now if self._to_board else self._timeline.due()

    def advance(self, ms):
        """Do everything due up to `ms`; returns the bytes that are there for the board."""
        self._timeline.run(ms)
        data = bytes(self._to_board)
        self._to_board.clear()
        return data

    def close(self):
        """Finish the capture."""
        if self._capture is not None:
            self._capture.close()

    def _loads(self, seed):
        """Of electricity and gas, as the scenario says."""
        start, registers = self.scenario.start // DAY * DAY, self.scenario.load
        days, solar = registers.get("history_days", 0), registers.get("solar_watts", 0)
        shapes = {"electricity": lambda dice, date: electricity(dice, date, solar), "gas": gas}
        loads = [Load(shape, seed, start, registers.get(fuel, 0), days) for fuel, shape in shapes.items()]
        loads[0].exports = solar > 0
        return loads

    def _tariff(self, fuel):
        """As the scenario says, in force since its load is known; with nothing in it if it says nothing."""
        conversion = Conversion() if fuel == "gas" else None
        told = self.scenario.tariffs.get(fuel)
        if told is None:
            return Tariff(conversion=conversion)
        rates = [(self.electricity_load.origin, told["price"])] if "price" in told else []
        own = {key: told[key] for key in ("factor", "calorific_value") if key in told}
        conversion = dataclasses.replace(conversion, **own) if own else conversion
        labels = {key: told[key] for key in ("standing", "label", "trailing") if key in told}
        return Tariff(rates, conversion=conversion, **labels)

    def _add_others(self, eui64s):
        """Meters of another home, with a life of their own; nobody hears them until they are found."""
        loads = self._loads(self.scenario.seed + 1)
        makers = (meters.electricity_meter, ESME_NWK + 1), (meters.gas_proxy, GPF_NWK + 1)
        for name, (make, nwk), load in zip(OTHERS, makers, loads, strict=True):
            if name in eui64s:
                self._devices[name] = other = make(eui64s[name], nwk, load, site=SITES[name])
                other.name = "other " + other.name
                other.silent = True

    def _hub_time(self, utc):
        return utc + self._clock_ahead if self._clock_known else None

    def _fault(self, sentence):
        self.faults.append(f"{self._timeline.now} ms: {sentence}")

    def _do(self, step):
        getattr(self, "_do_" + step.do)(**step.keys)

    def _do_say(self, text):
        self.tell(text)

    def _do_lose(self, device):
        self._devices[device].silent = True
        self.tell(f"The {self._devices[device].name} goes silent.")

    def _do_find(self, device, nwk=None, key=True):
        found = self._devices[device]
        found.silent, found.has_key = False, key
        if nwk is not None:
            found.nwk = nwk
        here = "is there" if device in OTHERS else "is back"
        self.tell(f"The {found.name} {here}{'' if key else ', without a link key,'} and announces itself.")
        self._han.announce(found)

    def _do_claim(self, device, nwk=None):
        """It answers a question for meters that nobody asked, for itself or for the device with the address nwk."""
        claimant = self._devices[device]
        self.tell(f"The {claimant.name} claims to be a meter, unasked.")
        parameters = Status.SUCCESS, claimant.nwk if nwk is None else nwk, [claimant.serving(meters.METERING).number]
        payload = zdo.message(ZDOCmd.Match_Desc_rsp, claimant.sequence(), *parameters)
        to = self._han.display.nwk
        self._han.transmit(claimant, Frame(claimant.nwk, to, 0, 0, ZDO_PROFILE, ZDOCmd.Match_Desc_rsp, payload))

    def _do_report(self, device):
        self.tell(f"The {self._devices[device].name} reports of its own accord.")
        self._report(device, secured=True)

    def _do_unsecured(self, device):
        self.tell(f"A report in the name of the {self._devices[device].name} arrives without its link key.")
        self._report(device, secured=False)

    def _report(self, device, secured):
        attributes = [Metering.AttributeDefs.current_summ_delivered]
        if device == "electricity":
            attributes.append(Metering.AttributeDefs.instantaneous_demand)
        meter = self._devices[device]
        to = self._han.display.nwk
        self._han.transmit(
            meter, meter.report(meters.METERING, attributes, self._han.utc, to, DISPLAY_ENDPOINT, secured)
        )

    def _do_noise(self, bytes=64):
        self.tell(f"{bytes} bytes of noise hit the serial line.")
        self._to_board.extend(self._dice.randbytes(bytes))

    def _do_leave(self, away=0):
        self.tell("The radio falls off the network.")
        self._han.open = False
        self._timeline.after(away, self._reopen)
        self.xbee.association.leave()

    def _reopen(self):
        self._han.open = True

    def _do_reset(self):
        self.tell("The radio resets.")
        self.xbee.reset()

    def _do_ask(self):
        self.tell("The communications hub asks the display who it is.")
        self._interview.begin()

    def _do_clock(self, known=None, ahead=None):
        if known is not None:
            self._clock_known = known
            self.tell("The hub knows the time." if known else "The hub has lost the time.")
        if ahead is not None:
            self._clock_ahead = ahead // 1000
            self.tell(f"The hub's clock is {ahead // 60_000} minutes ahead." if ahead else "The hub's clock is right.")
