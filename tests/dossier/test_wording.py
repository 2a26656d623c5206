import re
from typing import get_args

import pytest

from casekit import paths
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ingest.parsed import Kind
from casekit.ops.matter import PROFILES, SIDES


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_words(profile: str) -> None:
    words = wording(profile)
    assert words("caption.versus")
    assert words("cover.state_text", seq=5) == "as of custody entry 5"


def test_a_profile_says_what_differs() -> None:
    assert wording("us-federal")("caption.number", number="1") == "Case No. 1"
    assert wording("england-wales")("caption.number", number="1") == "Claim No. 1"


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
    banned = re.compile(r"admissib|proves? copying|guilt", re.IGNORECASE)
    for file in paths.resource("wording").glob("*.toml"):
        assert not banned.search(file.read_text("utf-8")), file.name


def test_every_kind_of_item_has_a_word() -> None:
    words = wording("neutral")
    assert [kind for kind in get_args(Kind) if not words.get(f"kind.{kind}")] == []
