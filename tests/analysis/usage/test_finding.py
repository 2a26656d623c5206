from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from casekit.analysis.usage import engine, finding, running
from casekit.analysis.usage import frame as frames
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from casekit.errors import CaseKitError
from casekit.progress import Silent
from casekit.store import canonical
from casekit.store.case import Case
from tests.analysis.usage import logs
from tests.analysis.usage.conftest import SEED
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]
RING = [f"ring-{n:03d}" for n in range(60)]


def test_the_body_says_everything_with_its_control(run: Run) -> None:
    body = finding.body_of(run, [], 1)
    assert body["named"] == RING
    assert [a["id"] for a in body["analytics"]] == [
        *(f"A{n}" for n in range(1, 17))
    ]  # fmt: skip
    for analytic in body["analytics"]:
        assert set(analytic["accounts"]) <= set(RING)
        assert analytic["innocent"]
        assert bool(analytic["refused"]) == (analytic["id"] == "A15")
        for measure in analytic.get("measures", ()):
            assert "SELECT" in measure["query"]
            for group in measure["groups"]:
                assert {"p", "q", "mean", "control_mean", "controls"} <= set(group)
    by_id = {a["id"]: a for a in body["analytics"]}
    assert by_id["A7"]["accounts"] == RING
    assert by_id["A10"]["accounts"]
    ring_volume = next(
        g for g in by_id["A16"]["by_group"] if g["accounts_of_group"] == 60 and g["requests"] == 900
    )
    assert ring_volume["output_tokens"] > 0
    assert "controls (p = 0.0001" in by_id["A7"]["sentence"]
    ring = next(g for g in body["groups"] if g["named"])
    assert (ring["linked_by"], ring["customers_of_scripted"]) == (
        ["network", "client", "payment"],
        6,
    )
    assert len(ring["scripts"]) == 3
    assert ring["scripts"][0]["items"]
    row = body["accounts_named"][0]
    assert (row["account"], row["requests"], row["scripted"]) == ("ring-000", 15, 15)
    assert row["figures"]["A7 reasoning"][1] == 15
    assert "60 are named, in 1 group" in body["sentence"]
    canonical.encode(body)


def test_every_group_that_is_not_named_says_why(run: Run) -> None:
    groups = finding.body_of(run, [], 1)["groups"]
    assert len(groups) >= 6
    for group in groups:
        assert bool(group["not_named_because"]) != bool(group["named"])


def test_the_same_log_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    rows = [*logs.ordinary(SEED, 150, 1_500), *logs.campaign(SEED, 20, 200)]
    path = logs.write(rows, tmp_path / "a.parquet")
    made = []
    for _ in range(2):
        with engine.opened([path]) as backend:
            computed = running.analyse(frames.build(backend), 7, Silent())
            made.append(canonical.encode(finding.body_of(computed, [], 7)))
    assert made[0] == made[1]


def test_what_is_not_read_of_the_log_is_counted(framed: Framed) -> None:
    rows = list(logs.ordinary(5, 60, 300))
    rows += [{**rows[0], "request_id": "r", "sha256": b"a" * 32} for _ in range(3)]
    result = finding.body_of(running.analyse(framed(rows), 1, Silent()), [], 1)["result"]
    assert (result["exchanges"], result["copies_set_aside"]) == (len(rows) - 2, 2)


def test_no_campaign_names_nobody(framed: Framed) -> None:
    body = finding.body_of(
        running.analyse(framed(list(logs.ordinary(5, 200, 2_000))), 1, Silent()), [], 1
    )
    assert (body["named"], body["groups"]) == ([], [])
    assert "no account is named" in body["sentence"]


def test_what_the_log_lacks_is_refused_in_words(framed: Framed) -> None:
    bare = ("ip", "api_key", "ja4", "user_agent", "payment", "prompt", "output_tokens", "status")
    rows = [
        {**row, **dict.fromkeys(bare), "sent_zone": "assumed:utc"}
        for row in logs.ordinary(5, 60, 300)
    ]
    body = finding.body_of(running.analyse(framed(rows), 1, Silent()), [], 1)
    refused = {a["id"]: a["refused"] for a in body["analytics"]}
    assert refused == {
        "A1": "this log has no IP addresses and no API keys and no user agents or TLS fingerprints "
        "and no payment references",
        "A2": "this log has no API keys",
        "A3": "this log has no prompts",
        "A4": "this log has no prompts",
        "A5": "this log has no times that can be relied on",
        "A6": "this log has no times that can be relied on",
        "A7": "this log has no prompts",
        "A8": "this log has no prompts",
        "A9": "this log has no counts of output tokens",
        "A10": "this log has no times that can be relied on",
        "A11": "this log has no prompts",
        "A12": "this log has no times that can be relied on",
        "A13": None,
        "A14": "this log has no times that can be relied on",
        "A15": running.NO_SUBJECT,
        "A16": None,
    }
    assert body["named"] == []


def test_a_case_without_a_log_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="no API log"):
        finding.compare(case)
