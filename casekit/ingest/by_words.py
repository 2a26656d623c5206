"""Tells the charset of European text by the words in it that are plain ASCII, where nobody names a charset.

A statistical guess has too little to go on where an English letter holds one pound sign or three typographic
quotes: all single-byte code pages of Europe fit, and what it picks among them turns `£600` into `Ł600`. The
words tell the language, and the language which letters beyond ASCII there can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WEST = ("cp1252", "mac_roman", "cp850")
_CENTRAL = ("cp1250", "iso8859-2", "cp852")
_BALTIC = ("cp1257",)
_TURKISH = ("cp1254",)


class _Language(NamedTuple):
    """A language.

    Attributes:
        charsets: Those it is written in, the likeliest first.
        words: Some it cannot do without, those only that hold no accent.
        letters: The letters beyond ASCII in it, loan words included.
        one_in: Of so many letters at most one is none of ASCII.
        in_a_row: So many such letters may stand side by side.
    """

    charsets: tuple[str, ...]
    words: frozenset[str]
    letters: frozenset[str]
    one_in: int = 4
    in_a_row: int = 4


def _language(charsets: tuple[str, ...], words: str, letters: str) -> _Language:
    return _Language(charsets, frozenset(words.split()), frozenset(letters))


_LANGUAGES = (
    _language(  # English, with names and words of the others
        _WEST,
        "the and of that with this for are is have from not you was will be it which has an by your our at we "
        "they there would been",
        "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœß",
    )._replace(one_in=10, in_a_row=2),
    _language(  # German
        _WEST,
        "der die und das ist nicht mit von auf ein eine sich dem des wir sie ich auch wird zu bei nach im",
        "äöüßéàèç",
    ),
    _language(  # French
        _WEST,
        "le les des est une dans pour que qui pas sur avec vous nous du et il elle ce sont",
        "àâæçèéêëîïôœùûüÿ",
    ),
    _language(  # Spanish
        _WEST, "el los las una por con para que del es como pero este esta", "áéíñóúüç"
    ),
    _language(  # Portuguese
        _WEST, "os uma por com para que do em dos como mas este esta ao", "áàâãçéêíóôõúü"
    ),
    _language(  # Italian
        _WEST, "il di che per non una del della con sono dei gli nel alla", "àáèéìíîòóùú"
    ),
    _language(  # Dutch
        _WEST, "het een van en niet dat voor zijn met op aan wordt ook", "áéíóúàèëïöüêôç"
    ),
    _language(_WEST, "och att det som inte till med av jag har om ett", "åäöéàü"),  # Swedish
    _language(  # Danish, Norwegian
        _WEST, "og det som ikke til med af av er jeg har et at", "æøåéèêòóôàäöü"
    ),
    _language(_WEST, "ja ei oli mutta kun ovat se sen olen joka niin", "äöåšžéü"),  # Finnish
    _language(  # Catalan
        _WEST, "el els la les de que per amb una aquest no es dels", "àçèéíïòóúü"
    ),
    _language(_WEST, "og er ekki til sem en um var hefur eru", "áéíóúýþæðö"),  # Icelandic
    _language(  # Czech
        _CENTRAL, "je na se to do byl jako ale jsem by po tak ze od pro jsou", "áčďéěíňóřšťúůýž"
    ),
    _language(  # Slovak
        _CENTRAL, "je na sa to do bol ako ale som by po tak zo od pre", "áäčďéíĺľňóôŕšťúýž"
    ),
    _language(  # Polish
        _CENTRAL, "jest nie na do to jak ale od po co dla czy przez tak oraz", "ąćęłńóśźż"
    ),
    _language(  # Hungarian
        _CENTRAL, "az nem hogy egy meg csak van volt mint de ez ha", "áéíóöőúüű"
    ),
    _language(_CENTRAL, "je in na za se da so ki ni po pri bil kot ali", "čšžćđ"),  # Slovene
    _language(_CENTRAL, "je na se da su za nije od bio kao ali koji sam po", "čćđšž"),  # Croatian
    _language(  # Romanian
        _CENTRAL, "nu este pe la din care cu au mai al sau de fost", "ăâîşţ"
    ),
    _language(_TURKISH, "ve bir bu da de ile ne daha var gibi ama olarak", "çğıİöşüâîû"),
    _language(_BALTIC, "ja ei on see et oli ka kui mis aga meie", "äõöüšž"),  # Estonian
    _language(_BALTIC, "un ir ar no par kas bija nav tika pie vai", "āčēģīķļņšūž"),  # Latvian
    _language(_BALTIC, "ir su kad yra tai bet iki buvo ne kaip nuo", "ąčęėįšųūž"),  # Lithuanian
)
_WORDS_AT_LEAST = 2

_PLAIN_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]{2,}(?![A-Za-z\x80-\xff])")
_LETTER = re.compile(r"[^\W\d_]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_MARKS = frozenset("“”‘’‚„–—…•·«»‹›\xa0\xad£€¢¥§©®™°±²³¹ªº¼½¾×÷¿¡µ¶†‡‰´")
_EVERYWHERE = frozenset("“”‘’„–—…•·«»\xa0£€§©®™°")
_WITHIN_WORDS = frozenset("‘’´–—…·\xad\xa0")
_NEVER_BEHIND_LETTERS = frozenset("‚„¿¡¢¥¼½¾µ¶×÷±‹«‰")
_NEVER_BEFORE_LETTERS = frozenset("¶¼½¾×÷±‰")
_RAISED = frozenset("¹²³")
_LONGEST_UNIT = 2
"""Letters of a unit of length, behind which a raised figure stands."""


def charset_by_words(untrusted_sample: bytes) -> str:
    """The charset in which these bytes are text of a European language.

    Args:
        untrusted_sample: A text's first bytes, which are neither UTF-8 nor UTF-16.

    Returns:
        Python's name of it; empty where the words are of no language known here, or where in no charset of
        that language all letters are its own and letters and marks stand where they can stand. Where no
        letter but only a few marks lie beyond ASCII, no words are asked for.
    """
    words = {word.lower().decode("ascii") for word in _PLAIN_WORD.findall(untrusted_sample)}
    hits = [(len(words & language.words), language) for language in _LANGUAGES]
    read: dict[str, _Reading | None] = {}
    for count, language in sorted(hits, key=lambda hit: -hit[0]):
        if count < _WORDS_AT_LEAST:
            break
        for charset in language.charsets:
            if charset not in read:
                read[charset] = _reading(untrusted_sample, charset)
            reading = read[charset]
            if reading is not None and reading.fits(language):
                return charset
    bare = read.get(_WEST[0]) or _reading(untrusted_sample, _WEST[0])
    return _WEST[0] if bare is not None and bare.is_bare() else ""


class _Reading(NamedTuple):
    """What stands beyond ASCII in a text as one charset reads it, each mark and letter in its place."""

    size: int
    letters: int
    accented: int
    used: frozenset[str]
    marks: frozenset[str]
    beyond: int
    in_a_row: int
    strange_pair: bool

    def fits(self, language: _Language) -> bool:
        """Whether all of it can be `language`."""
        return (
            self.used <= language.letters
            and self.accented * language.one_in <= self.letters
            and self.in_a_row <= language.in_a_row
            and not (self.strange_pair and language.in_a_row < 3)
        )

    def is_bare(self) -> bool:
        """Whether no letters lie beyond ASCII, but a few marks such as are in every language."""
        return not self.used and self.marks <= _EVERYWHERE and self.beyond * 4 <= self.size


def _reading(sample: bytes, charset: str) -> _Reading | None:
    """How `charset` reads the sample; None where it does not, or a mark or capital stands astray."""
    try:
        text = sample.decode(charset)
    except UnicodeDecodeError:
        return None
    accented = count = longest = row = 0
    last = -2
    strange = False
    used: set[str] = set()
    marks: set[str] = set()
    for at, char in _beyond(text):
        count += 1
        if not char.isalpha() or char in _MARKS:
            if not _in_place(text, at):
                return None
            marks.add(char)
            row = 0
            continue
        before = text[at - 1 : at]
        if char.isupper() and before.islower():
            return None
        row = row + 1 if at == last + 1 else 1
        beside = text[at - 2 : at - 1] + text[at + 1 : at + 2]
        strange = strange or (
            row == 2 and (char + before) != (char + before).lower() and not beside.isupper()
        )
        last, longest, accented = at, max(longest, row), accented + 1
        used.add(char if char == "İ" else char.lower())
    letters = len(_LETTER.findall(text))
    return _Reading(
        len(text), letters, accented, frozenset(used), frozenset(marks), count, longest, strange
    )


def _beyond(text: str) -> Iterator[tuple[int, str]]:
    for match in _BEYOND.finditer(text):
        yield match.start(), match[0]


def _in_place(text: str, at: int) -> bool:
    """Whether the mark at `at` can stand beside what is around it."""
    char = text[at]
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    if char not in _MARKS or (char in _NEVER_BEFORE_LETTERS and behind.isalpha()):
        return False
    if not before.isalpha():
        return True
    if char in _RAISED:
        return not text[max(at - _LONGEST_UNIT - 1, 0) : at].isalpha() or at <= _LONGEST_UNIT
    if char in _NEVER_BEHIND_LETTERS:
        return False
    return char in _WITHIN_WORDS or not behind.isalpha()
