from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit import log, paths

SECRET = "Dear Helen, the password is swordfish"


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path))
    logger = logging.getLogger("casekit")
    before, level, propagate = logger.handlers[:], logger.level, logger.propagate
    logger.handlers.clear()
    yield logger
    for handler in logger.handlers:
        handler.close()
    logger.handlers[:], logger.propagate = before, propagate
    logger.setLevel(level)


def written() -> str:
    return (paths.config_folder() / "casekit.log").read_text("utf-8")


def fail(text: str) -> None:
    raise ValueError(text)


def test_an_error_is_logged_without_the_words_it_quotes(started: logging.Logger) -> None:
    log.start()
    try:
        try:
            fail(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError:
        logging.getLogger("casekit.ingest").exception("Import of %d files failed", 3)
    text = written()
    assert "ERROR casekit.ingest Import of 3 files failed" in text
    assert text.rstrip().endswith("RuntimeError")
    assert "test_log.py:" in text
    assert "swordfish" not in text


def test_starting_twice_writes_once_and_debugging_only_on_request(started: logging.Logger) -> None:
    log.start()
    log.start(verbose=True)
    started.debug("detail")
    started.info("plain")
    assert [line.split()[2:] for line in written().splitlines()] == [["INFO", "casekit", "plain"]]
    assert len(started.handlers) == 1


def test_the_log_is_cut_into_few_files(
    started: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2000)
    log.start(verbose=True)
    for number in range(500):
        started.debug("line %d", number)
    files = sorted(p.name for p in paths.config_folder().iterdir())
    assert files == ["casekit.log", "casekit.log.1", "casekit.log.2", "casekit.log.3"]
    assert "line 499" in written()


def test_a_record_with_an_odd_error_is_written_too() -> None:
    formatter = log.WithoutEvidence("%(message)s")
    record = logging.LogRecord("casekit", logging.ERROR, "", 0, "x", None, (None, None, None))
    assert formatter.format(record).startswith("x")
    assert formatter.formatException("no error at all") == "unknown"
