"""How the module finds, joins and loses its network, told through AI and modem status.

AI codes: as in digi-xbee's AssociationIndicationStatus.
"""

from digi.xbee.models.status import ModemStatus

JOIN_MS = 4000
RETRY_MS = 5000

JOINED, NO_PANS, NO_MATCHING_PAN, JOIN_FAILED, WRONG_KEY, SCANNING = 0x00, 0x21, 0x22, 0x27, 0xAF, 0xFF
NO_PAN, NO_ADDRESS = 0xFFFF, 0xFFFE
LOWEST_CHANNEL = 11


class Association:
    def __init__(self, timeline, registers, han, modem_status):
        """modem_status(ModemStatus) tells the board."""
        self._timeline = timeline
        self._registers = registers
        self._han = han
        self._modem_status = modem_status
        self._search = 0

    @property
    def joined(self):
        return self._registers["AI"] == JOINED

    def leave(self):
        """Fall off the network, and look for it again."""
        if self.joined:
            self._modem_status(ModemStatus.DISASSOCIATED)
        self.look()

    def look(self):
        self._search += 1
        self._han.joined = False
        self._show(AI=SCANNING, MY=NO_ADDRESS, OI=NO_PAN, OP=0, CH=0)
        self._timeline.after(JOIN_MS, self._try, self._search)

    def _try(self, search):
        if search != self._search:
            return
        obstacle = self._obstacle()
        self._show(AI=obstacle)
        if obstacle != JOINED:
            self._timeline.after(RETRY_MS, self._try, search)
            return
        han = self._han
        self._show(MY=han.display.nwk, OI=han.pan, OP=han.extended_pan, CH=han.channel)
        self._modem_status(ModemStatus.JOINED_NETWORK)
        han.admit_display()

    def _obstacle(self):
        """The AI code of what keeps the module from joining."""
        registers, han = self._registers, self._han
        if not han.open or not registers["SC"] >> (han.channel - LOWEST_CHANNEL) & 1:
            return NO_PANS
        if registers["ZS"] != 2 or registers["ID"] not in (0, han.extended_pan) or registers["CE"]:
            return NO_MATCHING_PAN
        if not registers["EE"]:
            return JOIN_FAILED
        return JOINED if registers["KY"] == han.link_key else WRONG_KEY

    def _show(self, **values):
        for name, value in values.items():
            self._registers.show(name, value)
