from __future__ import annotations

from casekit.queries.spacing import joined, joint, words_in


def test_chinese_and_japanese_words_meet_without_a_space_and_others_with_one() -> None:
    assert joined(["训", "练", "data", "set", "模", "型，", "モ"]) == "训练 data set 模型，モ"
    assert (joint("型", "ok"), joint("ok", "no"), joint("。", "「")) == (" ", " ", "")
    assert joined([]) == ""


def test_a_sign_is_a_word_of_its_own() -> None:
    line = "第7.2(b)条 says no"
    assert [line[a:b] for a, b in words_in(line)] == ["第", "7.2(b)", "条", "says", "no"]
