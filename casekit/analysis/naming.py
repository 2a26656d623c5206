"""Which model of the case a name means that a question or a population writes otherwise.

Tables of models and files of answers come from different hands: `lmsys/Vicuna-13B` in one is `vicuna-13b` in
the other, and a folder writes `lmsys__vicuna-13b`. A name means the model written the same; failing that the
one that differs in capitals, in `__` for `/`, or in the marks between its parts; failing that the one that
has the same name without the organisation, if only one of both names an organisation. What fits several
models means none of them, so nothing is ever guessed.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from casekit.analysis.population import Member
from casekit.analysis.shipped import Shipped
from casekit.errors import CaseKitError
from casekit.queries import exchanges

NEAR = 3  # names offered where one is not there
_MARKS = re.compile(r"[\s._-]+")


@dataclass(frozen=True, slots=True)
class Names:
    """A question in the names of the case.

    Attributes:
        subject: Model examined, None in a validation.
        sources: In their order.
        members: The population.
        otherwise: How names were written, and what they mean, where the two differ.
    """

    subject: str | None
    sources: tuple[str, ...]
    members: tuple[Member, ...]
    otherwise: tuple[tuple[str, str], ...]


def there(s: Connection, reference: Shipped | None = None) -> set[str]:
    """The models that answered in the case, or in the population that stands for it."""
    return {*exchanges.models(s), *(reference.models if reference else ())}


def in_case(
    s: Connection, subject: str | None, sources: Sequence[str], members: Sequence[Member],
    reference: Shipped | None,
) -> Names:  # fmt: skip
    """The question in the names of the case; see `settle`."""
    return settle(there(s, reference), subject, sources, members)


def settle(
    have: Collection[str], subject: str | None, sources: Sequence[str], members: Sequence[Member]
) -> Names:
    """The question in the names of the models that there are; a name that means none stays as it is.

    Raises:
        CaseKitError: The name of the subject or of a source fits several models.
    """
    meant = _each([member.model for member in members], have)
    named = {name: _one(name, have) for name in (*sources, *([subject] if subject else []))}
    pairs = dict.fromkeys((a, b) for a, b in [*named.items(), *meant.items()] if a != b)
    return Names(
        named[subject] if subject else None,
        tuple(dict.fromkeys(named[name] for name in sources)),
        tuple(replace(member, model=meant[member.model]) for member in members),
        tuple(sorted(pairs)),
    )


def absent(name: str, have: Collection[str]) -> CaseKitError:
    """The refusal for a model that is not there, with the names that are most like it."""
    by_key = (
        {} if name in have else {_key(each): each for each in have}
    )  # else it answered without words
    near = difflib.get_close_matches(_key(name), sorted(by_key), NEAR)
    if not near:
        return CaseKitError("There are no answers of a model “{name}” in this case.", name=name)
    return CaseKitError(
        "There are no answers of a model “{name}” in this case; the names most like it are {near}.",
        name=name, near=", ".join(by_key[each] for each in near),
    )  # fmt: skip


def told(otherwise: Sequence[tuple[str, str]]) -> list[str]:
    """A sentence on names that were written otherwise, or nothing."""
    if not otherwise:
        return []
    pairs = ", ".join(f"{written} is {meant}" for written, meant in otherwise)
    return [f"Some models are written otherwise in the question or population than here: {pairs}."]


def _one(name: str, have: Collection[str]) -> str:
    fitting = _fitting(name, have)
    if len(fitting) > 1:
        raise CaseKitError(
            "“{name}” may mean several models of this case: {models}. Write one of these names.",
            name=name, models=", ".join(fitting),
        )  # fmt: skip
    return fitting[0] if fitting else name


def _each(names: Sequence[str], have: Collection[str]) -> dict[str, str]:
    """What each of several names means; no two of them mean the same model."""
    exact = set(names) & set(have)
    left = [each for each in have if each not in exact]
    meant = {name: [name] if name in exact else _fitting(name, left) for name in names}
    wanted = [fitting[0] for fitting in meant.values() if len(fitting) == 1]
    return {
        name: fitting[0] if len(fitting) == 1 and wanted.count(fitting[0]) == 1 else name
        for name, fitting in meant.items()
    }


def _fitting(name: str, have: Collection[str]) -> list[str]:
    """The models that a name may mean, by the strictest reading that fits any."""
    if name in have:
        return [name]
    key = _key(name)
    same = sorted(each for each in have if _key(each) == key)
    if same:
        return same
    return sorted(
        each for each in have
        if ("/" in key) != ("/" in _key(each)) and key.rpartition("/")[2] == _key(each).rpartition("/")[2]
    )  # fmt: skip


def _key(name: str) -> str:
    """Small letters, `/` before the organisation's model, one mark between the parts of a name."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip().replace("__", "/")
    return "/".join(_MARKS.sub("-", part).strip("-") for part in plain.split("/"))
