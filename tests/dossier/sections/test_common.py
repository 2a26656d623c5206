import hashlib

from casekit import clock
from casekit.dossier.sections.common import (
    Context,
    bates_text,
    day,
    facts,
    grouped,
    index_day,
    instant,
    origin_facts,
    place,
    short_day,
    values_grid,
    when_facts,
)
from casekit.dossier.sheet import Fact
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.ops.times import decide_time
from casekit.queries import items
from casekit.store.case import Case
from tests.dossier.builders import PROMPT, Builder, answer, document

WORDS = wording("us-federal")
US = 1_768_381_971_204_000


def test_times_are_as_exact_as_their_source() -> None:
    assert instant(US, 1000) == "2026-01-14 09:12:51.204 UTC"
    assert instant(US, 1_000_000) == "2026-01-14 09:12:51 UTC"
    assert instant(US, 86_400_000_000) == "2026-01-14"
    assert instant(US + 1) == "2026-01-14 09:12:51.204001 UTC"
    assert (instant(None), day(None, WORDS), short_day(None, WORDS)) == ("", "", "")
    assert (day(US, WORDS), short_day(US, WORDS)) == ("14 January 2026", "14 Jan 2026")
    chinese = wording("neutral-zh")
    assert (day(US, chinese), short_day(US, chinese)) == ("2026年1月14日", "2026-01-14")


def test_hashes_are_grouped_for_the_eye() -> None:
    digest = hashlib.sha256(b"").digest()
    assert grouped(digest).split(" ")[0] == "e3b0c442"
    assert grouped(digest).replace(" ", "") == digest.hex()
    assert [len(line) for line in grouped(digest.hex(), 2).split("\n")] == [35, 35]


def test_numbers_and_ranges() -> None:
    assert bates_text("AUR", 412, 412) == "AUR-0000412"
    assert bates_text("AUR", 1, 3) == "AUR-0000001 – AUR-0000003"
    assert bates_text("", 0, 0) == ""


def test_facts_without_a_value_are_left_out() -> None:
    assert facts(("A", "x"), ("B", ""), Fact("C", "", "mono")) == (Fact("A", "x"),)


def test_few_values_stand_in_one_column_many_short_ones_in_two() -> None:
    few = values_grid({"a": 1, "b": "", "c": {"d": [1]}}, WORDS, "H")
    assert few.rows == (("a", "1"), ("c.d", "[1]"))
    many = values_grid({str(n): "x" for n in range(7)}, WORDS, "H")
    assert many.rows == (
        ("0", "x", "4", "x"),
        ("1", "x", "5", "x"),
        ("2", "x", "6", "x"),
        ("3", "x", "", ""),
    )
    long = values_grid({str(n): "x" * 60 for n in range(7)}, WORDS, "H")
    assert len(long.rows) == 7


def test_an_exhibit_says_where_it_stands_and_how_it_came(case: Case, built: Builder) -> None:
    first, second = built.add("run7.jsonl", answer("Q", "A", "m"), answer(PROMPT, "A", "m"))
    whole = built.add("memo.txt", document("memo.txt", "text"))[0]
    with case.read() as s:
        view, alone = items.view(s, second), items.view(s, whole)
    size = items_size(case, first)
    last = size + view.row.size
    assert place(view, WORDS) == f"model output, line 2 of run7.jsonl (bytes {size + 1}–{last})"
    assert place(alone, WORDS) == "document of memo.txt"
    context = Context(WORDS, DossierSpec(), {}, {}, {view.original_sha256: (3, 5)})
    found = {f.label: f.value for f in origin_facts(view, context)}
    assert "custodian Platform team, Aurora; from export of 20 January 2026" in found["Received"]
    assert found["Custody entries"] == "3, 5"
    assert found["SHA-256 of the record"].replace(" ", "") == view.sha256.hex()
    assert "SHA-256 of the record" not in {f.label for f in origin_facts(alone, context)}


def items_size(case: Case, item_id: int) -> int:
    with case.read() as s:
        return items.view(s, item_id).row.size


def test_what_was_assumed_and_decided_of_a_time_stands_beside_the_source_s_own(
    case: Case, built: Builder
) -> None:
    new = answer("Q", "A", "m")
    new.columns["sent_zone"] = "assumed: UTC"
    item = built.add("a.json", new)[0]

    def told() -> tuple[str, str]:
        with case.read() as s:
            view = items.view(s, item)
        (fact,) = when_facts(view, WORDS, "Asked")
        text, raw = fact.value.split("\n")
        assert (fact.label, raw) == ("Asked", "in the source: created 2026-01-14T09:12:51.204Z")
        return text, index_day(view, WORDS)

    today = day(clock.now_us(), WORDS)
    assert told() == (
        "2026-01-14 09:12:51.204 UTC (time zone assumed: UTC; nobody has decided it, so it may be up to 14 "
        "hours off)",
        "≈ 14 Jan 2026",
    )
    for reading, text, index in (
        ("Asia/Shanghai", f"2026-01-14 01:12:51.204 UTC (time zone assumed: UTC; decided by {case.actor} on "
         f"{today}: Asia/Shanghai, because of the server)", "14 Jan 2026"),
        ("as-assumed", f"2026-01-14 09:12:51.204 UTC (time zone assumed: UTC; decided by {case.actor} on "
         f"{today}: as assumed, because of the server)", "14 Jan 2026"),
        ("left-out", f"2026-01-14 09:12:51.204 UTC (time zone assumed: UTC; left out by {case.actor} on "
         f"{today}, because of the server)", "≈ 14 Jan 2026"),
    ):  # fmt: skip
        with case.write() as s:
            decide_time(s, [item], reading, "of the server")
        assert told() == (text, index)


def test_a_time_that_the_decided_clock_shows_twice_says_so(case: Case, built: Builder) -> None:
    new = answer("Q", "A", "m")
    new.columns |= {
        "sent_us": 1_762_047_000_000_000,
        "sent_zone": "assumed:utc",
    }  # 2025-11-02 01:30
    item = built.add("a.json", new)[0]
    with case.write() as s:
        decide_time(s, [item], "America/New_York", "Lee lived there.")
    with case.read() as s:
        view = items.view(s, item)
    text = when_facts(view, WORDS, "Asked")[0].value
    assert text.startswith("2025-11-02 05:30:00 UTC (")
    assert "shows it twice, so it may be 60 minutes later)" in text
    assert index_day(view, WORDS) == "≈ 2 Nov 2025"


def test_a_whole_day_stays_the_day_that_was_written(case: Case, built: Builder) -> None:
    new = answer("Q", "A", "m")
    new.columns |= {"sent_us": 1_741_132_800_000_000, "sent_raw": "20250305",
                    "sent_zone": "assumed:a day, read as UTC",
                    "sent_resolution_us": 86_400_000_000}  # fmt: skip
    item = built.add("a.json", new)[0]
    with case.write() as s:
        decide_time(s, [item], "Asia/Shanghai", "The meeting was there.")
    with case.read() as s:
        view = items.view(s, item)
    assert when_facts(view, WORDS, "Asked")[0].value.startswith("2025-03-05 (")
    assert index_day(view, WORDS) == "5 Mar 2025"
