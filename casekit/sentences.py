"""What the core says, in the user's language: finds the template of a finished English sentence.

The core refuses and reports in plain English, which is what logs, reports and the case keep. The
window shows `translated(…)` of it. A catalogue `i18n/{language}-core.json` maps templates with
`{name}` places to sentences in that language; `{name:said}` there marks a place whose text is
looked for in the catalogues itself, because the program and not the evidence put it there.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casekit import i18n, paths
from casekit.errors import CaseKitError

_DEEPEST = 3
_LEAST = 8
_LISTS = {"; ": "；", ", ": "，"}
_LONGEST = 20_000
_WORDINGS = {"zh": "neutral-zh"}
_PRINTED = (
    "exhibit.blank", "exhibit.unreadable", "parts.odd_name", "parts.native_large", "personal.",
)  # fmt: skip
_BETWEEN = re.compile(r"(?<=[.?!]) +|(?<=[.?!][”)]) +")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places.

    Attributes:
        literals: The text before, between and behind the places: one more than there are places.
        names: Of the places; one that comes twice stands for the same text.
        translation: Its pieces, each text and, unless it is the last, the place behind it.
        weight: How much text is fixed: the heaviest template that fits is the right one.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]
    translation: tuple[tuple[str, str | None, bool], ...]
    weight: int

    def split(self, text: str) -> list[tuple[str, ...]]:
        """The ways to fill the places so that `text` comes out: none, one, or two of several."""
        first, last = self.literals[0], self.literals[-1]
        if not (text.startswith(first) and text.endswith(last)):
            return []
        if len(text) < len(first) + len(last):
            return []
        middle = text[len(first) : len(text) - len(last)]
        early = _cut(middle, self.literals[1:-1])
        if early is None:
            return []
        late = _cut_from_behind(middle, self.literals[1:-1])
        return [v for v in dict.fromkeys((early, late)) if self._agree(v)]

    def _agree(self, values: Sequence[str]) -> bool:
        return len(set(zip(self.names, values, strict=True))) == len(set(self.names))


def _cut(text: str, literals: Sequence[str]) -> tuple[str, ...] | None:
    """The text cut at the literals, each as early as it can stand; in linear time."""
    values, at = [], 0
    for literal in literals:
        found = text.find(literal, at)
        if found < 0:
            return None
        values.append(text[at:found])
        at = found + len(literal)
    return (*values, text[at:])


def _cut_from_behind(text: str, literals: Sequence[str]) -> tuple[str, ...]:
    """The text cut at the literals, each as late as it can stand; they are known to be in it."""
    values, end = [], len(text)
    for literal in reversed(literals):
        found = text.rfind(literal, 0, end)
        values.append(text[found + len(literal) : end])
        end = found
    return (text[:end], *reversed(values))


def parse(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The literals and the names of the places of a template; doubled braces are braces."""
    literals, names = [""], []
    for text, name, _, _ in string.Formatter().parse(template):
        literals[-1] += text
        if name is not None:
            names.append(name)
            literals.append("")
    return tuple(literals), tuple(names)


def template(sentence: str, translation: str) -> Template:
    """A template of the catalogue."""
    literals, names = parse(sentence)
    pieces = tuple(
        (text, name, spec == "said")
        for text, name, spec, _ in string.Formatter().parse(translation)
    )
    return Template(literals, names, pieces, sum(map(len, literals)))


class Catalogue:
    """The templates of one language, and how a sentence finds its own."""

    def __init__(self, sentences: dict[str, str], words: dict[str, str]) -> None:
        """Take templates, and plain sentences that are looked up as they stand."""
        self._words = words  # of the window's own sentences: for places marked `said` only
        self._whole: dict[str, str] = {}
        self._open: list[tuple[str, Template]] = []
        self._of: dict[tuple[str, ...], Template] = {}
        for sentence, translation in sentences.items():
            made = template(sentence, translation)
            self._of[made.literals] = made
            if made.names:
                self._open.append((max(made.literals, key=len), made))
            else:
                self._whole[made.literals[0]] = "".join(text for text, _, _ in made.translation)
        self._open.sort(key=lambda each: -each[1].weight)

    def say(self, text: str, depth: int = 0) -> str | None:
        """The sentence in this language; None if no template is certain to be its own."""
        found = self._find(text, depth)
        return found[0] if found else None

    def say_all(self, text: str, depth: int = 0) -> str:
        """The text, or as many of its sentences as have a template, in this language.

        Where it can be read as one sentence and as several, the reading counts that has more fixed text.
        """
        found = self._read(text, depth)
        if found:
            return found[0]
        if "\n" in text:
            return "\n".join(self.say_all(line, depth) for line in text.split("\n"))
        return "".join(_joined(self._runs(_BETWEEN.split(text), depth)))

    def _find(self, text: str, depth: int) -> tuple[str, int] | None:
        """The sentence in this language, and how much of it is fixed."""
        known = self._whole.get(text)
        if known is None and depth and "{" not in text:
            known = self._words.get(text)
        if known is not None:
            return known, len(text)
        if depth > _DEEPEST or len(text) > _LONGEST:
            return None
        weight = -1
        told: set[str | None] = set()
        for needle, each in self._open:
            if told and each.weight < weight:
                break
            if needle in text and (ways := each.split(text)) and (depth or self._sure(each, ways)):
                weight = each.weight
                told.add(self._settle(each, ways, depth))
        said = told.pop() if len(told) == 1 else None
        return None if said is None else (said, weight)

    def _read(self, text: str, depth: int) -> tuple[str, int] | None:
        ways = [self._find(text, depth)]
        ways += [self._find_each(text.split(by), to, depth) for by, to in _LISTS.items()]
        if "\n" in text:
            lines = [self._read(line, depth) for line in text.split("\n")]
            if all(lines):
                known = [line for line in lines if line]
                ways.append(("\n".join(said for said, _ in known), sum(w for _, w in known)))
        else:
            ways.append(self._find_each(_BETWEEN.split(text), "", depth))
        return max((way for way in ways if way), key=lambda way: way[1], default=None)

    def _find_each(self, pieces: Sequence[str], to: str, depth: int) -> tuple[str, int] | None:
        """Several pieces in this language, if each has its template, and how much of them is fixed."""
        if len(pieces) < 2:
            return None
        found = [each for piece in pieces if (each := self._piece(piece, to, depth))]
        if len(found) < len(pieces):
            return None
        return to.join(said for said, _ in found), sum(weight for _, weight in found)

    def _piece(self, text: str, of: str, depth: int) -> tuple[str, int] | None:
        """A piece of a list, which may be one of commas in one of semicolons."""
        ways = [self._find(text, depth)]
        if of == _LISTS["; "] and ", " in text:
            ways.append(self._find_each(text.split(", "), _LISTS[", "], depth))
        return max((way for way in ways if way), key=lambda way: way[1], default=None)

    def fill(self, template: str, values: dict[str, object]) -> str | None:
        """The translation of a refusal whose template and values are at hand; None: not known."""
        literals, names = parse(template)
        if (each := self._of.get(literals)) is None:
            return None
        said = {
            name: format(values[name], spec or "")
            for _, name, spec, _ in string.Formatter().parse(template)
            if name is not None
        }
        return self._render(each, [said[name] for name in names], 0)

    def _runs(self, parts: Sequence[str], depth: int) -> Iterator[tuple[str, bool]]:
        """The longest runs of neighbouring parts that are known, as one sentence or each by itself."""
        at = 0
        while at < len(parts):
            for end in range(min(len(parts), at + 4), at, -1):
                found = self._read(" ".join(parts[at:end]), depth)
                if found:
                    yield found[0], True
                    at = end
                    break
            else:
                yield parts[at], False
                at += 1

    def _settle(self, each: Template, ways: list[tuple[str, ...]], depth: int) -> str | None:
        """The one meaning of a sentence; None if a place could end here or there."""
        if len(ways) > 1:
            marked = [n for n, name in enumerate(each.names) if self._is_said(each, name)]
            known = [w for w in ways if all(self.say(w[n], depth + 1) for n in marked)]
            if marked and known:  # the one of which the program itself said most
                ways = [max(known, key=lambda way: sum(len(way[n]) for n in marked))]
        made = {self._render(each, way, depth) for way in ways}
        return made.pop() if len(made) == 1 else None

    def _sure(self, each: Template, ways: list[tuple[str, ...]]) -> bool:
        """Whether so much of it is fixed that nothing but the core can have said it."""
        if each.literals[0] or each.weight >= _LEAST:
            return True
        marked = [n for n, name in enumerate(each.names) if self._is_said(each, name)]
        return any(all(self.say(way[n], 1) for n in marked[-1:]) for way in ways) and bool(marked)

    def _is_said(self, each: Template, name: str) -> bool:
        return any(said and name == place for _, place, said in each.translation)

    def _render(self, each: Template, values: Sequence[str], depth: int) -> str:
        of = dict(zip(each.names, values, strict=True))
        out = []
        for text, name, said in each.translation:
            out.append(text)
            if name is not None:
                value = of[name]
                out.append(self.say_all(value, depth + 1) if said and depth < _DEEPEST else value)
        return "".join(out)


def _joined(runs: Iterator[tuple[str, bool]]) -> Iterator[str]:
    """The runs with a space wherever one of two neighbours is not translated."""
    before = True
    for number, (text, known) in enumerate(runs):
        if number and not (known and before):
            yield " "
        yield text
        before = known


def sentences(language: str) -> dict[str, str]:
    """Template to translation of what the core says."""
    name = f"{language}-core.json"
    loaded: dict[str, str] = json.loads(paths.resource("i18n", name).read_text("utf-8"))
    return loaded


def printed(language: str) -> dict[str, str]:
    """What a dossier says of its own pages when it is made, from the words it is printed in."""
    from casekit.dossier.wording import wording

    english, other = wording("neutral").texts, wording(_WORDINGS[language]).texts
    marked = {"{why}": "{why:said}", "{what}": "{what:said}"}
    found = {}
    for key in english:
        if key.startswith(_PRINTED):
            found[english[key]] = other[key]
            for place, said in marked.items():
                found[english[key]] = found[english[key]].replace(place, said)
    return found


@lru_cache(maxsize=2)
def _catalogue(language: str) -> Catalogue:
    return Catalogue({**printed(language), **sentences(language)}, i18n.catalogue(language))


@lru_cache(maxsize=8192)
def _said(language: str, text: str) -> str:
    return _catalogue(language).say_all(text)


def translated(said: str | Exception) -> str:
    """A sentence or refusal of the core in the user's language; what is not certain stays English."""
    text = str(said)
    language = i18n.spoken()
    if language == "en":
        return text
    if isinstance(said, CaseKitError) and said.values:
        exact = _catalogue(language).fill(said.template, said.values)
        if exact is not None:
            return exact
    return _said(language, text)


def original(said: str | Exception) -> str:
    """The English sentence, which logs and support know, where the window shows another; else none."""
    return "" if translated(said) == str(said) else str(said)


def both(said: str | Exception) -> str:
    """The sentence in the user's language, and below it the English one where they differ."""
    return "\n".join(text for text in (translated(said), original(said)) if text)
