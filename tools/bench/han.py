"""The Home Area Network behind the radio: who is on it, what reaches whom, and when."""

import random

from zigpy.zdo.types import MACCapabilityFlags, ZDOCmd

from tools.bench import zdo
from tools.bench.devices import Device, Endpoint
from tools.bench.frame import ALL_DEVICES, ZDO_PROFILE, Frame

DISPLAY_NWK = 0x5AD1
# Radio, stack and application of a device take this long to answer.
SHORTEST_MS, LONGEST_MS = 40, 120
ROUTER_ON_MAINS = (
    MACCapabilityFlags.FullFunctionDevice
    | MACCapabilityFlags.MainsPowered
    | MACCapabilityFlags.RxOnWhenIdle
    | MACCapabilityFlags.AllocateAddress
)
# What a module says of itself while the board leaves ZDO to it.
DIGI_ENDPOINTS = [Endpoint(number, 0, {}, profile=0xC105) for number in (0xE6, 0xE8)]


class Han:
    """pan, extended_pan, channel, link_key: what a joiner has to match; open: whether it may join at all."""

    def __init__(self, timeline, scenario, devices, capture=None):
        """devices: everyone but the display. capture.write(frame, eui64, ms) gets every frame in the air."""
        self._timeline = timeline
        self._capture = capture
        self._dice = random.Random(scenario.seed)
        self._start = scenario.start
        self.pan = scenario.pan
        self.extended_pan = scenario.extended_pan
        self.channel = scenario.channel
        self.link_key = scenario.link_key
        self.open = True
        self.joined = False
        self.display = Device("display", scenario.eui64s["display"], DISPLAY_NWK, DIGI_ENDPOINTS)
        self.devices = devices
        # deliver(frame, eui64): the display's radio.  overhear(frame): whoever waits for what the display sends.
        self.deliver = None
        self.overhear = lambda frame: None

    @property
    def utc(self):
        """Zigbee UTC of this moment."""
        return self._start + self._timeline.now // 1000

    def by_nwk(self, nwk):
        return next((device for device in [*self.devices, self.display] if device.nwk == nwk), None)

    def by_eui64(self, eui64):
        """eui64: an integer, most significant byte first as printed."""
        wanted = eui64.to_bytes(8, "little")
        return next((device for device in [*self.devices, self.display] if device.eui64.serialize() == wanted), None)

    def admit_display(self):
        """The display's radio has joined; its stack announces it."""
        self.joined = True
        self._write(self._announcement(self.display))

    def send(self, frame):
        """A frame from the display; returns False when its one receiver does not acknowledge it."""
        self._write(frame)
        hearing = [d for d in self.devices if not d.silent and (frame.broadcast or d.nwk == frame.destination)]
        for device in hearing:
            self.send_answers(device, frame)
        if hearing:
            self.overhear(frame)
        return bool(hearing) or frame.broadcast

    def send_answers(self, device, frame):
        """Let a device answer a frame it has heard, a little later."""
        self._timeline.after(self._dice.randint(SHORTEST_MS, LONGEST_MS), self._answer, device, frame)

    def transmit(self, device, frame):
        """A frame from a device to the display or to all."""
        if device.silent:
            return
        if device is self.display:
            self.send(frame)
            return
        self._write(frame)
        if self.joined and (frame.broadcast or frame.destination == self.display.nwk):
            self.deliver(frame, device.eui64)

    def announce(self, device):
        """Its Device_annce, to all."""
        self.transmit(device, self._announcement(device))

    def _answer(self, device, frame):
        if not device.silent:
            for reply in device.hear(frame, self.utc):
                self.transmit(device, reply)

    def _announcement(self, device):
        payload = zdo.message(ZDOCmd.Device_annce, device.sequence(), device.nwk, device.eui64, ROUTER_ON_MAINS)
        return Frame(device.nwk, ALL_DEVICES, 0, 0, ZDO_PROFILE, ZDOCmd.Device_annce, payload)

    def _write(self, frame):
        if self._capture is not None:
            sender = self.by_nwk(frame.source)
            self._capture.write(frame, sender.eui64, self._start, self._timeline.now)
