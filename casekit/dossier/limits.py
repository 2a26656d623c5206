"""The largest file that a court takes: presets with their sources, and a limit read from words."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache

from casekit.errors import CaseKitError
from casekit.paths import resource

MEGABYTE = 1_000_000  # bytes: the smaller of the two that courts mean
SMALLEST, LARGEST = 0.5, 2000.0  # megabytes


@dataclass(frozen=True, slots=True)
class Limit:
    """What one court said of the size of a PDF.

    Attributes:
        key: Its short name, as in the address of its page.
        mb: Megabytes of 1,000,000 bytes a file.
        source: The court's page.
        read: The day on which it said so.
    """

    key: str
    court: str
    mb: float
    source: str
    read: dt.date


@cache
def limits() -> tuple[Limit, ...]:
    """The presets, by their short names."""
    held = tomllib.loads(resource("courts", "limits.toml").read_text("utf-8"))
    return tuple(
        Limit(key, str(one["court"]), float(one["mb"]), str(one["source"]), one["read"])
        for key, one in sorted(held.items())
    )


def megabytes(wanted: str) -> float:
    """A limit in megabytes from a number (`35`, `7.5`) or the short name of a court (`nvb`).

    Raises:
        CaseKitError: It is neither.
    """
    for one in limits():
        if one.key == wanted.strip().lower():
            return one.mb
    try:
        found = float(wanted)
    except ValueError as error:
        raise CaseKitError(
            "“{wanted}” is no size of a file: give megabytes, such as 35, or a court: {known}.",
            wanted=wanted, known=", ".join(one.key for one in limits()),
        ) from error  # fmt: skip
    check(found)
    return found


def check(mb: float) -> None:
    """Refuse a limit below which no dossier fits, or one that limits nothing.

    Raises:
        CaseKitError: It is neither 0 (none) nor within bounds.
    """
    if mb != 0 and not (math.isfinite(mb) and SMALLEST <= mb <= LARGEST):
        raise CaseKitError(
            "The largest file must be {least} to {most} MB, or 0 for no limit, not {mb}.",
            least=f"{SMALLEST:g}", most=f"{LARGEST:g}", mb=f"{mb:g}",
        )  # fmt: skip
