"""Which clusters must be APS-encrypted.

Source: Smart Energy 1.4, 5.4.6. The sources differ on Time: it is sent encrypted and accepted either way.
"""

from micropython import const

_COMMISSIONING = const(0x0015)
_OTA = const(0x0019)
_PRICE = const(0x0700)
_SUB_GHZ = const(0x070B)


def needs_aps(cluster):
    """Whether a frame of this cluster is refused when it is not known to be APS-encrypted."""
    return _PRICE <= cluster <= _SUB_GHZ or cluster == _COMMISSIONING or cluster == _OTA
