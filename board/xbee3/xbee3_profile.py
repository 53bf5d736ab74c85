"""What the XBee 3 is set to: a router that joins a Smart Energy network and leaves ZDO and ZCL to us.

Source: Digi 90001539, "AT commands". Each row: two octets of command, one of value. The driver reads, compares and
writes only what differs, so that a module that is set up is never made to leave its network.
"""

PROFILE = (
    b"AP\x02"  # API mode 2: with escapes
    b"AO\x07"  # explicit 0x91 frames; supported and unsupported ZDO requests come to us
    b"CE\x00"  # join, do not form
    b"SM\x00"  # never sleep: a router
    b"ZS\x02"  # Zigbee PRO
    b"EE\x01"  # network security, without which there is no APS encryption
    b"NJ\x00"  # nobody joins through us
    b"JV\x01"  # leave when the coordinator of old is not there after power-up
    b"D6\x01"  # RTS flow control: the module waits for us
)
