import errno
import os

import pytest
from sqlalchemy.exc import DBAPIError

from casekit.errors import (
    Cancelled,
    CaseBusy,
    CaseKitError,
    CaseTooNew,
    NotACase,
    QueryError,
    refusal,
)


def test_a_refusal_keeps_its_sentence_and_what_fills_it() -> None:
    error = CaseKitError("{name} is not {what}.", name="a {b}", what="there")
    assert (str(error), error.template, error.values) == (
        "a {b} is not there.",
        "{name} is not {what}.",
        {"name": "a {b}", "what": "there"},
    )
    assert str(CaseKitError("No {places} here.")) == "No {places} here."


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CaseKitError("x"), 2),
        (NotACase("x"), 2),
        (CaseTooNew("x"), 2),
        (CaseBusy("x"), 2),
        (QueryError("x", query="y", position=0), 2),
        (Cancelled(), 130),
    ],
)
def test_each_refusal_has_its_exit_code(error: CaseKitError, code: int) -> None:
    assert error.exit_code == code


def test_a_query_error_points_at_the_place() -> None:
    error = QueryError("“{word}” is no field.", query="a {b} frm:x", position=6, word="frm")
    assert error.with_caret() == "“frm” is no field.\n  a {b} frm:x\n        ^"


def test_cancelling_says_what_is_kept() -> None:
    assert str(Cancelled()) == "Cancelled. Everything finished so far is kept."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "This disk cannot be written to"),
        (DBAPIError("INSERT", None, Exception("database or disk is full")), "The disk is full"),
        (OSError(errno.EBADF, "Bad file descriptor"), None),
        (
            PermissionError(errno.EACCES, "Permission denied", "/closed/a.xlsx"),
            "Files in /closed may not be read or written",
        ),
        (
            Exception(FileNotFoundError(errno.ENOENT, "No such file", "/no such/folder/a.xlsx")),
            "The folder /no such/folder is not there",
        ),
        (FileNotFoundError(errno.ENOENT, "No such file", f"{os.curdir}/no such file"), None),
        (PermissionError(errno.EACCES, "Permission denied"), None),
        (ValueError("disk is full"), None),
    ],
)
def test_a_disk_without_room_is_a_refusal_and_a_bug_stays_one(
    error: Exception, said: str | None
) -> None:
    refused = refusal(error)
    assert (str(refused).partition(": ")[0] if refused else None) == said
