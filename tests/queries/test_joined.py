from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ops import items as item_ops
from casekit.queries.joined import OtherPart, by_ground, joined, of_ground
from casekit.store.case import Case
from tests.builders import file_items, make_exchange


def filed(case: Case, tmp_path: Path, *halves: dict[str, object]) -> None:
    for number, values in enumerate(halves):
        new = make_exchange(f"{number}?", "x", "m", **values)
        new.columns["pointer"] = (
            '[{"how":"zip","name":"a.jsonl"},{"how":"slice","length":2,"line":3,"offset":7}]'
        )
        file_items(case, [new], tmp_path, f"{number}.zip")


def test_the_other_parts_come_with_their_places(case: Case, tmp_path: Path) -> None:
    halves = [
        {"joint": "x-batch/request"},
        {"joint": "x-batch/answer"},
        {"joint": "x-batch/answer"},
    ]
    filed(case, tmp_path, *halves)
    with case.write() as s:
        item_ops.set_joins(s, {1: (1, "job"), 2: (1, "job"), 3: (3, "several")})
    with case.read() as s:
        found, alone = joined(s, 1), joined(s, 3)
    assert found is not None
    assert (found.ground, found.count, found.alone) == ("job", 1, False)
    (other,) = found.others
    sha256 = make_exchange("1?", "x", "m").columns["sha256"]
    assert other == OtherPart(
        2,
        "answer",
        "1?",
        "1.zip!a.jsonl",
        3,
        7,
        2,
        sha256,
        (("prompt", "1?"), ("output", "x")),
    )
    assert alone is not None
    assert (alone.ground, alone.others, alone.alone) == ("several", (), True)


@pytest.mark.parametrize(
    ("halves", "missing"),
    [
        (
            [
                {"joint": "x-batch/request", "completeness": "no-output no-time unjoined"},
                {"joint": "x-batch/answer", "completeness": "no-prompt no-time unjoined"},
            ],
            "no-time",
        ),
        (
            [
                {"joint": "x-batch/request", "completeness": "no-output unjoined"},
                {"joint": "x-batch/request", "completeness": "no-output unjoined"},
            ],
            "no-output unjoined",
        ),
        (
            [
                {"joint": "apim/part", "ip": "192.0.2.7", "completeness": "no-prompt no-output"},
                {"joint": "apim/rows", "ip": "192.0.2.*", "completeness": "ip-masked sampled"},
            ],
            "sampled",
        ),
        (
            [
                {"joint": "apim/rows", "extra": '{"rows":[0,1]}'},
                {"joint": "apim/rows", "extra": '{"rows":[2]}', "completeness": "truncated"},
            ],
            "",
        ),
        (
            [
                {
                    "joint": "apim/rows",
                    "extra": '{"rows":[0,"1",true]}',
                    "completeness": "truncated",
                },
                {"joint": "apim/rows", "extra": '{"rows":[2]}', "completeness": "truncated"},
            ],
            "truncated",
        ),
    ],
)
def test_together_they_lack_what_each_of_them_lacks(
    case: Case, tmp_path: Path, halves: list[dict[str, object]], missing: str
) -> None:
    filed(case, tmp_path, *halves)
    with case.write() as s:
        item_ops.set_joins(s, {1: (1, "id"), 2: (1, "id")})
    with case.read() as s:
        found = joined(s, 2)
    assert found is not None
    assert found.completeness == missing


def test_what_is_whole_or_of_no_other_has_nothing_to_say(case: Case, tmp_path: Path) -> None:
    halves = [{"joint": "x-batch/answer"}, {"joint": "x-batch/job"}, {}]
    filed(case, tmp_path, *halves)
    with case.write() as s:
        item_ops.set_joins(s, {1: (1, "alone"), 2: (2, "job")})
    with case.read() as s:
        assert [joined(s, n) for n in (1, 2, 3)] == [None, None, None]


def test_parts_are_counted_by_their_ground(case: Case, tmp_path: Path) -> None:
    half = {"joint": "x-batch/answer", "completeness": "no-prompt unjoined"}
    whole = {"joint": "x-batch/answer", "completeness": "no-time"}
    filed(case, tmp_path, half, half, half, whole, {"joint": "x-batch/job"}, {})
    with case.write() as s:
        item_ops.set_joins(
            s,
            {1: (1, "several"), 2: (2, "alone"), 3: (3, "several"), 4: (4, "alone"), 5: (5, "job")},
        )
    with case.read() as s:
        assert list(by_ground(s).items()) == [("several", 2), ("alone", 1)]
        assert [of_ground(s, ground) for ground in ("several", "alone", "job")] == [[1, 3], [2], []]
