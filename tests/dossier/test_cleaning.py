from __future__ import annotations

from dataclasses import dataclass

from casekit.dossier.cleaning import clean, clean_json, clean_text, every_text
from casekit.queries.whole_values import WholeValues

GIVEN = WholeValues([("[Account 001]", "account", "org_4471")])


@dataclass(frozen=True)
class Row:
    name: str
    more: tuple[object, ...]


def test_a_value_is_replaced_however_deep_it_stands() -> None:
    row = Row("x org_4471", ({"org_4471": ["ORG-4471", 7, b"org_4471"]}, None))
    assert clean(row, GIVEN) == Row(
        "x [Account 001]", ({"[Account 001]": ["[Account 001]", 7, b"org_4471"]}, None)
    )
    assert clean_text("org_4471 org_44711", GIVEN) == "[Account 001] org_44711"
    assert clean_json('{"a": "org_4471"}', GIVEN) == '{"a": "[Account 001]"}'
    assert clean_json("{org_4471", GIVEN) == "{[Account 001]"
    assert clean_json("", GIVEN) == ""


def test_every_text_of_a_value_is_found_and_no_key() -> None:
    value = {"a": ["one", ("two", {"b": "three"})], "c": 4, "d": None}
    assert list(every_text(value)) == ["one", "two", "three"]
