"""What the stand-ins may ask of the models: the numbers, for both ends of the wires.

A request is three u32: operation | unit << 8, a value, the length of data. The data of a write follow. An answer is one
i32, a result or a negative errno; the data of a read follow, as many bytes as the result says.
"""

READY = 1  # value: bytes of heap that the stand-ins take
TICKS = 2  # result: board ms modulo 2^30
POLL = 3  # unit: 1 to wake for keys too; value: ms to wait at most; result: bytes that wait at the UART, and KEYS
SLEEP = 4  # value: ms
PIN_READ = 5  # value: pin; result: level
PIN_WRITE = 6  # unit: level, value: pin
UART_READ = 7
UART_WRITE = 8
I2C_WRITE = 9  # unit: 7-bit address
BLOCK_SIZE = 10  # unit: HISTORY or VFS; result: bytes in all, 0 when there is none
BLOCK_READ = 11  # value: offset
BLOCK_PROGRAM = 12  # value: offset
BLOCK_ERASE = 13  # value: offset of the 4 KiB sector

READS = (UART_READ, BLOCK_READ)  # these answer with data instead of sending them

KEYS = 0x10000  # the level of a key differs from the one that the program last read

HISTORY = 0
VFS = 1

FOREVER = 0x3FFFFFFF
