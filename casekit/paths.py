"""Where CaseKit finds its own resources and keeps what belongs to the user rather than to a case."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

from casekit.errors import CaseKitError


def resource(*names: str) -> Path:
    """The path of a file or folder under `resources/`, from a bundle, a wheel or a checkout."""
    package = Path(__file__).resolve().parent
    bundle = Path(getattr(sys, "_MEIPASS", package))
    for root in (bundle / "_resources", package / "_resources", package.parent / "resources"):
        found = root.joinpath(*names)
        if found.exists():
            return found
    raise CaseKitError(
        "CaseKit's own file {name} is missing: install it again.", name="/".join(names)
    )


def config_folder() -> Path:
    """The user's settings and log; `CASEKIT_HOME` moves it."""
    return _user_folder("config", platformdirs.user_config_path("casekit", appauthor=False))


def cache_folder() -> Path:
    """What can be made again: static fonts, the converted embedding model; `CASEKIT_HOME` moves it."""
    return _user_folder("cache", platformdirs.user_cache_path("casekit", appauthor=False))


def _user_folder(name: str, default: Path) -> Path:
    home = os.environ.get("CASEKIT_HOME")
    folder = Path(home) / name if home else default
    folder.mkdir(parents=True, exist_ok=True)
    return folder
