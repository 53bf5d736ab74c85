"""What the XBee 3 is set to: a router that joins a Smart Energy network and leaves ZDO and ZCL to us.

Source: Digi 90001539, "AT commands". Each row: command, value as the module answers it. The driver reads, compares and
writes only what differs, so that a module that is set up is never made to leave its network.
"""

PROFILE = (
    (b"AP", b"\x02"),  # API mode 2: with escapes
    (b"AO", b"\x07"),  # explicit 0x91 frames; supported and unsupported ZDO requests come to us
    (b"CE", b"\x00"),  # join, do not form
    (b"SM", b"\x00"),  # never sleep: a router
    (b"ZS", b"\x02"),  # Zigbee PRO
    (b"EE", b"\x01"),  # network security, without which there is no APS encryption
    (b"NJ", b"\x00"),  # nobody joins through us
    (b"JV", b"\x01"),  # leave when the coordinator of old is not there after power-up
    (b"D6", b"\x01"),  # RTS flow control: the module waits for us
)
