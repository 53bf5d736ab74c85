"""What an operation on the flash of the cut tests is, in words."""

from ihd.history import journal
from ihd.history.partition import JOURNAL

_SECTOR = 4096
_NAMES = "INTENT", "DONE", "RECEIPT", "PENDING", "APPLIED", "FLOOR", "BINDING"
_TYPES = {getattr(journal, name): name for name in _NAMES}


def operation(kind, offset, data):
    """One line: what is done to which sector, and what stands there."""
    sector, at = divmod(offset, _SECTOR)
    if kind == "erase":
        return f"erase sector {sector}"
    if not any(data):
        return f"zero {len(data)} octets of sector {sector} from {at} on"
    what = f"octet {at}"
    if at == 0 and len(data) == 16:
        what = "header"
    elif sector >= JOURNAL:
        what = f"place {at // 32}, {_TYPES.get(data[0], 'no record')}"
    elif len(data) == 4:
        what = f"slot {at // 4 - 4}"
    return f"program {len(data)} octets of sector {sector}: {what}"
