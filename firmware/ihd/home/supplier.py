"""Who supplies one meter's energy, and the thresholds that it set; in RAM only."""


class Supplier:
    """Owned by its Meter, which forgets with it; tenancy.hearing and home.thresholds fill it.

    name, phone: bytes or None; at: Zigbee UTC at which they were told, None when that is not known. coming: (name,
    phone, when told) of the one who is to take over, or None. thresholds: (low to medium, medium to high) in W, or
    None; thresholds_at: Zigbee UTC at which they were read. indicates: without them, whether the meter itself says
    which it is. again: ticks at which they are to be read again, None: at once.
    """

    name = phone = at = coming = thresholds = thresholds_at = again = None
    indicates = False

    def set_back(self):
        """The clock was ahead: when it was told is not known."""
        self.at = self.thresholds_at = None
        if self.coming:
            self.coming = self.coming[:2] + (None,)

    def forget(self, before):
        """Forget what was told before Zigbee UTC `before`; thresholds are read again."""
        if _old(self.at, before):
            self.name = self.phone = None
        if self.coming and _old(self.coming[2], before):
            self.coming = None
        self.thresholds = self.again = None
        self.indicates = False

    def holds(self, before):
        """Whether anything that was told before Zigbee UTC `before` is still there."""
        if (self.name or self.phone) and _old(self.at, before) or self.coming and _old(self.coming[2], before):
            return True
        return bool(self.thresholds) and _old(self.thresholds_at, before)


def _old(at, before):
    return at is None or at < before
