"""The refusals CaseKit makes: sentences a user can act on, each with the exit code it causes."""

from __future__ import annotations

import errno
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class CaseKitError(Exception):
    """A refusal: the message says in one sentence what happened and what to do.

    Args:
        message: The sentence, with `{name}` places for `values`; it is the key for translation.
        **values: What fills the places.
    """

    exit_code = 2

    def __init__(self, message: str, **values: object) -> None:
        self.template = message
        self.values = values
        super().__init__(message.format(**values) if values else message)


class NotACase(CaseKitError):
    """The folder is not a case, or not a whole one."""


class CaseTooNew(CaseKitError):
    """A newer CaseKit wrote the case."""


class CaseBusy(CaseKitError):
    """Another process holds the case for longer than we wait."""


class QueryError(CaseKitError):
    """A search text that cannot be read; `position` is the 0-based character where it fails."""

    def __init__(self, message: str, *, query: str, position: int, **values: object) -> None:
        super().__init__(message, **values)
        self.query = query
        self.position = position

    def with_caret(self) -> str:
        """The message over the query with a caret under the place."""
        return f"{self}\n  {self.query}\n  {' ' * self.position}^"


class WrongPassword(CaseKitError):
    """The password or PIN of a key is wrong."""


class Cancelled(CaseKitError):
    """The user stopped the work; what was committed stays."""

    exit_code = 130

    def __init__(self, message: str = "Cancelled. Everything finished so far is kept.") -> None:
        super().__init__(message)


def refusal(error: BaseException) -> CaseKitError | None:
    """The refusal that a disk or folder stands for which is full or closed; None for any other error.

    Args:
        error: What work raised; an error of the database too, which holds the driver's own as `orig`, and
            one of a library that holds the system's as its argument.
    """
    system = next((e for e in (error, *error.args) if isinstance(e, OSError)), None)
    code = system.errno if system is not None else None
    if code in _NO_ROOM or "disk is full" in str(getattr(error, "orig", "")):
        return CaseKitError(
            "The disk is full: free some space or choose another folder, and do it again. "
            "Everything finished so far is kept."
        )
    if code == errno.EROFS:
        return CaseKitError(
            "This disk cannot be written to: choose another folder, and do it again. "
            "Everything finished so far is kept."
        )
    if system is None or not isinstance(system.filename, (str, Path)):
        return None
    folder = Path(system.filename).parent
    if code in {errno.EACCES, errno.EPERM}:
        return CaseKitError(
            "Files in {folder} may not be read or written: choose another folder, and do it again. "
            "Everything finished so far is kept.",
            folder=folder,
        )
    if code in {errno.ENOENT, errno.ENOTDIR} and not folder.is_dir():
        return CaseKitError(
            "The folder {folder} is not there: choose another one, and do it again. "
            "Everything finished so far is kept.",
            folder=folder,
        )
    return None
