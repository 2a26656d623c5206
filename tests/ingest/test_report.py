from casekit.confine import WorkerCrashed, WorkerFailed, WorkerHung
from casekit.ingest.report import FormatCount, IngestReport, InsideCount, fault_of


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
        inside={"png": InsideCount(2, 20, 20), "jsonl": InsideCount(1, 9, 5)},
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
        "inside": {
            "jsonl": {"files": 1, "bytes": 9, "understood": 5},
            "png": {"files": 2, "bytes": 20, "understood": 20},
        },
        "cancelled": True,
        "confinement": "seccomp",
    }
    assert list(report.as_json()["formats"]) == ["jsonl", "mbox"]


def test_what_ended_the_reading_is_told_apart() -> None:
    faults = [
        WorkerHung(1),
        WorkerCrashed(-11),
        WorkerFailed("MemoryError"),
        WorkerFailed("OSError"),
        KeyError(),
    ]
    assert [fault_of(each).kind for each in faults] == [
        "hung",
        "crashed",
        "memory",
        "failed",
        "bad-answer",
    ]
    assert all(fault_of(each).text.endswith("the file is kept.") for each in faults)
