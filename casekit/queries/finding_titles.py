"""What a finding is called in the case: one line that names the models it is of, whoever asks for it."""

from __future__ import annotations

TITLES = {
    "overlap": "Shared wording of {subject} and {source}",
    "sets": "Overlap of sets: {subject} and {source}",
    "change": "Before and after: {before} and {subject} towards {source}",
    "lineage": "Lineage of {subject}: answers of {source}",
    "validation": "Validation of lineage: answers of {source}",
    "exposure": "Exposure of {subject} to answers of {source}",
    "usage": "Usage of the API log",
    "identity": "Identity of {subject}: names of {lab}",
    "canaries": "Canaries “{set}” in {subject}",
}


def title_of(kind: str, **names: str) -> str:
    """The title of a finding; the window finds its translation as that of every sentence of the core.

    Args:
        kind: Of `TITLES`.
        **names: What fills the places; several sources are one text with commas.
    """
    return TITLES[kind].format(**names)
