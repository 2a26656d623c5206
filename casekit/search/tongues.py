"""Which language an item is written in, told by its script, its commonest words, or else a statistical model.

A model (py3langid, 97 languages) is asked only where neither script nor words decide: it costs ten times as
much. What has fewer than 20 letters has no language.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from sqlalchemy import Connection, func, select

from casekit.progress import Progress
from casekit.queries import facets
from casekit.search import filling, indexes
from casekit.store.case import Case
from casekit.store.tables import item, item_text

LOOKED_AT = 400
"""Characters of a text that are looked at."""

BATCH_ITEMS = 2_000

LEAST_LETTERS = 20

SURE = 0.75
"""Least probability of a sure guess: six words of German or French have it, lists of English terms have not."""

_BEYOND_LATIN = "\u0370"
_LEAST_CJK = 4
_LEAST_WORDS = 4
_WORDS = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
# no word that is also a usual one of another language, as are "in", "is", "was" and "of" in Dutch
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "the and to this with you are which from how what your would should please were been their there "
        "when who they them these those because could about then than where why does",
    )
)
_NOT_LANGUAGES = frozenset({"zxx", "und", "la"})


def tongue_of(text: str) -> str:
    """The ISO 639 code of a text's language, such as `en` or `zh`; empty where it cannot be told."""
    head = text[:LOOKED_AT]
    if not head.isascii():
        by_script = _by_script(head)
        if by_script:
            return by_script
    if _by_words(head):
        return "en"
    if len(_LETTERS.findall(head)) < LEAST_LETTERS:
        return ""
    found, _ = _by_model(head)
    return "" if found in _NOT_LANGUAGES else found


def is_sure(text: str) -> bool:
    """Whether `tongue_of` tells a text's language beyond doubt; a model's guess at few words may be wrong.

    It is where script or words decide, or the model gives the language a probability of `SURE` or more.
    """
    head = text[:LOOKED_AT]
    letters = _LETTERS.findall(head)
    beyond = sum(letter >= _BEYOND_LATIN for letter in letters)
    if beyond * 2 > len(letters) or _by_script(head) or _by_words(head):
        return True
    return len(letters) >= LEAST_LETTERS and _by_model(head)[1] >= SURE


def _by_words(head: str) -> str:
    """English, where enough of its commonest words stand there."""
    words = _WORDS.findall(head.lower())
    common = sum(word in _ENGLISH for word in words)
    return "en" if common >= _LEAST_WORDS and common * 8 >= len(words) else ""


def _by_script(head: str) -> str:
    """Chinese, Japanese or Korean, where their characters are an eighth of the letters or more."""
    kana, hangul, han = (len(each.findall(head)) for each in (_KANA, _HANGUL, _HAN))
    own = kana + hangul + han
    if own < _LEAST_CJK or own * 8 < len(_LETTERS.findall(head)):
        return ""
    if kana * 10 >= own:
        return "ja"
    return "ko" if hangul >= han else "zh"


@lru_cache(maxsize=4096)
def _by_model(head: str) -> tuple[str, float]:
    """The likeliest language and its probability, normed as py3langid does: over the root of the bytes."""
    import py3langid

    ranked = py3langid.rank(head)
    (code, best), length = ranked[0], len(head.encode("utf-8", "surrogatepass"))
    wide = math.sqrt(length)
    return str(code), 1 / sum(math.exp((score - best) / wide) for _, score in ranked)


# -- the facet ------------------------------------------------------------------------------------


def index_pending(case: Case, progress: Progress) -> int:
    """Tell the language of every item that the index of words holds and nobody has told it of yet.

    An item's own statement comes first; of an exchange the answer is looked at, then the question.
    Returns how many items were looked at; a cut costs one batch.
    """
    seen = 0
    while True:
        with case.index("words") as target, case.read(whole=True) as source:
            last, done = filling.progress_of(target)
            if done >= last:
                return seen
            stop = min(done + BATCH_ITEMS, last)
            found = _found(source, done, stop)
            filling.write_facet(target, facets.LANGUAGE, found)
            indexes.write_meta(target, languages=stop)
        seen += stop - done
        progress.step(stop, last, "Telling languages apart")


def _found(source: Connection, after: int, last: int) -> list[tuple[str, int]]:
    languages: dict[int, str] = {}
    stated = select(item.c.id, item.c.language).where(
        item.c.id.between(after + 1, last), item.c.language != ""
    )
    for item_id, language in source.execute(stated):
        languages[item_id] = language
    texts = (
        select(item_text.c.item_id, func.substr(item_text.c.text, 1, LOOKED_AT))
        .where(item_text.c.item_id.between(after + 1, last), item_text.c.part != "system")
        .order_by(item_text.c.item_id, item_text.c.part != "output", item_text.c.no)
    )
    for item_id, head in source.execute(texts):
        if not languages.get(item_id):
            languages[item_id] = tongue_of(head)
    return [(language, item_id) for item_id, language in languages.items() if language]
