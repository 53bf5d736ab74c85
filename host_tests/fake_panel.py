"""A 128x64 panel that keeps its picture, strict about what it is given; its I2C bus; what screens are given."""

NO_DEVICE = 19


class Panel:
    """Stands in for SSD1306 above the bus: `ram` as there, `shown` the rectangles in the order they came."""

    width = 128
    height = 64

    def __init__(self):
        self.ram = bytearray(b"\xa5" * 1024)  # noise, as after power-up
        self.shown = []
        self.answers = True

    def start(self):
        self.blank()

    def refresh(self):
        self._answer()

    def blank(self):
        self._answer()
        self.ram[:] = bytes(1024)

    def show(self, x, y, w, h, buffer):
        self._answer()
        assert y % 8 == 0 and h % 8 == 0 and w > 0 and h > 0
        assert x >= 0 and y >= 0 and x + w <= self.width and y + h <= self.height
        assert len(buffer) == w * h // 8
        self.shown.append((x, y, w, h))
        for page in range(h // 8):
            start = (y // 8 + page) * 128 + x
            self.ram[start : start + w] = bytes(buffer[page * w : page * w + w])

    def lit(self, x, y):
        return self.ram[y // 8 * 128 + x] >> y % 8 & 1

    def _answer(self):
        if not self.answers:
            raise OSError(NO_DEVICE)


class I2C:
    """A bus with one device: every transaction's bytes; OSError for any other address."""

    def __init__(self, address):
        self.address = address
        self.transactions = []

    def writeto(self, address, buffer):
        if address != self.address:
            raise OSError(NO_DEVICE)
        self.transactions.append(bytes(buffer))

    def writevto(self, address, buffers):
        self.writeto(address, b"".join(bytes(b) for b in buffers))


class Meter:
    """A meter as the screens see it; half_hours: {utc // 1800: Wh or litres}, a gap where there is none."""

    gate = None
    cannot_tell = low_credit = unread = False
    level = spending = None  # how much the power is: 0 low to 2 high; 1e-5 GBP an hour
    cost = None  # of today, 1e-5 GBP
    register = None  # Wh or litres

    def __init__(self, watts=None, lost=False, heard=None, today=None, read_at=None, half_hours=(), since=0, **more):
        self.watts = watts
        self.lost = lost
        self.heard = heard
        self.today = today
        self.today_since = since
        self.read_at = read_at
        self._half_hours = dict(half_hours)
        for name, value in more.items():
            setattr(self, name, value)

    def spent(self, utc):
        return self.cost

    def used(self, start, end):
        return (self._half_hours.get(n) for n in range(start, end))


class Receipt:
    """A receipt as the screens see it."""

    def __init__(self, number, since, slots=384, sectors=1, fuel="electricity", kind=0, scope=3):
        self.number = number
        self.since = since
        self.slots = slots
        self.sectors = sectors
        self.fuel = fuel
        self.kind = kind
        self.scope = scope
