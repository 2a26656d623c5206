"""What is different between two specs, or between an issued dossier and today's draft, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from casekit.dossier.sheet import Chapter, DossierPlan
from casekit.dossier.spec import DossierSpec

WORDS = {
    "new": "{what} is new.",
    "gone": "{what} is no longer in it.",
    "other": "{what} prints something else.",
    "order": "The order of the {what} is another.",
    "value": "{what}: “{before}” became “{after}”.",
    "stated": "{what}: “{after}” is stated now.",
    "taken": "{what}: “{before}” was taken out.",
    "none": "Nothing is different.",
}
"""What is said of each kind, with its places; the window translates it."""
_LISTS = ("sections", "exhibits", "findings", "facts")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: a sentence of `WORDS` with values for its places."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values)


def of_specs(before: DossierSpec, after: DossierSpec) -> list[Difference]:
    """What changed from one spec to another: sections, exhibits and findings first, then every text."""
    found: list[Difference] = []
    for name in _LISTS:
        old, new = getattr(before, name), getattr(after, name)
        if old is None or new is None:
            if old != new:
                found += _value(name, _listed(old), _listed(new))
            continue
        found += _of_lists(name, [str(n) for n in old], [str(n) for n in new])
    texts = _texts(before), _texts(after)
    for place in dict.fromkeys((*texts[0], *texts[1])):
        found += _value(place, texts[0].get(place, ""), texts[1].get(place, ""))
    return found


def of_plans(before: DossierPlan, after: DossierPlan) -> list[Difference]:
    """What a reader of the earlier dossier would find changed in the later one."""
    found: list[Difference] = []
    for name in ("title", "profile", "words", "paper"):
        found += _value(name, getattr(before, name), getattr(after, name))
    found += _value("designation", before.head[2], after.head[2])
    found += _of_lists("sections", before.sections, after.sections)
    for name, old, new in (
        ("exhibits", before.exhibits, after.exhibits),
        ("findings", before.findings, after.findings),
    ):
        found += _of_lists(name, [c.label for c in old], [c.label for c in new])
        found += _changed(name, old, new)
    own = {name: getattr(before, name) for name in ("custody", "hashes", "imports", "redactions")}
    for section, blocks in {**own, **before.further}.items():
        now = after.further.get(section, getattr(after, section, None))
        if section in before.sections and section in after.sections and now != blocks:
            found.append(Difference(WORDS["other"], {"what": f"section {section}"}))
    return found


def _changed(name: str, old: Sequence[Chapter], new: Sequence[Chapter]) -> Iterator[Difference]:
    known = {chapter.label: chapter for chapter in old}
    for chapter in new:
        before = known.get(chapter.label)
        # A number that an item got since is no other content.
        if before is not None and _bare(before) != _bare(chapter):
            yield Difference(WORDS["other"], {"what": f"{name[:-1]} {chapter.label}"})


def _bare(chapter: Chapter) -> Chapter:
    return msgspec.structs.replace(chapter, bates="")


def _of_lists(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    one = name[:-1]
    for each in new:
        if each not in old:
            yield Difference(WORDS["new"], {"what": f"{one} {each}"})
    for each in old:
        if each not in new:
            yield Difference(WORDS["gone"], {"what": f"{one} {each}"})
    if [n for n in old if n in new] != [n for n in new if n in old]:
        yield Difference(WORDS["order"], {"what": name})


def _value(place: str, before: str, after: str) -> Iterator[Difference]:
    values = {"what": place, "before": _short(before), "after": _short(after)}
    if before == after:
        return
    if not before:
        yield Difference(WORDS["stated"], values)
    elif not after:
        yield Difference(WORDS["taken"], values)
    else:
        yield Difference(WORDS["value"], values)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _listed(values: Sequence[object] | None) -> str:
    return "all" if values is None else ", ".join(map(str, values)) or "none"


def _texts(spec: DossierSpec) -> dict[str, str]:
    """Every other value of a spec by its place, as text; what is not set is left out."""
    whole = msgspec.to_builtins(spec)
    return dict(_flat("", {k: v for k, v in whole.items() if k not in _LISTS}))


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            inner = place if name == "fields" else f"{place}, {name}" if place else str(name)
            yield from _flat(inner, each)
    elif isinstance(value, list | tuple):
        if all(isinstance(each, str) for each in value):
            yield place, ", ".join(value)
        else:
            for n, each in enumerate(value, 1):
                yield from _flat(f"{place} {n}", each)
    elif value is not None and value != "":
        yield place, str(value)
