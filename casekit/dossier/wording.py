"""The words printed on paper: one file for all courts, one a profile that says what differs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from casekit import paths
from casekit.errors import CaseKitError


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts by dotted key; `{places}` are filled from what the caller gives."""

    profile: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def get(self, key: str, default: str = "") -> str:
        """The text of a key that need not exist."""
        return self.texts.get(key, default)

    def count(self, key: str, number: int) -> str:
        """The text `key.one` or `key.many` for that number."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", n=f"{number:,}")


@cache
def wording(profile: str) -> Wording:
    """The words of a profile: `us-federal`, `england-wales`, `eu`, `neutral` or `neutral-zh`.

    Raises:
        CaseKitError: There is no such profile.
    """
    texts = _flat(tomllib.loads(paths.resource("wording", "common.toml").read_text("utf-8")))
    try:
        own = paths.resource("wording", f"{profile}.toml")
    except CaseKitError as error:
        raise CaseKitError(
            "There is no wording “{profile}”: set the matter's profile to one that exists.",
            profile=profile,
        ) from error
    texts.update(_flat(tomllib.loads(own.read_text("utf-8"))))
    return Wording(profile, texts)


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{before}{key}."))
        else:
            found[before + key] = str(value)
    return found
