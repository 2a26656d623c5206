"""Rewritings of English answers by rules, one habit at a time and in strengths, beside those of `rewriting`.

Each is what a script does in a minute: none understands what it rewrites. Words are replaced by the first
other word of the first sense that WordNet has for them (its own order, the most frequent sense first), where
the word is of one part of speech only (the files `index.*` and `data.*` of a WordNet 3.0 folder), common words
by the list of `rewriting`. What is drawn by lot is drawn by the text's own hash.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import rewriting

_ENDS = re.compile(r"(?<=[^\d\s][.!?])[ \t]+")  # not after the number of an entry
_MARK = re.compile(r"\s*(?:#+|[-*•+>]|\d+[.)])\s+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_LEADS = re.compile(
    r"(?:^|(?<=[.!?] ))(?:however|additionally|furthermore|moreover|overall|in addition|in conclusion|finally|"
    r"first(?:ly)?|second(?:ly)?|third(?:ly)?|next|then|also|therefore|thus|in summary|in short|for example|"
    r"for instance|instead|similarly|as a result|on the other hand|in fact)\b,?\s+([a-z])",
    re.I | re.M,
)
LEADS = (
    "Well, ",
    "Now, ",
    "To be clear, ",
    "In this case, ",
    "Put simply, ",
    "Of note, ",
    "As it happens, ",
)
_MARKUP = re.compile(r"^\s*(?:#+|[-*•+]|\d+[.)]|>)\s+|\*\*|__|`{1,3}|~~", re.M)

Rule = Callable[[str], str]


def rules(wordnet: Path) -> Mapping[str, Rule]:
    """All rewritings by the name under which they are told, from the weakest to the strongest."""
    words = synonyms(wordnet)

    def worded(share: float) -> Rule:
        return lambda text: replaced(text, words, share)

    def together(share: float) -> Rule:
        return lambda text: led(
            swapped(expanded(framed(replaced(text, words, share))), share), share
        )

    return {
        "as answered": lambda text: text,
        "frame taken away": framed,
        "short forms written out": expanded,
        "small letters": str.lower,
        "words, 10 %": worded(0.1),
        "words, 30 %": worded(0.3),
        "words, 60 %": worded(0.6),
        "sentences swapped, 50 %": lambda text: swapped(text, 0.5),
        "sentences swapped, all": lambda text: swapped(text, 1.0),
        "sentences left out, 25 %": lambda text: thinned(text, 0.25),
        "sentences opened otherwise, 50 %": lambda text: led(text, 0.5),
        "sentences opened otherwise, all": lambda text: led(text, 1.0),
        "all of these at 30 %, layout kept": together(0.3),
        "all of these in full, layout kept": together(1.0),
        "layout taken away": unlaid,
        "layout and frame taken away": rewriting.plain,
        "these, and words of a list": rewriting.worded,
        "all of these in full, no layout": lambda text: unlaid(together(1.0)(text)),
    }  # fmt: skip


def framed(text: str) -> str:
    """Without the polite words before and after."""
    cut = rewriting.CLOSE.sub("", rewriting.FRAME.sub("", text.strip(), count=1)).strip()
    return cut or text


def expanded(text: str) -> str:
    """Short forms written out; an answer that has none has its full forms shortened."""
    if any(each[0].lower().replace("’", "'") in rewriting.SHORT for each in _WORD.finditer(text)):
        return _WORD.sub(lambda found: _cased(found[0], rewriting.SHORT), text)
    for short, full in rewriting.SHORT.items():
        text = re.sub(rf"\b{full}\b", short, text)
    return text


def replaced(text: str, words: Mapping[str, str], share: float) -> str:
    """Some share of the words that have another one, by lot."""
    rng = _lot(text)
    return _WORD.sub(
        lambda found: _cased(found[0], words) if rng.random() < share else found[0], text
    )


def swapped(text: str, share: float) -> str:
    """A share of the sentences of each line in another order; the lines stay where they are."""
    rng = _lot(text)

    def mixed(line: str) -> str:
        said = _ENDS.split(line)
        if len(said) == 1:
            return line
        places = [k for k in range(len(said)) if rng.random() < share]
        moved = list(places)
        rng.shuffle(moved)
        drawn = dict(zip(places, (said[k] for k in moved), strict=True))
        return " ".join(drawn.get(k, each) for k, each in enumerate(said))

    return _by_line(text, mixed)


def thinned(text: str, share: float) -> str:
    """Without a share of its sentences, by lot; the first of a line stays."""
    rng = _lot(text)
    return _by_line(
        text,
        lambda line: " ".join(
            each for k, each in enumerate(_ENDS.split(line)) if not k or rng.random() >= share
        ),
    )


def led(text: str, share: float) -> str:
    """A share of the sentences opened otherwise: a lead taken away, or one put before."""
    rng = _lot(text)

    def other(line: str) -> str:
        made = []
        for said in _ENDS.split(line):
            if rng.random() >= share or not said[:1].isupper():
                made.append(said)
                continue
            cut = _LEADS.sub(lambda found: found[1].upper(), said, count=1)
            made.append(cut if cut != said else rng.choice(LEADS) + said[0].lower() + said[1:])
        return " ".join(made)

    return _by_line(text, other)


def unlaid(text: str) -> str:
    """One line without Markdown or list marks; a line that ends without a stop gets one."""
    lines = [_MARKUP.sub("", line).strip() for line in text.split("\n")]
    return " ".join(
        line if line[-1] in ".!?:;,。" else line + "." for line in lines if line
    ) or text.strip()  # fmt: skip


def synonyms(folder: Path) -> dict[str, str]:
    """For each word the first other word of its most frequent sense, where its form needs no change."""
    senses: dict[str, list[tuple[str, int]]] = {}
    for kind in ("adv", "adj", "noun", "verb"):
        for line in (folder / f"index.{kind}").read_text("latin-1").splitlines():
            if line.startswith(" "):
                continue
            parts = line.split()
            senses.setdefault(parts[0], []).append((kind, int(parts[6 + int(parts[3])])))
    found = {}
    for kind in ("adv", "adj", "noun", "verb"):
        data = (folder / f"data.{kind}").read_bytes()
        for word, places in senses.items():
            if len(places) > 1 or places[0][0] != kind or not word.isalpha() or len(word) < 4:
                continue
            line = data[places[0][1] : data.index(b"\n", places[0][1])].decode("latin-1").split()
            others = [line[4 + 2 * k].split("(")[0] for k in range(int(line[3], 16))]
            plain = [o for o in others if o.isalpha() and o.islower() and o != word]
            if plain:
                found[word] = plain[0]
    return found | rewriting.WORDS


def _by_line(text: str, rule: Rule) -> str:
    """Every line rewritten behind its list mark."""
    made = []
    for line in text.split("\n"):
        found = _MARK.match(line)
        head = found[0] if found else ""
        made.append(head + rule(line[len(head) :]) if line[len(head) :] else line)
    return "\n".join(made)


def _cased(word: str, words: Mapping[str, str]) -> str:
    other = words.get(word.lower().replace("’", "'"))
    if other is None:
        return word
    return other[0].upper() + other[1:] if word[0].isupper() else other


def _lot(text: str) -> random.Random:
    return random.Random(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
