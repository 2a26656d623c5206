from __future__ import annotations

import json

import pytest

from casekit.errors import CaseKitError
from casekit.queries import templates
from casekit.queries.templates import Code, Field, Preset, Template

TOML = b"""
[[template]]
evidence = "documents"
complete = true
field = [
  { name = "responsive", label = "Responsive", kind = "one", options = ["yes", "no"], required = true },
  { name = "why", kind = "text", when = { responsive = ["no"] } },
]
[[preset]]
name = "Yes"
key = "alt+9"
codes = ["responsive=yes", "tag=hot"]
"""
DOCUMENTS = Template(
    "documents",
    (
        Field("responsive", "Responsive", "one", ("yes", "no"), required=True),
        Field("why", "why", "text", when="responsive", values=("no",)),
    ),
    complete=True,
)


def test_a_file_is_read_and_written_again() -> None:
    held = templates.read_file(TOML, "set.toml")
    assert held.templates == {"documents": DOCUMENTS}
    assert held.presets == (
        Preset("Yes", "Alt+9", (Code("responsive", "yes"), Code("tag", "hot"))),
    )
    assert templates.read_file(templates.write_file(held), "set.JSON") == held
    usual = templates.usual()
    assert templates.read_file(templates.write_file(usual), "u.json") == usual
    assert list(usual.templates) == ["outputs", "api-log", "correspondence", "documents"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([{"name": "Hot!", "kind": "flag"}], "small letters"),
        ([{"name": "tag", "kind": "text"}], "needs a name of its own"),
        ([{"name": "a", "kind": "text"}, {"name": "a", "kind": "text"}], "needs a name of its own"),
        ([{"name": "a", "kind": "colour"}], "must be one of"),
        ([{"name": "a", "kind": "one"}], "needs options"),
        ([{"name": "a", "kind": "many", "options": ["x", "X"]}], "needs options, each once"),
        ([{"name": "a", "kind": "privilege"}], "must be named “privilege”"),
        ([{"name": "basis", "kind": "text"}], "must be named"),
        ([{"name": "a", "kind": "text", "when": {"b": ["x"]}}], "a field above it"),
        (
            [{"name": "a", "kind": "flag"}, {"name": "b", "kind": "text", "when": {"a": ["no"]}}],
            "values of that one",
        ),
        (
            [{"name": "a", "kind": "text", "when": {"b": ["x"], "c": ["y"]}}],
            "which names one field",
        ),
        ([{"name": "a", "kind": "text", "colour": "red"}], "colour is wrong"),
        ([{"name": f"f{n}", "kind": "text"} for n in range(61)], "60 fields at most"),
        ("none", "list of tables"),
    ],
)
def test_a_template_that_is_not_as_it_must_be_is_refused(fields: object, said: str) -> None:
    data = json.dumps({"template": [{"evidence": "documents", "field": fields}]}).encode()
    with pytest.raises(CaseKitError, match=said):
        templates.read_file(data, "x.json")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "is no TOML or JSON"),
        (b"[" * 100_000, "is no TOML or JSON"),
        (b"a = 1", "must hold template and preset"),
        (b"[[template]]\nevidence = 'mail'", "one of outputs"),
        (b"[[template]]\nevidence = 'other'\n[[template]]\nevidence = 'other'", "says once"),
        (b"[[preset]]\nname = 'x'", "needs a name and codes"),
        (b"[[preset]]\nname = 'x'\ncodes = ['hot']", "is no code"),
        (b"[[preset]]\nname = 'x'\ncodes = ['hot=yes']\nkey = 'Ctrl+A'", "cannot be a key"),
        (b"[[preset]]\nname = 'x'\ncodes = ['hot=yes']\nkey = 'j'", "belongs to the window"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CaseKitError, match=said):
        templates.read_file(data, "x.toml")


def test_codes_are_read_from_text() -> None:
    assert templates.parse_code("Hot = yes ") == Code("hot", "yes")
    assert templates.parse_code("issue!=terms") == Code("issue", "terms", on=False)
    assert templates.parse_code("remark=") == Code("remark", "")
    assert str(Code("issue", "a b", on=False)) == "issue!=a b"
    for bad in ("hot", "=yes", "remark!=", "two words=1", "remark=" + "x" * 2001):
        with pytest.raises(CaseKitError, match="is no code"):
            templates.parse_code(bad)
