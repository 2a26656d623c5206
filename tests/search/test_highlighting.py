from __future__ import annotations

import pytest

from casekit.search import highlight, parse


@pytest.mark.parametrize(
    ("query", "text", "part", "expected"),
    [
        ("fox", "A Fox, a foxglove, FOX", None, ["Fox", "FOX"]),
        ("fox*", "A Fox, a foxglove", None, ["Fox", "foxglove"]),
        ('"price list"', "price-list price\nlist price", None, ["price-list", "price\nlist"]),
        ("acct_9", "acct_9 acct 9 acct_91", None, ["acct_9", "acct 9"]),
        ("muller", "Müller, Mu\u0308ller", None, ["Müller", "Mu\u0308ller"]),
        ("confidential", "conﬁden\u00adtial é", None, ["conﬁden\u00adtial"]),
        ("合同", "本合同书，合。同", None, ["合同"]),
        ("GPT模型", "使用GPT模型 GPT 模型", None, ["GPT模型", "GPT 模型"]),
        ("a NEAR/1 b", "a x b x x a", None, ["a", "b"]),
        ("fox -hen", "fox hen", None, ["fox"]),
        ("output:fox hen", "fox hen", "prompt", ["hen"]),
        ("body:fox", "fox", "page/2", ["fox"]),
        ("kind:mail", "kind mail", None, []),
        ('fox OR "fox hen"', "fox hen", None, ["fox hen"]),
    ],
)
def test_words_are_marked_where_they_stand(
    query: str, text: str, part: str | None, expected: list[str]
) -> None:
    assert [text[a:b] for a, b in highlight(parse(query), text, part)] == expected
