"""Finding a MicroPython VM: the order, the insistence on 32 bits, and what is said when none can be had."""

import os

import pytest
from board_program import need

from tools import micropython_vm

SITES = """\
mirror://security/ trixie-security Debian
mirror://main/ trixie-updates Debian
mirror://main/ trixie Debian
"""


def script(place, name, text):
    place.mkdir(exist_ok=True)
    (place / name).write_text(f"#!/bin/sh\n{text}\n")
    (place / name).chmod(0o755)
    return str(place / name)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any VM: nothing on the path but the folder that is returned, nothing obtained before."""
    monkeypatch.delenv("MICROPYTHON", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(micropython_vm, "FOLDER", tmp_path / "build" / "micropython")
    monkeypatch.setattr(micropython_vm, "WRAPPER", tmp_path / "build" / "micropython" / "micropython")
    return tmp_path / "bin"


def test_order_is_environment_then_path_then_private(bare, tmp_path, monkeypatch):
    assert micropython_vm.find() is None
    private = script(tmp_path, "private", "echo 32 1 25 0")
    monkeypatch.setattr(micropython_vm, "WRAPPER", private)
    assert micropython_vm.find() == [private]
    on_path = script(bare, "micropython", "echo 64 1 26 0")
    assert micropython_vm.find() == [on_path]
    chosen = script(tmp_path, "chosen", "echo 64 1 24 1")
    monkeypatch.setenv("MICROPYTHON", chosen)
    assert micropython_vm.find() == [chosen]
    assert micropython_vm.probe(chosen) == (64, "1.24.1")


def test_insisting_on_32_bits_passes_over_the_others(bare, tmp_path, monkeypatch):
    wide = script(bare, "micropython", "echo 64 1 26 0")
    assert micropython_vm.find(bits=32) is None
    assert micropython_vm.find(bits=64) == [wide]
    narrow = script(tmp_path, "narrow", "echo 32 1 25 0")
    monkeypatch.setattr(micropython_vm, "WRAPPER", narrow)
    assert micropython_vm.find(bits=32) == [narrow]


@pytest.mark.parametrize("text", ["exit 1", "echo hello", "echo 32", "exec cat /nowhere"])
def test_what_does_not_run_as_micropython_is_named_and_passed_over(text, bare, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MICROPYTHON", script(tmp_path, "broken", text))
    good = script(bare, "micropython", "echo 32 1 25 0")
    assert micropython_vm.find() == [good]
    assert "broken, which does not run as MicroPython" in capsys.readouterr().err


def test_without_apt_one_line_says_so_and_set_up_goes_on(bare, capsys):
    assert micropython_vm.find(obtain=True) is None
    said = capsys.readouterr().err
    assert said.startswith("no 32-bit MicroPython VM: ") and said.count("\n") == 1
    assert micropython_vm.main(["--obtain"]) == 0
    assert micropython_vm.main([]) == 1


def test_what_apt_complains_of_is_passed_on_and_nothing_is_left_behind(bare, tmp_path, monkeypatch, capsys):
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    monkeypatch.setattr(micropython_vm, "KEYRING", keyring)
    log = tmp_path / "log"
    update = 'echo "W: old" >&2; echo "E: no network" >&2; exit 100'
    script(bare, "apt-get", f'echo "$@" >> {log}\ncase "$*" in *update*) {update} ;; esac\necho "{SITES}"')
    assert micropython_vm.find(obtain=True) is None
    assert capsys.readouterr().err == "no 32-bit MicroPython VM: apt-get says: E: no network\n"
    assert list((tmp_path / "build").iterdir()) == []
    assert "Dir::State::Lists=" in log.read_text() and "APT::Architectures=i386" in log.read_text()


def test_site_is_the_main_archive_of_the_machines_own_sources(bare):
    script(bare, "apt-get", f'echo "{SITES}"')
    assert micropython_vm._site() == "mirror://main/"
    script(bare, "apt-get", 'echo "mirror://other/ noble Ubuntu"')
    with pytest.raises(micropython_vm.NotObtained, match="name no Debian archive"):
        micropython_vm._site()


def test_the_vm_at_hand_is_32_bit_and_new_enough():
    need("micropython")
    bits, version = micropython_vm.probe(micropython_vm.find(bits=32)[0])
    assert bits == 32 and tuple(int(part) for part in version.split(".")) >= (1, 25)
    assert os.access(micropython_vm.find(bits=32)[0], os.X_OK)
