"""Lets the firmware find CPython stand-ins for MicroPython's own modules."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tools/virtual_board/cpython"))
