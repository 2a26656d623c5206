"""Visible sentences: the English text is the key, a JSON catalogue holds each further language."""

from __future__ import annotations

import json

from casekit import paths

LANGUAGES = {"en": "English", "zh": "中文"}

_catalogue: dict[str, str] = {}
_language = ["en"]


def use(language: str) -> None:
    """Speak that language from now on; what its catalogue lacks stays English."""
    _catalogue.clear()
    _language[:] = [language if language in LANGUAGES else "en"]
    if spoken() != "en":
        _catalogue.update(catalogue(language))


def spoken() -> str:
    """The code of the language in use."""
    return _language[0]


def catalogue(language: str) -> dict[str, str]:
    """English sentence to translated sentence of one language."""
    loaded: dict[str, str] = json.loads(
        paths.resource("i18n", f"{language}.json").read_text("utf-8")
    )
    return loaded


def tr(text: str, /, **values: object) -> str:
    """The sentence in the user's language, its `{name}` places filled; whole numbers get separators."""
    said = _catalogue.get(text, text)
    if not values:
        return said
    return said.format(**{k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()})


def tr_count(one: str, many: str, number: int) -> str:
    """A sentence about a number: `one` for 1, else `many` with its place `{n}`."""
    return tr(one) if number == 1 else tr(many, n=number)
