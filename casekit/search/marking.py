"""Where the terms of highlights stand: in a text that is read, and in how many items of the case."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.queries import highlights, matching
from casekit.queries.matching import Atom
from casekit.search import filling, indexes, words
from casekit.search.highlighting import same_words
from casekit.store.case import Case


def terms_in(terms: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """(start, stop, number of the term) of each place of each term of highlights in a raw text, in order.

    One walk over the text serves all terms. Places of different terms may overlap.
    """
    wanted: dict[str, list[tuple[int, list[Atom], bool]]] = {}
    open_ended: list[tuple[int, list[Atom]]] = []
    for number, term in enumerate(terms):
        phrase = highlights.phrase(term)
        own = list(matching.atoms(matching.fold(phrase.text)))
        if phrase.prefix and len(own) == 1:
            open_ended.append((number, own))
        elif own:
            wanted.setdefault(own[0].folded, []).append((number, own, phrase.prefix))
    atoms = list(matching.atoms(text))
    found = []
    for i, atom in enumerate(atoms):
        for number, own, prefix in wanted.get(atom.folded, ()):
            here = atoms[i : i + len(own)]
            if len(here) == len(own) and same_words(own, here, prefix):
                found.append((atom.start, here[-1].stop, number))
        for number, own in open_ended:
            if atom.folded.startswith(own[0].folded):
                found.append((atom.start, atom.stop, number))
    return found


def items_with(case: Case, terms: Sequence[str]) -> list[int]:
    """In how many items each term of highlights stands, in titles and names of people too.

    Only items that are indexed are counted; what is sequestered is not.
    """
    indexes.prepare(case, filling.SCHEMA)
    with case.read() as s:
        return [words.count(s, highlights.words(term)) for term in terms]
