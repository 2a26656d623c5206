import re
import tomllib
from string import Formatter
from typing import get_args

import pytest

from casekit import paths
from casekit.dossier.wording import _flat, wording
from casekit.errors import CaseKitError
from casekit.ingest.parsed import Kind
from casekit.ops.matter import PROFILES, SIDES

SAME_EVERYWHERE = {
    "CaseKit {version}", "{judge}", "{first}–{last}", "≈ {day}", "Message-ID", "In-Reply-To",
    "References", "{first}",
}  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_words(profile: str) -> None:
    words = wording(profile)
    assert words("caption.versus")
    said = "截至保管日志第 5 条" if profile == "neutral-zh" else "as of custody entry 5"
    assert words("cover.state_text", seq=5) == said


def test_a_profile_says_what_differs() -> None:
    assert wording("us-federal")("caption.number", number="1") == "Case No. 1"
    assert wording("england-wales")("caption.number", number="1") == "Claim No. 1"


def test_the_chinese_wording_is_whole() -> None:
    """Nothing falls back to English, and every text has the same places to fill."""
    own = _flat(tomllib.loads(paths.resource("wording", "neutral-zh.toml").read_text("utf-8")))
    english = wording("neutral").texts
    assert own.keys() == english.keys()
    assert {key: _places(own[key]) for key in own} == {k: _places(english[k]) for k in own}
    terms = [key for key in own if key.startswith("glossary.") or key == "foot.page"]
    assert [key for key in terms if own[key].count("|") != 1] == []
    alike = {key for key in own if own[key] == english[key] and re.search("[a-z]{4}", own[key])}
    assert {own[key] for key in alike} <= SAME_EVERYWHERE


def _places(text: str) -> list[str]:
    return sorted(
        {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name}
    )


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(CaseKitError, match="atlantis"):
        wording("atlantis")


def test_one_and_many() -> None:
    words = wording("neutral")
    assert words.count("count.exhibits", 1) == "1 exhibit"
    assert words.count("count.exhibits", 1200) == "1,200 exhibits"


def test_sides_that_have_a_place_in_the_caption_have_words() -> None:
    texts = wording("neutral").texts
    for side in set(SIDES) - {"third-party", "other"}:
        assert f"side.{side}.one" in texts
        assert f"stamp.{side}" in texts


def test_no_text_promises_what_only_a_court_decides() -> None:
    banned = re.compile(
        r"admissib|proves? copying|guilt|可采|可采纳|证据能力|证明力|证明(了|存在)?抄袭|有罪",
        re.IGNORECASE,
    )
    for file in paths.resource("wording").rglob("*.toml"):
        assert not banned.search(file.read_text("utf-8")), file.name


def test_every_kind_of_item_has_a_word() -> None:
    words = wording("neutral")
    assert [kind for kind in get_args(Kind) if not words.get(f"kind.{kind}")] == []
