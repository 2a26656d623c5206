"""What an import says when the machine has too little of something, where nothing that is finished is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

from casekit.errors import CaseKitError


@contextlib.contextmanager
def shortage_refused() -> Iterator[None]:
    """Make a full disk, or memory that is used up, one sentence that says what to do.

    Raises:
        CaseKitError: There was too little room.
    """
    try:
        yield
    except DBAPIError as error:
        if "disk is full" not in str(error.orig):
            raise
        raise CaseKitError(
            "The disk that holds the case is full: free some space and import the same again. "
            "Everything finished so far is kept."
        ) from error
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and "start new thread" not in str(error):
            raise
        raise CaseKitError(
            "The memory that CaseKit may use is used up: allow more (ulimit -v), or close other programs, and "
            "import the same again. Everything finished so far is kept."
        ) from error
