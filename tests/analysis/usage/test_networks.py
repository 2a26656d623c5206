from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from casekit.analysis.usage import networks
from casekit.analysis.usage.controls import Measure
from casekit.analysis.usage.frame import Frame
from casekit.errors import CaseKitError
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]
HEAD = "asn,kind,source,source_date\n"
TABLE = (
    HEAD
    + "AS64500,hosting,list of a registry,2026-01-02\n64501,Mobile,list of a registry,2026-01-02\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "networks.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_table_says_of_which_kind_networks_are(tmp_path: Path, framed: Framed) -> None:
    listed = networks.read(written(tmp_path, TABLE))
    assert listed.rows[64500] == ("hosting", "list of a registry", "2026-01-02")
    rng = random.Random(1)
    a, b, c = (logs.account(rng, name) for name in "abc")
    rows = [
        logs.row(rng, a, 1, "x", asn=64500), logs.row(rng, a, 2, "x", asn=64500),
        logs.row(rng, a, 3, "x", asn=64501), logs.row(rng, b, 4, "x", asn=64501),
        logs.row(rng, c, 5, "x", asn=64999), logs.row(rng, b, 6, "x", asn=64500),
    ]  # fmt: skip
    frame = framed(rows)
    found = networks.measure(frame, listed)
    assert isinstance(found, Measure)
    assert (found.hits.tolist(), found.of.tolist()) == ([2, 1, 0], [3, 2, 0])
    assert networks.mostly(frame, "asn", listed) == ["hosting", networks.SEVERAL, None]
    kept = networks.to_body(listed, frame)
    assert [row[0] for row in kept["rows"]] == [64500, 64501]
    assert networks.from_body(kept) == listed


def test_what_no_table_tells_is_unknown(tmp_path: Path, framed: Framed) -> None:
    rng = random.Random(1)
    who = logs.account(rng, "a")
    frame = framed([logs.row(rng, who, 1, "x", asn=7, country=None)])
    listed = networks.read(written(tmp_path, TABLE))
    assert networks.measure(frame, None) == networks.NO_TABLE
    assert networks.measure(frame, listed) == "the table tells none of the networks of this log"
    assert networks.mostly(frame, "country") == [None]
    bare = framed([logs.row(rng, who, 1, "x", asn=None)])
    assert networks.measure(bare, listed) == "this log has no network numbers (ASN)"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("asn,kind\n1,hosting\n", "has no column source, source_date"),
        (HEAD, "has no rows"),
        (HEAD + "x,hosting,s,2026-01-02\n", "Line 2 of the networks: “x” is no network number"),
        (HEAD + "1,cloud,s,2026-01-02\n", "Line 2 of the networks: “cloud” is none of the kinds"),
        (HEAD + "1,hosting,s,\n", "say in source_date"),
        (HEAD + "1,hosting,,2026-01-02\n", "names no source"),
        (
            HEAD + "1,hosting,s, at night,2026-01-02\n",
            "Line 2 of the table “networks.csv” has more",
        ),
        (
            HEAD + "1,hosting,s,2026-01-02\n1,vpn,s,2026-01-02\n",
            "Line 3 of the networks says of AS1",
        ),
    ],
)
def test_a_wrong_table_is_refused_by_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CaseKitError, match="networks") as refused:
        networks.read(written(tmp_path, text))
    assert why in str(refused.value)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match="cannot be read"):
        networks.read(tmp_path / "nowhere.csv")
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseKitError, match="not in UTF-8"):
        networks.read(path)


def test_an_account_of_which_little_is_known_is_unknown(framed: Framed) -> None:
    """Two of ten requests from two countries tell nothing of where it mostly asks from."""
    rng = random.Random(1)
    who = logs.account(rng, "a")
    said = ["SG", "DE", *[None] * 8]
    rows = [logs.row(rng, who, n, "x", country=country) for n, country in enumerate(said)]
    assert networks.mostly(framed(rows), "country") == [None]
    said[2:8] = ["SG", "DE"] * 3
    rows = [logs.row(rng, who, n, "x", country=country) for n, country in enumerate(said)]
    assert networks.mostly(framed(rows), "country") == [networks.SEVERAL]
