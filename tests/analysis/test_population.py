from pathlib import Path

import pytest

from casekit.analysis import population
from casekit.analysis.population import Member
from casekit.errors import CaseKitError
from tests.analysis import worlds

HEAD = "model,family,role,documented_teacher_family,teacher_lab,confidence,source\n"


def write(tmp_path: Path, rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "population.csv"
    path.write_text("\ufeff" + head + rows, encoding="utf-8")
    return path


def test_a_table_is_read_and_kept_as_rows(tmp_path: Path) -> None:
    path = write(
        tmp_path, "a-7b,a,student,oai-gpt4 oai-chat,openai,high,its card\nb,oai-gpt4,original,,,,\n"
    )
    members = population.read(path)
    assert members == (
        Member("a-7b", "a", "student", ("oai-gpt4", "oai-chat"), "openai", "high", "its card"),
        Member("b", "oai-gpt4", "original"),
    )
    assert population.from_rows(population.as_rows(members)) == members


@pytest.mark.parametrize(
    ("rows", "head", "told"),
    [
        (
            "a,x,student,,,,\na,x,student,,,,\n",
            HEAD,
            "Line 3 of the population “population.csv” names a a second",
        ),
        ("a,x,pupil,,,,\n", HEAD, "has the role “pupil”"),
        ("a,,student,,,,\n", HEAD, "Line 2 of the population “population.csv” has no family"),
        ("a,x\n", "model,family\n", "has no column role"),
        ("", HEAD, "has no rows"),
        ('a,x,student,,,,"never closed\n', HEAD, "is not CSV after line"),
        ('a,x,student,,,,"closed" early\n', HEAD, "is not CSV after line"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_place(
    tmp_path: Path, rows: str, head: str, told: str
) -> None:
    with pytest.raises(CaseKitError, match=told):
        population.read(write(tmp_path, rows, head))


def test_tables_of_other_hands_are_read_as_they_are_meant(tmp_path: Path) -> None:
    """Semicolons, CR LF, capitals, spaces, empty rows, empty roles, teachers by model and parted otherwise."""
    path = tmp_path / "of-a-spreadsheet.csv"
    path.write_bytes(
        "\ufeffModel ;FAMILY; Role;documented_teacher_family;note\r\n"
        "gpt;oai-chat;Original;;x\r\n;;;;\r\ns;pupils;Student;GPT5, gpt|oai-old;\r\n"
        "w;wild;non-student;;\r\nd;;;;\r\n".encode()
    )
    assert population.read(path) == (
        Member("gpt", "oai-chat", "original"),
        Member("s", "pupils", "student", ("GPT5", "oai-chat", "oai-old")),
        Member("w", "wild", "nonstudent"),
        Member("d", "", "undocumented"),
    )
    path.write_text("model\tfamily\trole\na\tx\tstudent\n", encoding="utf-8")
    with pytest.raises(CaseKitError, match="has no column documented_teacher_family"):
        population.read(path)


def test_a_missing_table_and_one_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="cannot be read"):
        population.read(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + "é,x,student,,,,".encode("latin-1"))
    with pytest.raises(CaseKitError, match="save it as CSV UTF-8"):
        population.read(tmp_path / "latin.csv")


def test_models_stand_on_the_side_that_their_documents_say() -> None:
    members = (
        Member("gpt", "oai-chat", "original"),
        Member("gpt-old", "oai-davinci", "original"),
        Member("claude", "anthropic-c2", "original"),
        Member("v", "vicuna", "student", ("oai-chat",), "openai"),
        Member("alpaca", "alpaca", "student", ("oai-davinci",), "openai"),
        Member("ca", "ca", "student", ("anthropic-c2",), "anthropic"),
        Member("lost", "lost", "student"),
        Member("llama", "llama", "nonstudent"),
        Member("qwen", "qwen", "undocumented"),
        Member("mixed-s", "mixed", "student", ("oai-chat",), "openai"),
        Member("mixed-n", "mixed", "nonstudent"),
    )
    sides = population.sort(members, ["gpt"])
    assert sides.sources == {"oai-chat": ("gpt",)}
    assert sides.students == {"vicuna": ("v",)}
    assert sides.strangers == {"anthropic-c2": ("claude",), "ca": ("ca",), "llama": ("llama",)}
    assert sides.aside == {
        "gpt-old": "it is of the source’s own lab",
        "alpaca": "its teacher is another model of the source’s lab",
        "lost": "its teacher is not named",
        "qwen": "its training is not documented",
        "mixed-s": "its family has students and others",
        "mixed-n": "its family has students and others",
    }
    assert population.without_family(sides, "vicuna").students == {}
    with pytest.raises(CaseKitError, match="must stand in the population as an original"):
        population.sort(members, ["v"])


def test_a_family_in_two_spellings_is_one(tmp_path: Path) -> None:
    """Else its models would calibrate one another, and a student of “OAI-chat” would be a stranger."""
    rows = "gpt,oai-chat,original,,,,\nv-7b,vicuna,student,OAI-chat,,,\nv-13b, Vicuna ,student,oai-chat,,,\n"
    members = population.read(write(tmp_path, rows))
    assert [(m.family, m.teachers) for m in members] == [
        ("oai-chat", ()), ("vicuna", ("oai-chat",)), ("vicuna", ("oai-chat",)),
    ]  # fmt: skip
    loud = (*members, Member("gpt-old", "OAI-old", "original"))
    assert population.sort(loud, ["gpt"]).aside == {"gpt-old": population.OWN_LAB}


def test_sources_are_of_one_lab_and_at_least_one() -> None:
    members = (Member("gpt", "oai-chat", "original"), Member("claude", "anthropic-c2", "original"))
    with pytest.raises(CaseKitError, match="at least one model as source"):
        population.sort(members, [])
    with pytest.raises(CaseKitError, match="of several labs \\(anthropic, oai\\)"):
        population.sort(members, ["gpt", "claude"])
    unnamed = (Member("one", "one", "original"), Member("two", "two", "original"))
    assert population.sort(unnamed, ["one", "two"]).sources == {"one": ("one",), "two": ("two",)}


def test_the_sources_own_family_calibrates_nothing_whatever_its_role() -> None:
    members = (
        Member("gpt", "oai-chat", "original"),
        Member("gpt-base", "oai-chat", "nonstudent"),
        Member("gpt-small", "oai-chat", "student", ("oai-chat",), "openai"),
        Member("gpt-dark", "oai-chat", "undocumented"),
    )
    sides = population.sort(members, ["gpt"])
    assert (sides.students, sides.strangers) == ({}, {})
    assert sides.aside == dict.fromkeys(("gpt-base", "gpt-small", "gpt-dark"), population.OWN_LAB)


def test_what_is_documented_of_the_subject_sets_nobody_aside() -> None:
    members = (
        Member("gpt", "oai-chat", "original"),
        Member("accused", "accused", "student", ("oai-chat",), "shared-lab"),
        Member("other", "other", "student", ("rival-1",), "shared-lab"),
    )
    assert "other" in population.sort(members, ["gpt"]).aside
    assert population.sort(members, ["gpt"], "accused").strangers == {"other": ("other",)}


def test_the_models_of_a_world_take_part_or_are_set_aside() -> None:
    sides = population.sort(worlds.members(), list(worlds.SOURCES))
    assert {*sides.models, *sides.aside} == {m.model for m in worlds.members()}
    assert sides.aside == {"dark-7b": "its training is not documented"}
