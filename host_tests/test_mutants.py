"""The planting of defects itself, on a repository of two files, and the table of the real ones."""

import subprocess

import planting
import pytest
from mutants import MUTANTS
from planting import ROOT, Mutant, main, plant

TEST = "test_door.py::test_a_stranger_is_turned_away"
KILLED = Mutant("stranger let in", "door.py", 'who == "owner"', "True", TEST)


@pytest.fixture
def house(tmp_path):
    """A repository with a guard and its test; one file is tracked, one is not, one is ignored."""
    (tmp_path / "door.py").write_text('def opens(who):\n    return who == "owner"\n')
    (tmp_path / "test_door.py").write_text(
        "from door import opens\n\n\ndef test_a_stranger_is_turned_away():\n"
        '    assert opens("owner") and not opens("stranger")\n'
    )
    (tmp_path / ".gitignore").write_text("broken.py\n")
    (tmp_path / "broken.py").write_text("raise SystemExit\n")
    (tmp_path / "conftest.py").write_text("import pathlib\n\nassert not pathlib.Path('broken.py').exists()\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "door.py"], cwd=tmp_path, check=True)
    return tmp_path


def test_a_mutant_that_its_test_notices_is_killed_in_a_copy(house, capsys):
    assert main([KILLED], house, []) == 0
    assert "killed\n1 of 1 killed\n" in capsys.readouterr().out
    assert 'who == "owner"' in (house / "door.py").read_text()


@pytest.mark.parametrize(
    "change, outcome",
    [
        ({"replacement": 'who in ("owner", "guest")'}, "SURVIVED"),
        ({"text": 'who == "landlord"'}, "STALE: its text stands 0 times in door.py"),
        ({"text": "o"}, "STALE: its text stands 4 times in door.py"),
        ({"file": "window.py"}, "STALE: its text stands 0 times in window.py"),
        ({"replacement": "=="}, "DOES NOT RUN"),
    ],
)
def test_one_that_is_not_killed_is_named_and_fails_the_run(change, outcome, house, capsys):
    assert main([KILLED, KILLED._replace(name="another", **change)], house, []) == 1
    told = capsys.readouterr().out
    assert f"{'another':<52} {outcome}" in told and told.endswith("1 of 2 killed\n")


def test_one_whose_test_never_ends_is_named_too(house, capsys, monkeypatch):
    monkeypatch.setattr(planting, "TIMEOUT", 15)
    endless = KILLED._replace(name="endless", replacement="__import__('time').sleep(600)")
    assert main([endless, KILLED], house, []) == 1
    told = capsys.readouterr().out
    assert "endless" in told and "DOES NOT END" in told and told.endswith("1 of 2 killed\n")


@pytest.mark.parametrize(
    "test",
    [
        "def test_a_stranger_is_turned_away():\n    assert False\n",
        "import pytest\n\n\ndef test_a_stranger_is_turned_away():\n    pytest.skip()\n",
        "def test_another_thing():\n    pass\n",
    ],
)
def test_a_test_that_does_not_pass_without_a_mutant_proves_nothing(test, house, capsys):
    (house / "test_door.py").write_text(test)
    assert main([KILLED], house, []) == 1
    assert "Without any mutant these tests must pass" in capsys.readouterr().out


def test_mutants_are_chosen_by_a_part_of_their_names(house, capsys):
    assert main([KILLED, KILLED._replace(name="spared", text="no such text")], house, ["stranger"]) == 0
    with pytest.raises(SystemExit, match="2"):
        main([KILLED], house, ["nobody"])
    assert "no mutant is called that" in capsys.readouterr().err


def test_names_of_planted_defects_are_unique():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_planted_defect_fits_its_file_and_names_a_test(mutant, tmp_path):
    target = tmp_path / mutant.file
    target.parent.mkdir(parents=True)
    target.write_bytes((ROOT / mutant.file).read_bytes())
    plant(tmp_path, mutant)
    compile(target.read_text(), mutant.file, "exec")
    module, _, function = mutant.test.partition("[")[0].partition("::")
    assert f"def {function}(" in (ROOT / module).read_text()
