from __future__ import annotations

import pytest

from casekit.clock import from_us
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.dialects.page_times import english_time, telegram_time
from casekit.ingest.parsed import When


def told(when: When | None) -> tuple[str, str, int] | None:
    return when and (f"{from_us(when.us):%Y-%m-%d %H:%M:%S}", when.zone, when.resolution_us)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jul 12, 2024 4:54:10pm", ("2024-07-12 16:54:10", LOCAL, 1_000_000)),
        ("Jan 5, 2025, 12:08 AM", ("2025-01-05 00:08:00", LOCAL, 60_000_000)),
        ("Wednesday, July 6, 2016 at 1:03:44\u202fPM UTC",
         ("2016-07-06 13:03:44", "explicit", 1_000_000)),
        ("Wednesday, 6 July 2016 at 13:03:44 UTC", ("2016-07-06 13:03:44", "explicit", 1_000_000)),
        ("14 December 2021", ("2021-12-14 00:00:00", LOCAL, 86_400_000_000)),
        ("Mai 5, 2025, 12:08 AM", None),
        ("12. Juli 2024", None),
        ("Feb 30, 2024 1:00 PM", None),
        ("Feb 3, 2024 13:00 PM", None),
        ("Feb 3, 0000 1:00 PM", None),
        ("", None),
    ],
)  # fmt: skip
def test_english_times(text: str, expected: tuple[str, str, int] | None) -> None:
    found = english_time(text, "f")
    assert told(found) == expected
    assert found is None or (found.raw, found.field) == (text, "f")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14.12.2021 23:43:49 UTC+03:00", ("2021-12-14 20:43:49", "explicit", 1_000_000)),
        ("14.12.2021 23:43:49 UTC-03:30", ("2021-12-15 03:13:49", "explicit", 1_000_000)),
        ("14.12.2021 23:43:49", ("2021-12-14 23:43:49", LOCAL, 1_000_000)),
        ("32.12.2021 23:43:49", None),
        ("14.12.2021 23:43:49 UTC+99:00", None),
        ("14/12/2021", None),
    ],
)
def test_times_of_telegram(text: str, expected: tuple[str, str, int] | None) -> None:
    assert told(telegram_time(text, "title")) == expected
