"""What stands at the end for who checks: the versions of the tools that planned the dossier, and its words."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata

import casekit
from casekit.dossier.sheet import Block, Column, Fact, Facts, Grid, Remark
from casekit.dossier.wording import Wording

TOOLS = ("reportlab", "pikepdf", "pypdfium2", "fonttools", "uharfbuzz", "sqlcipher3", "SQLAlchemy", "msgspec",
         "cryptography", "numpy")  # fmt: skip
_TERM = "glossary.term."


def versions(words: Wording) -> tuple[Block, ...]:
    """CaseKit, Python, the system, and each library that reads, decides or draws."""
    rows = [
        ("CaseKit", casekit.__version__),
        (platform.python_implementation(), platform.python_version()),
        (platform.system(), platform.machine()),
    ]
    for name in TOOLS:
        try:
            rows.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    columns = (Column(words("versions.program"), 40), Column(words("versions.version"), 60, "mono"))
    return (
        Remark(words("versions.intro")),
        Grid(columns, tuple(rows)),
        Remark(words("versions.note"), small=True),
    )


def glossary(words: Wording, own: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The dossier's words and the user's own, in the order of the alphabet, signs last.

    One that the user explains takes the place of ours.
    """
    texts = [text.partition("|") for key, text in words.texts.items() if key.startswith(_TERM)]
    found = {term.casefold(): (term, text) for term, _, text in texts}
    found |= {term.strip().casefold(): (term.strip(), text) for term, text in (own or {}).items()}
    rows = sorted(found.values(), key=lambda each: (not each[0][:1].isalpha(), each[0].casefold()))
    return (Facts(tuple(Fact(term, text, "serif") for term, text in rows)),)
