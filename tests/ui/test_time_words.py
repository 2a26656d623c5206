from __future__ import annotations

import dataclasses

from casekit.queries.times import Instant, TimeDecision
from casekit.queries.zones import HOUR_US
from casekit.ui.time_words import reading_words, when_text, zone_words

DAY = 1_768_381_971_204_000  # 14 January 2026


def said(reading: str) -> TimeDecision:
    return TimeDecision(reading, "of the server", "Ana Ruiz", DAY)


def test_a_time_says_what_was_assumed_and_decided_of_its_zone() -> None:
    assert zone_words(Instant()) == zone_words(Instant(DAY, DAY, "exact")) == ""
    assert zone_words(Instant(DAY, DAY, "undecided", "utc")) == (
        "zone assumed: utc; nobody has decided it, so it may be up to 14 hours off"
    )
    mapped = Instant(DAY, DAY, "undecided", "the mapping says Asia/Tokyo")
    assert zone_words(mapped).endswith("up to 26 hours off")
    chat = Instant(DAY, DAY, "undecided", "local; day before month assumed")
    assert zone_words(chat).endswith("up to 14 hours off; day and month may be the other way round")
    assert zone_words(Instant(DAY, DAY, "decided", "utc", 0, said("Asia/Shanghai"))) == (
        "zone assumed: utc; decided by Ana Ruiz on 2026-01-14: Asia/Shanghai, because of the server"
    )
    assert zone_words(Instant(DAY, DAY, "decided", "utc", HOUR_US, said("Europe/Paris"))).endswith(
        "; the clock there skips this time or shows it twice: up to 60 minutes later"
    )
    assert "Left out, because" in zone_words(
        Instant(DAY, DAY, "left-out", "utc", 0, said("left-out"))
    )


def test_a_time_is_shown_to_the_second() -> None:
    assert (when_text(None), when_text(0)) == ("", "1970-01-01 00:00:00")


def test_readings_have_words() -> None:
    assert [reading_words(said(r)) for r in ("as-assumed", "left-out", "+08:00")] == [
        "As assumed", "Left out", "+08:00",
    ]  # fmt: skip
    assert (
        reading_words(dataclasses.replace(said("UTC"), swapped=True))
        == "UTC, day and month exchanged"
    )
