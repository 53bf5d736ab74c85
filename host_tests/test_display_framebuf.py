"""CPython's stand-in for `framebuf` paints what MicroPython's own paints."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import micropython_vm

STAND_INS = Path(__file__).parent.parent / "tools/virtual_board/cpython"

# prints one line a step, so that a difference names its step
SCRIPT = """
import framebuf
from framebuf import FrameBuffer, GS4_HMSB, MONO_HLSB, MONO_VLSB

def show(step, buffer):
    print(step, "".join("%02x" % byte for byte in buffer))

for form in (MONO_VLSB, MONO_HLSB, GS4_HMSB):
    for w, h in ((1, 1), (5, 8), (7, 9), (16, 24), (13, 17)):
        rows = {MONO_VLSB: (h + 7) // 8 * w, MONO_HLSB: (w + 7) // 8 * h, GS4_HMSB: (w + 1) // 2 * h}[form]
        buffer = bytearray(rows)
        frame = FrameBuffer(memoryview(buffer), w, h, form)
        for c in (1, 0, 5, 16):
            frame.fill(c)
            show(("fill", form, w, h, c), [byte for byte in buffer] if w % 8 == 0 else [frame.pixel(0, 0)])
        frame.fill(0)
        for i in range(60):
            frame.pixel(i * 7 % 23 - 3, i * 5 % 29 - 4, i)
        show(("pixel", form, w, h), buffer)
        print([frame.pixel(x, y) for x in range(-1, w + 1) for y in range(-1, h + 1)])
        frame.hline(-2, h // 2, w, 1)
        frame.vline(w // 2, 2, 99, 3)
        frame.hline(0, h, w, 1)
        frame.fill_rect(w - 3, -2, 9, 5, 2)
        frame.fill_rect(2, 2, 0, 4, 1)
        frame.fill_rect(2, 2, -3, 4, 1)
        show(("lines", form, w, h), buffer)
        try:
            FrameBuffer(bytearray(rows - 1), w, h, form)
            print("accepted")
        except ValueError:
            print("too small")
        glyph = FrameBuffer(bytearray((0x3C, 0x42, 0x81, 0x42, 0x3C)), 5, 8, MONO_VLSB)
        swap = FrameBuffer(bytearray((1, 0)), 2, 1, MONO_VLSB)
        colours = FrameBuffer(bytearray((0x3C,)), 2, 1, GS4_HMSB)
        for x, y in ((0, 0), (-2, 3), (w - 2, -5), (3, h - 4), (w, 0), (-5, 0)):
            for key, palette in ((-1, None), (0, None), (1, swap), (0, swap), (3, colours), (-1, colours)):
                frame.blit(glyph, x, y, key, palette)
                show(("blit", form, w, h, x, y, key), buffer)

try:
    FrameBuffer(b"read only", 8, 8, MONO_VLSB)
    print("accepted")
except TypeError:
    print("read only")
"""


def test_same_script_paints_the_same_bytes_on_both_interpreters():
    vm = micropython_vm.find()
    if vm is None:
        pytest.skip("no MicroPython VM at hand: `make setup` looks for one")
    real = printed(vm)
    ours = printed([sys.executable], PYTHONPATH=str(STAND_INS))
    assert len(real) > 500
    assert ours == real


def printed(interpreter, **environment):
    done = subprocess.run([*interpreter, "-c", SCRIPT], check=True, capture_output=True, text=True, env=environment)
    return done.stdout.splitlines()
