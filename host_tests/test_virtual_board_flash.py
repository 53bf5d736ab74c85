"""The NOR-flash model, the file system image, and the history partition as a program sees it."""

from pathlib import Path

import pytest
from board_program import BOTH, board, said

from tools.virtual_board import file_system
from tools.virtual_board.flash import HISTORY_SIZE, SECTOR, FlashError, NorFlash


def test_programming_clears_bits_and_erasing_sets_a_sector(tmp_path):
    path = tmp_path / "flash.img"
    chip = NorFlash(HISTORY_SIZE, path)
    assert path.read_bytes() == b"\xff" * HISTORY_SIZE
    chip.program(SECTOR - 2, b"\x0f\xf0\x55")
    chip.program(SECTOR - 2, b"\x0e\x00\x55")
    assert chip.read(SECTOR - 3, 5) == b"\xff\x0e\x00\x55\xff"
    chip.erase(SECTOR)
    assert chip.read(SECTOR - 3, 5) == b"\xff\x0e\x00\xff\xff"
    assert path.read_bytes() == bytes(chip.cells)  # before anything is closed
    chip.close()
    assert NorFlash(HISTORY_SIZE, path).read(SECTOR - 2, 2) == b"\x0e\x00"


def test_a_zero_never_becomes_one_and_nothing_is_programmed_then(tmp_path):
    chip = NorFlash(HISTORY_SIZE, tmp_path / "flash.img")
    chip.program(10, b"\xff\xfe\xff")
    before = bytes(chip.cells)
    with pytest.raises(FlashError, match="0x00000b needs 0 to become 1: 0xfe to 0x01"):
        chip.program(10, b"\x00\x01\x00")
    assert bytes(chip.cells) == before == (tmp_path / "flash.img").read_bytes()


@pytest.mark.parametrize(
    "do",
    [
        lambda chip: chip.read(HISTORY_SIZE - 1, 2),
        lambda chip: chip.program(HISTORY_SIZE - 1, b"\x00\x00"),
        lambda chip: chip.erase(HISTORY_SIZE),
        lambda chip: chip.erase(SECTOR + 1),
    ],
)
def test_operations_beyond_the_flash_are_refused(do):
    with pytest.raises(FlashError):
        do(NorFlash(HISTORY_SIZE))


@pytest.mark.parametrize("size", [0, 4096, HISTORY_SIZE - 1, HISTORY_SIZE + 1])
def test_an_image_of_another_size_is_refused_by_name_and_left_alone(size, tmp_path):
    path = tmp_path / "other.img"
    path.write_bytes(bytes(size))
    with pytest.raises(FlashError, match=f"other.img holds {size} bytes, not {HISTORY_SIZE}"):
        NorFlash(HISTORY_SIZE, path)
    assert path.read_bytes() == bytes(size)


def test_settings_merge_into_the_image_and_files_come_out_of_it(tmp_path):
    path = tmp_path / "vfs.img"
    file_system.prepare(path, {"poll_s": 5, "name": "x"})
    image = file_system.prepare(path, {"poll_s": 10})
    assert len(image) == file_system.SIZE and path.read_bytes() == image
    file_system.extract(image, tmp_path)
    assert (tmp_path / "settings.json").read_text() == '{"poll_s": 10, "name": "x"}'


@pytest.mark.parametrize("content", [b"", b"\xff" * file_system.SIZE])
def test_what_is_no_file_system_is_refused_by_name(content, tmp_path):
    (tmp_path / "vfs.img").write_bytes(content)
    with pytest.raises(FlashError, match="vfs.img"):
        file_system.prepare(tmp_path / "vfs.img")


@BOTH
def test_partition_is_found_by_label_and_tells_what_it_is(interpreter, tmp_path):
    program = """
found = Partition.find(Partition.TYPE_DATA, label="history")
others = [Partition.find(Partition.TYPE_DATA, label="other"), Partition.find(label="history")]
say(info=found[0].info(), count=found[0].ioctl(4, 0), size=found[0].ioctl(5, 0), others=others, found=len(found))
rest()
"""
    it, events = board(interpreter, tmp_path, program, flash=tmp_path / "flash.img")
    with it:
        it.run(1)
    info = [1, 0x40, 0x200000, 524_288, "history", False]
    assert said(events) == [{"info": info, "count": 128, "size": 4096, "others": [[], []], "found": 1}]


@BOTH
def test_a_board_without_history_partition_finds_none(interpreter, tmp_path):
    program = 'say(found=Partition.find(Partition.TYPE_DATA, label="history"))\nrest()'
    it, events = board(interpreter, tmp_path, program)
    with it:
        it.run(1)
    assert said(events) == [{"found": []}]


@BOTH
def test_program_read_and_erase_reach_the_image_before_they_return(interpreter, tmp_path):
    path = tmp_path / "flash.img"
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
buffer = bytearray(6)
history.readblocks(3, buffer, 9)
say(before=list(buffer))
history.writeblocks(3, b"\\x01\\x02\\x03", 10)
history.readblocks(3, buffer, 9)
say(after=list(buffer))
poll.poll(10)
history.ioctl(6, 3)
rest()
"""
    it, events = board(interpreter, tmp_path, program, flash=path)
    with it:
        it.run(5)
        it.kill()
    content = path.read_bytes()
    assert content[3 * SECTOR + 9 : 3 * SECTOR + 14] == b"\xff\x01\x02\x03\xff"
    assert content.count(b"\xff") == HISTORY_SIZE - 3
    assert said(events) == [{"before": [255] * 6}, {"after": [255, 1, 2, 3, 255, 255]}]
    again, events = board(interpreter, tmp_path, program, flash=path)
    with again:
        again.run(20)
    assert said(events)[0] == {"before": [255, 1, 2, 3, 255, 255]}
    assert path.read_bytes() == b"\xff" * HISTORY_SIZE


@BOTH
def test_whole_sectors_go_through_at_once(interpreter, tmp_path):
    path = tmp_path / "flash.img"
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
sector = bytes(range(256)) * 16
history.writeblocks(127, sector, 0)
back = bytearray(4096)
history.readblocks(127, back, 0)
say(same=back == sector)
rest()
"""
    it, events = board(interpreter, tmp_path, program, flash=path)
    with it:
        it.run(1)
    assert said(events) == [{"same": True}]
    assert path.read_bytes()[-SECTOR:] == bytes(range(256)) * 16


@BOTH
def test_zero_to_one_is_refused_on_the_board_and_reported(interpreter, tmp_path):
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
history.writeblocks(0, b"\\x00", 0)
results = [attempt(history.writeblocks, 0, b"\\x01", 0), attempt(history.writeblocks, 128, b"\\x00", 0)]
try:
    history.writeblocks(1, b"\\x00")
except NotImplementedError:
    results.append("refused")
say(results=results)
rest()
"""
    it, events = board(interpreter, tmp_path, program, flash=tmp_path / "flash.img")
    with it:
        it.run(1)
    assert said(events) == [{"results": ["OSError 22", "OSError 22", "refused"]}]
    errors = [(event["what"], event["where"]) for event in events if event["event"] == "error"]
    assert errors == [
        ("program at 0x000000 needs 0 to become 1: 0x00 to 0x01", "flash"),
        ("0x080000 and 1 bytes reach beyond the end of the flash", "flash"),
    ]


@BOTH
def test_each_operation_on_the_partition_is_told_when_it_is_in_the_file(interpreter, tmp_path):
    path = tmp_path / "flash.img"
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
history.writeblocks(3, b"\\x01\\x02", 10)
attempt(history.writeblocks, 3, b"\\xff", 10)
history.readblocks(3, bytearray(2), 10)
history.ioctl(6, 3)
rest()
"""
    heard = []

    def on_flash(*operation):
        heard.append((*operation, path.read_bytes()[3 * SECTOR + 10 : 3 * SECTOR + 12]))

    it, _ = board(interpreter, tmp_path, program, flash=path, on_flash=on_flash)
    with it:
        it.run(1)
    assert heard == [("program", 3 * SECTOR + 10, 2, b"\x01\x02"), ("erase", 3 * SECTOR, SECTOR, b"\xff\xff")]


@BOTH
def test_power_can_be_cut_between_two_operations(interpreter, tmp_path):
    path = tmp_path / "flash.img"
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
for n in range(10):
    say(n=n)
    history.writeblocks(0, b"\\0", n)
rest()
"""
    count = 0

    def on_flash(operation, offset, length):
        nonlocal count
        count += 1
        if count == 4:
            raise KeyError("the power")

    it, events = board(interpreter, tmp_path, program, flash=path, on_flash=on_flash)
    with it:
        with pytest.raises(KeyError, match="the power"):
            it.run(1)
        pid = it._child.pid
        it.stop()
        assert not Path(f"/proc/{pid}").exists()
        it.stop()  # and once more by `with`
    assert path.read_bytes() == b"\0" * 4 + b"\xff" * (HISTORY_SIZE - 4)
    assert said(events) == [{"n": n} for n in range(4)]
    again, events = board(interpreter, tmp_path, program.replace(", n)", ", n + 4)"), flash=path)
    with again:
        again.run(1)
    assert len(said(events)) == 10
