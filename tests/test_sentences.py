from __future__ import annotations

import errno
import os
import random
import re
import string
from collections.abc import Iterator

import pytest

from casekit import i18n
from casekit.dossier import redact
from casekit.errors import CaseKitError
from casekit.sentences import Catalogue, both, original, parse, sentences, template, translated
from tests import said_in_core

HOSTILE = (
    "{0}", "}{", "{name}", "a.b*c(d)[e]\\1", "第三方的“文件”", "one\ntwo", "100 %", ": ", "” or “", "(why)",
    "$^?+|", "\u202egnp.exe", " ", "it was never seen",
)  # fmt: skip


@pytest.fixture
def chinese() -> Iterator[None]:
    i18n.use("zh")
    yield
    i18n.use("en")


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def said(english: str) -> bool:
    """Whether it is more than a place, such as another's sentence handed on, or a file's name."""
    fixed = "".join(parse(english)[0])
    return any(c.isalpha() for c in fixed) and not re.fullmatch(r"\w+\.\w+", english)


def test_all_that_the_core_says_has_chinese() -> None:
    known = {said_in_core.shape(each) for each in (*sentences("zh"), *i18n.catalogue("zh"))}
    lacking = {
        f"{each.file}:{each.line}: {each.template}"
        for shape, each in said_in_core.needed().items()
        if shape not in known and said(each.template)
    }
    assert sorted(lacking) == []


def test_the_catalogue_holds_nothing_that_is_not_said() -> None:
    written = said_in_core.all_written()
    of_the_system = {os.strerror(number) for number in errno.errorcode}
    idle = [
        each
        for each in sentences("zh")
        if not {said_in_core.shape(each), f"; {said_in_core.shape(each)}"} & written
        and each not in of_the_system
    ]
    assert idle == []


def test_a_chinese_sentence_has_the_places_of_the_english_one() -> None:
    different = {en: zh for en, zh in sentences("zh").items() if holes(en) != holes(zh)}
    assert different == {}


def test_every_template_is_found_again_and_only_it() -> None:
    catalogue = Catalogue(sentences("zh"), {})
    wrong = {}
    for english in sentences("zh"):
        _, names = parse(english)
        filled = {name: f"⟦{n}⟧" for n, name in enumerate(dict.fromkeys(names))}
        wanted = catalogue.fill(english, dict(filled)) if names else None
        found = catalogue.say(english.format(**filled), 1)
        if names and found != wanted:
            wrong[english] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("where", "which", "said"),
    [
        ("Exhibit A-1, page 3", "no. 12 (item 40)", "证物 A-1，第 3 页：遮盖 第 12 号（项目 40）"),
        (
            "Exhibit A-1, its title",
            "box 5 on page 1 (item 3)",
            "证物 A-1，标题：遮盖 第 1 页的方框 5（项目 3）",
        ),
        (
            "the section “Log” of the dossier",
            "no. 2 (item 7)",
            "卷宗的“Log”部分：遮盖 第 2 号（项目 7）",
        ),
        ("page 4, its small picture", "of any page", "第 4 页，缩略图：遮盖 （任何页面的）"),
        (
            "Exhibit B, Our own words",
            "no. 2 (item 7)",
            "证物 B，Our own words：遮盖 第 2 号（项目 7）",
        ),
    ],
)
def test_the_places_that_a_refusal_names_are_in_chinese(
    chinese: None, where: str, which: str, said: str
) -> None:
    with pytest.raises(CaseKitError) as refused:
        redact.refuse([(where, which), ("page 9", "no. 1 (item 1)")])
    assert f"：{said}；第 9 页：遮盖 第 1 号（项目 1）。" in translated(refused.value)


def test_hostile_values_come_back_whole_or_the_sentence_stays_english() -> None:
    drawn = random.Random(5)
    catalogue = Catalogue(sentences("zh"), {})
    for english in drawn.choices(sorted(e for e in sentences("zh") if parse(e)[1]), k=300):
        names = list(dict.fromkeys(parse(english)[1]))
        values = {name: drawn.choice(HOSTILE) for name in names}
        assert catalogue.fill(english, dict(values)) is not None
        spoken = catalogue.say_all(english.format(**values))
        if spoken != english.format(**values):
            assert all(value.strip() in spoken for value in values.values()), (english, values)


def test_places_are_filled_with_what_stood_there() -> None:
    made = Catalogue({"The {a} of {b} is {c}.": "{b}的{a}为{c}。"}, {})
    assert made.say("The name of {x} is a\n[b]*.") == "{x}的name为a\n[b]*。"
    assert made.say("The name of x was y.") is None


def test_a_sentence_that_can_be_read_in_two_ways_stays_as_it_is() -> None:
    made = Catalogue({"{a} holds {b}.": "{b}在{a}中。"}, {})
    assert made.say("x holds y.") == "y在x中。"
    assert made.say("x holds y holds z.") is None
    assert made.say_all("x holds y holds z.") == "x holds y holds z."


def test_the_template_with_most_fixed_text_wins_and_equals_must_agree() -> None:
    made = Catalogue({"Item {a} {b}.": "甲{a}{b}", "Item {a} is old.": "乙{a}"}, {})
    assert made.say("Item 5 is old.") == "乙5"
    unsure = Catalogue({"A {a}-b": "乙{a}", "{a} A-b": "丙{a}"}, {})
    assert unsure.say("A A-b", 1) is None


def test_only_marked_places_are_translated() -> None:
    rows = {"{name} failed: {why}": "{name}失败：{why:said}", "full": "已满", "disk {n}": "磁盘{n}"}
    made = Catalogue(rows, {"away": "不在"})
    assert made.say("full failed: full") == "full失败：已满"
    assert made.say("x failed: disk 7") == "x失败：磁盘7"
    assert made.say("x failed: away") == "x失败：不在"
    assert made.say("away") is None  # a word of the window is no sentence of the core
    assert made.say("a failed: b failed: full") == "a失败：b失败：已满"  # the known reason decides


def test_a_name_that_comes_twice_stands_for_one_text() -> None:
    made = Catalogue({"{a} is not {b}, {a} is.": "{a}不是{b}"}, {})
    assert made.say("x is not y, x is.") == "x不是y"
    assert made.say("x is not y, z is.") is None


def test_braces_of_a_sentence_are_kept() -> None:
    assert parse("write {{x}} for {n}") == (("write {x} for ", ""), ("n",))
    assert template("{{}} {n}", "{{}}{n}").split("{} 5") == [("5",)]
    assert Catalogue({"write {{}}": "写{{}}"}, {}).say("write {}") == "写{}"


def test_several_sentences_are_translated_each_by_itself() -> None:
    made = Catalogue({"It is {n}.": "为{n}。", "Go on.": "请继续。"}, {})
    assert made.say_all("It is 5. Go on.") == "为5。请继续。"
    assert made.say_all("It is 5.\nGo on.") == "为5。\n请继续。"
    assert made.say_all("Who knows. Go on.") == "Who knows. 请继续。"


def test_a_sentence_with_an_open_end_takes_none_of_its_neighbours() -> None:
    made = Catalogue(
        {"It moved by {n}.": "移动 {n}。", "It stayed at {n}: {a} lies.": "{a}停在 {n}。"}, {}
    )
    assert made.say_all("Who? It moved by 5. It stayed at 2: x lies.") == "Who? 移动 5。x停在 2。"
    assert made.say_all("It moved by 5. It moved by 6. Who?") == "移动 5。移动 6。 Who?"


def test_what_stands_in_a_row_is_translated_each_by_itself() -> None:
    made = Catalogue(
        {"{n} files received": "收到 {n} 个文件", "{n} items read": "读取 {n} 个项目"}, {}
    )
    assert made.say_all("5 files received, 12 items read") == "收到 5 个文件，读取 12 个项目"


def test_a_long_text_takes_no_long_time() -> None:
    made = Catalogue({"{a} a {b} a {c} a {d} a {e}!": "{a}{b}{c}{d}{e}"}, {})
    assert made.say(" a" * 9_000) is None


@pytest.mark.usefixtures("chinese")
def test_a_refusal_is_said_in_chinese_with_its_own_values() -> None:
    refusal = CaseKitError(
        "The case could not be made in {folder} ({why}): choose a folder you may write to.",
        folder="D:/案件 (2)", why="Permission denied",
    )  # fmt: skip
    assert (
        translated(refusal) == "无法在 D:/案件 (2) 建立案件（没有权限）：请选择您可以写入的文件夹。"
    )
    assert translated(str(refusal)) == translated(refusal)
    assert original(refusal) == str(refusal)
    assert both(refusal) == f"{translated(refusal)}\n{refusal}"
    unknown = CaseKitError("Nobody wrote {x}.", x=5)
    assert (translated(unknown), original(unknown)) == ("Nobody wrote 5.", "")


def test_in_english_everything_stays() -> None:
    assert translated("Cancelled. Everything finished so far is kept.").startswith("Cancelled")
    assert original("Cancelled. Everything finished so far is kept.") == ""
