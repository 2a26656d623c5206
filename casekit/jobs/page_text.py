"""The text under the pixels of a page: its words, where they stand, and their places in what is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casekit.dossier.behind import letters
from casekit.jobs.boxes import Looking
from casekit.queries.boxes import BoxWord

_WINDOW = 400  # letters in which a word is looked for behind the one before it


@dataclass(frozen=True, slots=True)
class PageText:
    """What can be chosen on a page.

    Attributes:
        part: The part of the item in which the words are cited, `page/3` or `ocr/page/3`; empty without one.
        text: All of that part.
        words: In reading order, with their characters in `text`, -1 where they are not known.
        source: `text` for the page's own, the name of an engine, or empty where nobody knows the words.
    """

    part: str = ""
    text: str = ""
    words: tuple[BoxWord, ...] = ()
    source: str = ""

    def place(self, first: int, last: int) -> tuple[str, int, int] | None:
        """The passage that words `first` to `last` are, if they are letter for letter what the part says."""
        chosen = self.words[first : last + 1]
        if not self.part or not chosen or any(word.start < 0 for word in chosen):
            return None
        start, stop = min(w.start for w in chosen), max(w.stop for w in chosen)
        same = letters(self.text[start:stop]) == letters("".join(w.text for w in chosen))
        return (self.part, start, stop) if same else None


def page_text(look: Looking, item_id: int, page: int, *, read: bool = False) -> PageText:
    """The words of a page of a PDF or picture.

    Args:
        look: Looks at the pages.
        item_id: The item.
        page: From 1.
        read: Have an installed engine read a page that has no words of its own; takes a second or more.

    Raises:
        CaseKitError: There is no such item, or its bytes are damaged.
    """
    view = look.view(item_id)
    own = look.own(item_id, page)
    if own is not None:
        part = f"page/{page}"
        text = view.text(part)
        known = own.words[0].start >= 0
        return PageText(part, text, own.words if known else located(own.words, text), own.source)
    if not read:
        return PageText()
    sight = look.page(item_id, page)
    kept = next((r for r in reversed(view.read) if r.page == str(page)), None)
    if kept is None:
        return PageText("", "", sight.words, sight.source)
    return PageText(kept.part, kept.text, located(sight.words, kept.text), sight.source)


def located(words: Sequence[BoxWord], text: str) -> tuple[BoxWord, ...]:
    """The words with their characters in a text that may differ from them here and there.

    A word is looked for a little way behind the one before it; what is not there keeps no place.
    """
    places = [at for at, character in enumerate(text) if letters(character)]
    flat = letters(text)
    found, at = [], 0
    for word in words:
        wanted = letters(word.text)
        here = flat.find(wanted, at, at + _WINDOW + len(wanted)) if wanted else -1
        if here < 0 or len(places) != len(flat):
            found.append(replace(word, start=-1, stop=-1))
            continue
        at = here + len(wanted)
        found.append(replace(word, start=places[here], stop=places[at - 1] + 1))
    return tuple(found)
