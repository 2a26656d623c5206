"""The order in which a line of mixed directions is drawn: the Unicode Bidirectional Algorithm (UAX #9).

Only its implicit part is here. What tells a reader's machine to reorder (embeddings, overrides, isolates,
marks of direction) is printed as a code point and never obeyed: a hidden character must not move a word.
To this algorithm such a character is a neutral thing, as a picture in the line would be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_PAIRS = (
    "()[]{}\u0f3a\u0f3b\u0f3c\u0f3d\u169b\u169c\u2045\u2046\u207d\u207e\u208d\u208e\u2308\u2309"
    "\u230a\u230b\u3008\u3009\u2768\u2769\u276a\u276b\u276c\u276d\u276e\u276f\u2770\u2771\u2772\u2773"
    "\u2774\u2775\u27c5\u27c6\u27e6\u27e7\u27e8\u27e9\u27ea\u27eb\u27ec\u27ed\u27ee\u27ef\u2983\u2984"
    "\u2985\u2986\u2987\u2988\u2989\u298a\u298b\u298c\u298d\u2990\u298f\u298e\u2991\u2992\u2993\u2994"
    "\u2995\u2996\u2997\u2998\u29d8\u29d9\u29da\u29db\u29fc\u29fd\u2e22\u2e23\u2e24\u2e25\u2e26\u2e27"
    "\u2e28\u2e29\u2e55\u2e56\u2e57\u2e58\u2e59\u2e5a\u2e5b\u2e5c\u300a\u300b\u300c\u300d\u300e\u300f"
    "\u3010\u3011\u3014\u3015\u3016\u3017\u3018\u3019\u301a\u301b\ufe59\ufe5a\ufe5b\ufe5c\ufe5d\ufe5e"
    "\uff08\uff09\uff3b\uff3d\uff5b\uff5d\uff5f\uff60\uff62\uff63"
)  # BidiBrackets.txt of Unicode 15; 2329 and 232A become 3008 and 3009
_CLOSER = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSERS = frozenset(_PAIRS[1::2])
_OPEN_AT_MOST = 63  # BD16
_HIDDEN = frozenset({"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})


def classes(text: str) -> list[str]:
    """The bidirectional class of each character; what is printed as a code point is neutral."""
    return [_class(c) for c in text]


def base_level(kinds: Sequence[str]) -> int:
    """1 if the first letter with a direction runs from right to left, else 0 (P2, P3)."""
    first = next((k for k in kinds if k in {"L", "R", "AL"}), "L")
    return int(first != "L")


def resolve(text: str, kinds: Sequence[str], base: int) -> list[int]:
    """The level of each character of a paragraph: even runs to the right, odd to the left (W1 to I2).

    Args:
        text: The paragraph, for its brackets.
        kinds: The class of each of its characters.
        base: The paragraph's own level, 0 or 1.
    """
    side = "R" if base else "L"
    found = _weak(kinds, side)
    _brackets(text, kinds, found, side)
    _neutral(found, side)
    levels = []
    for kind in found:
        if base:
            levels.append(1 if kind == "R" else 2)
        else:
            levels.append({"L": 0, "R": 1}.get(kind, 2))
    return _ends(levels, kinds, base)


def visual(levels: Sequence[int]) -> list[int]:
    """The places of a line's characters from left to right (L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            stop = at
            while stop < len(order) and levels[order[stop]] >= level:
                stop += 1
            order[at:stop] = order[at:stop][::-1]
            at = stop + 1
    return order


def _class(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    if not kind:
        return "L"
    return "ON" if kind in _HIDDEN or unicodedata.category(character) == "Cf" else kind


def _weak(kinds: Sequence[str], side: str) -> list[str]:
    """W1 to W7: marks take after their letter, numbers after the letters before them."""
    found = list(kinds)
    strong = side
    for at, kind in enumerate(found):
        if kind == "NSM":  # W1
            kind = found[at] = found[at - 1] if at else side
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong == "AL":  # W2
            found[at] = "AN"
    found = ["R" if kind == "AL" else kind for kind in found]  # W3
    for at in range(1, len(found) - 1):  # W4
        around = found[at - 1]
        if found[at + 1] == around and (
            (found[at] in {"ES", "CS"} and around == "EN") or (found[at] == "CS" and around == "AN")
        ):
            found[at] = around
    _signs(found)
    strong = side
    for at, kind in enumerate(found):
        if kind in {"ES", "ET", "CS"}:  # W6
            found[at] = "ON"
        elif kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":  # W7
            found[at] = "L"
    return found


def _signs(found: list[str]) -> None:
    """W5: signs beside a number, such as of money, are part of it."""
    at = 0
    while at < len(found):
        stop = at
        while stop < len(found) and found[stop] == "ET":
            stop += 1
        if stop > at and "EN" in {found[at - 1] if at else "", *found[stop : stop + 1]}:
            found[at:stop] = ["EN"] * (stop - at)
        at = stop + 1


def _brackets(text: str, kinds: Sequence[str], found: list[str], side: str) -> None:
    """N0: both brackets of a pair take the direction of what stands in them."""
    other = "L" if side == "R" else "R"
    for start, stop in _pairs(text, found):
        inside = {_strong(kind) for kind in found[start + 1 : stop]}
        if side in inside:
            taken = side
        elif other in inside:
            before = next((s for k in reversed(found[:start]) if (s := _strong(k))), side)
            taken = other if before == other else side
        else:
            continue
        for at in (start, stop):
            found[at] = taken
            while at + 1 < len(found) and kinds[at + 1] == "NSM":
                at += 1
                found[at] = taken


def _pairs(text: str, found: Sequence[str]) -> list[tuple[int, int]]:
    """The places of bracket pairs, by their opening brackets (BD16)."""
    pairs = []
    stack: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if found[at] != "ON":
            continue
        character = unicodedata.normalize("NFC", character)
        if character in _CLOSER:
            if len(stack) == _OPEN_AT_MOST:
                return []
            stack.append((_CLOSER[character], at))
        elif character in _CLOSERS:
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == character:
                    pairs.append((stack[depth][1], at))
                    del stack[depth:]
                    break
    return sorted(pairs)


def _neutral(found: list[str], side: str) -> None:
    """N1 and N2: neutrals between two of one direction take it, all others the paragraph's."""
    at = 0
    while at < len(found):
        if found[at] not in _NEUTRAL:
            at += 1
            continue
        stop = at
        while stop < len(found) and found[stop] in _NEUTRAL:
            stop += 1
        before = _strong(found[at - 1]) if at else side
        after = _strong(found[stop]) if stop < len(found) else side
        found[at:stop] = [before if before == after else side] * (stop - at)
        at = stop


def _strong(kind: str) -> str:
    """The direction a kind counts as among neutrals: numbers run with right to left."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _ends(levels: list[int], kinds: Sequence[str], base: int) -> list[int]:
    """L1: separators, and white space before them and at the end, take the paragraph's level."""
    trailing = True
    for at in range(len(levels) - 1, -1, -1):
        kind = kinds[at]
        if kind in {"B", "S"}:
            trailing = True
        elif kind != "WS":
            trailing = False
        if trailing:
            levels[at] = base
    return levels
