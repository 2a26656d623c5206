"""The user's settings: one frozen record, kept as JSON in the settings folder."""

from __future__ import annotations

import dataclasses
import getpass
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casekit import paths


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        examiner: The name that custody entries carry.
        theme: `system`, `light`, `dark` or `contrast`.
        language: `en` or `zh`.
        recent: Case folders opened last, newest first.
        arrangement: Sizes of the window and its panes, and which panes are hidden.
        advance: After a code comes the next item.
        guided: The sample matter is opened with its guide.
        time_authority: Address of the time-stamping authority used last; asked only when a stamp is wanted.
        text_engine: The engine for text recognition chosen last; empty: the first that is installed.
    """

    examiner: str = ""
    theme: str = "system"
    language: str = "en"
    recent: tuple[str, ...] = ()
    time_authority: str = ""
    text_engine: str = ""
    advance: bool = False
    guided: bool = True
    arrangement: dict[str, Any] = field(default_factory=dict)


def load() -> Settings:
    """The stored settings; what is missing, unreadable or of another kind takes its default."""
    try:
        stored = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):  # the last: brackets in brackets without end
        stored = {}
    values: dict[str, Any] = {}
    for name, usual in dataclasses.asdict(Settings()).items():
        value = stored.get(name, usual) if isinstance(stored, dict) else usual
        if name == "recent" and isinstance(value, list):  # JSON has no tuples
            value = tuple(one for one in value if isinstance(one, str))
        values[name] = value if type(value) is type(usual) else usual
    return Settings(**values | {"examiner": values["examiner"] or _login()})


def save(settings: Settings) -> None:
    """Store the settings under a temporary name first, so that a crash leaves the old ones."""
    target = _file()
    temporary = target.with_suffix(".new")
    temporary.write_text(json.dumps(dataclasses.asdict(settings), indent=1), "utf-8")
    temporary.replace(target)


def remember_case(folder: Path) -> None:
    """Put a case at the head of the recent ones."""
    settings = load()
    name = str(folder.resolve())
    recent = (name, *(p for p in settings.recent if p != name))[:8]
    save(dataclasses.replace(settings, recent=recent))


def remember_authority(url: str) -> None:
    """Keep the address of the time-stamping authority that was used."""
    settings = load()
    if settings.time_authority != url:
        save(dataclasses.replace(settings, time_authority=url))


def remember_engine(name: str) -> None:
    """Keep which engine for text recognition was chosen; empty: none in particular."""
    settings = load()
    if settings.text_engine != name:
        save(dataclasses.replace(settings, text_engine=name))


def _login() -> str:
    try:
        return os.environ.get("CASEKIT_EXAMINER") or getpass.getuser()
    except (KeyError, OSError):
        return "unnamed examiner"


def _file() -> Path:
    return paths.config_folder() / "settings.json"
