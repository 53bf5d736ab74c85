"""Makes a MicroPython VM the board: its modules replaced, its file system mounted, its memory taken stock of."""

import gc
import os
import sys

_ROOT = "/.board"  # a place that hides nothing of the host's file system, where the modules are


def run(program, bare):
    """Run `program` as an ESP32 runs main.py: in the root of its file system, with the heap swept.

    bare: bytes of heap in use before anything of the stand-ins was loaded.
    """
    for name in ("machine", "esp32", "time", "select"):
        __import__(name)
    import _operations
    import _wires
    import vfs

    del sys.path[0]  # '', the file system: it holds settings, no modules
    for i in range(1, len(sys.path) - 1):  # paths as short as on a board: they are kept in the heap, module by module
        vfs.mount(vfs.VfsPosix(sys.path[i]), "/%d" % i)
        sys.path[i] = "/%d" % i
    vfs.mount(vfs.VfsLfs2(_wires.Blocks(_operations.VFS)), _ROOT)
    os.chdir(_ROOT)
    gc.collect()
    _wires.ask(_operations.READY, gc.mem_alloc() - bare)
    execfile(program, {"__name__": "__main__"})  # noqa: F821
