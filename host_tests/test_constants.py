"""Constants are folded across modules: the value stands where the name stood, and nothing else changes."""

import ast

from tools.constants import fold

LAW = "from micropython import const\nREWIND = const(8)\nSTALE = 0\nLONG = 'longer than ten'\nBIG = const(0xFFFFFFFF)\n"


def folded(user, law=LAW, users=()):
    """(the law, its user) as they are compiled."""
    trees = fold({"ihd.law": law, "ihd.user": user}, users)
    return ast.unparse(trees["ihd.law"]), ast.unparse(trees["ihd.user"])


def test_a_constant_of_another_module_becomes_its_value_and_its_definition_goes():
    law, user = folded("from ihd import law\nfrom ihd.law import STALE\nverdict = law.REWIND + STALE\n")
    assert user.split("\n")[-1] == "verdict = 8 + 0"
    assert "import" not in user
    assert "REWIND" not in law and "STALE" not in law


def test_what_else_a_module_is_asked_for_keeps_its_import():
    _, user = folded("from ihd import law\nfrom ihd.law import judge, STALE\njudge(law.other, law.REWIND, STALE)\n")
    assert user == "from ihd import law\nfrom ihd.law import judge\njudge(law.other, 8, 0)"


def test_a_constant_is_handed_on():
    law = "from ihd.other import PENDING\n"
    trees = fold({"ihd.user": "from ihd import law\nlaw.PENDING\n", "ihd.law": law, "ihd.other": "PENDING = 3\n"})
    assert ast.unparse(trees["ihd.user"]).endswith("3")


def test_long_texts_and_numbers_that_take_heap_stay():
    law, user = folded("from ihd import law\nlaw.LONG, law.BIG\n")
    assert user.endswith("(law.LONG, law.BIG)")
    assert "LONG" in law and "BIG" in law


def test_a_private_text_of_any_length_stands_where_it_is_used():
    law, _ = folded("", "_OFFICE = 'ihd.tenancy.office'\nload(_OFFICE)\n")
    assert law == "load('ihd.tenancy.office')"


def test_a_name_that_is_given_another_value_is_no_constant():
    law = "STALE = 0\nSTALE = 1\n"
    assert folded("from ihd import law\nlaw.STALE\n", law)[1].endswith("law.STALE")
    argument = "from ihd import law\n\ndef judge(law):\n    return law.REWIND\n"
    assert folded(argument)[1] == ast.unparse(ast.parse(argument))


def test_what_a_program_that_is_not_compiled_names_stays():
    law, user = folded(
        "from ihd.law import STALE\nSTALE\n", users=["from ihd.law import REWIND\nfrom ihd.user import STALE"]
    )
    assert "REWIND" in law
    assert "import STALE" in user and user.endswith("0")
