"""Device Management (0x0708): who supplies this home, and since when.

Source: Smart Energy 1.4, D.11.
"""

from micropython import const

CLUSTER = const(0x0708)
