"""Every frame of the HAN as 802.15.4, written by scapy to a pcap file (link type 230) that Wireshark opens."""

import functools

from scapy.layers.dot15d4 import Dot15d4, Dot15d4Data
from scapy.layers.zigbee import ZigbeeAppDataPayload, ZigbeeNWK
from scapy.utils import RawPcapWriter

IEEE802_15_4_NO_FCS = 230
# Unix time of 2000-01-01T00:00:00Z.
ZIGBEE_EPOCH = 946_684_800
MAC_BROADCAST = 0xFFFF
RADIUS = 30
# Where the three counters stand: fixed for the MAC, after the 9-byte MAC and 7 of the network layer, and last.
MAC_COUNTER, NWK_COUNTER, APS_COUNTER = 2, 16, -1


class Capture:
    def __init__(self, path, pan):
        self._writer = RawPcapWriter(str(path), linktype=IEEE802_15_4_NO_FCS)
        self._writer.write_header(None)
        self._pan = pan
        self._count = 0

    def write(self, frame, eui64, start, ms):
        """A frame in the air, `ms` after the Zigbee UTC `start`. eui64: its sender's (zigpy)."""
        self._count += 1
        header = bytearray(_header(self._pan, _addresses(frame), int.from_bytes(eui64.serialize(), "little")))
        for counter in (MAC_COUNTER, NWK_COUNTER, APS_COUNTER):
            header[counter] = self._count % 256
        seconds, rest = divmod(ms, 1000)
        self._writer.write_packet(bytes(header) + frame.payload, sec=ZIGBEE_EPOCH + start + seconds, usec=rest * 1000)

    def close(self):
        self._writer.close()


def _addresses(frame):
    return (
        frame.source,
        frame.destination,
        frame.broadcast,
        frame.source_endpoint,
        frame.destination_endpoint,
        frame.profile,
        frame.cluster,
    )


@functools.lru_cache(maxsize=256)
def _header(pan, addresses, eui64):
    """MAC, NWK and APS headers with counters of 0; scapy takes a millisecond for one, and a day has thousands.

    Written without APS and NWK security, whatever the frame had: Wireshark then shows the inside without keys. The
    security bits would announce auxiliary headers and a cipher that are not there.
    """
    source, destination, broadcast, source_endpoint, destination_endpoint, profile, cluster = addresses
    mac = Dot15d4(fcf_panidcompress=1, fcf_ackreq=not broadcast, fcf_destaddrmode=2, fcf_srcaddrmode=2)
    data = Dot15d4Data(dest_panid=pan, dest_addr=MAC_BROADCAST if broadcast else destination, src_addr=source)
    nwk = ZigbeeNWK(
        discover_route=not broadcast,
        flags="extended_src",
        destination=destination,
        source=source,
        radius=RADIUS,
        ext_src=eui64,
    )
    aps = ZigbeeAppDataPayload(
        frame_control=0 if broadcast else "ack_req",
        delivery_mode=2 if broadcast else 0,
        dst_endpoint=destination_endpoint,
        src_endpoint=source_endpoint,
        profile=profile,
        cluster=cluster,
    )
    return bytes(mac / data / nwk / aps)
