"""The rotating program log, which names acts, counts and error kinds but never holds evidence text."""

from __future__ import annotations

import logging
import logging.handlers

from casekit import paths

MAX_BYTES = 1_000_000
KEPT = 3


class WithoutEvidence(logging.Formatter):
    """Writes exceptions as their type and place only: their messages may quote evidence."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        """The chain of frames and the exception's type, without its message."""
        kind, _, trace = ei if isinstance(ei, tuple) else (None, None, None)
        lines = []
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join([*lines, getattr(kind, "__name__", "unknown")])


def start(*, verbose: bool = False) -> None:
    """Send CaseKit's log to the settings folder; `verbose` adds debugging detail."""
    logger = logging.getLogger("casekit")
    if logger.handlers:
        return
    handler = logging.handlers.RotatingFileHandler(
        paths.config_folder() / "casekit.log",
        maxBytes=MAX_BYTES,
        backupCount=KEPT,
        encoding="utf-8",
    )
    handler.setFormatter(WithoutEvidence("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
