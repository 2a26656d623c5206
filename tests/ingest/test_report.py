from casekit.ingest.report import FormatCount, IngestReport


def test_a_report_is_plain_json() -> None:
    report = IngestReport(
        files=2,
        items=5,
        exchanges=3,
        duplicates=1,
        problems=[{"path": "a", "kind": "x"}],
        bytes_total=90,
        bytes_accounted=90,
        seconds=1.23456,
        formats={"mbox": FormatCount(1, 2), "jsonl": FormatCount(1, 3, 80, 70, {"no-time": 2})},
        cancelled=True,
        confinement="seccomp",
    )
    assert report.as_json() == {
        "v": 1,
        "files": 2,
        "items": 5,
        "exchanges": 3,
        "duplicates": 1,
        "problems": [{"path": "a", "kind": "x"}],
        "bytes_total": 90,
        "bytes_accounted": 90,
        "seconds": 1.235,
        "formats": {
            "jsonl": {
                "files": 1,
                "items": 3,
                "bytes": 80,
                "understood": 70,
                "missing": {"no-time": 2},
            },
            "mbox": {"files": 1, "items": 2, "bytes": 0, "understood": 0},
        },
        "cancelled": True,
        "confinement": "seccomp",
    }
    assert list(report.as_json()["formats"]) == ["jsonl", "mbox"]
