"""The query language: text to filter tree and back, with errors that point at the place."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

from casekit.errors import QueryError
from casekit.queries import filters, matching, unseen
from casekit.queries.clearance import STATES as REVIEW
from casekit.queries.filters import (
    All,
    And,
    DateRange,
    FieldIs,
    Node,
    Not,
    NumberRange,
    Or,
    Words,
)
from casekit.queries.matching import Phrase
from casekit.queries.times import STATES

LONGEST = 4_000
MOST_TERMS = 200
DEEPEST = 30
GREATEST_NUMBER = 2**62
SYNONYMS = {
    "collection": "in", "hash": "sha256", "lang": "language", "media-type": "type", "mime": "type",
    "party": "people", "recipient": "to", "sender": "from",
}  # fmt: skip
FIELDS = tuple(sorted({*filters.VALUE_FIELDS, *filters.WORD_FIELDS, "date", "id", "saved"}))
CHOICES = {
    "kind": filters.KINDS, "in": filters.COLLECTIONS, "role": filters.ROLES, "has": filters.HAS,
    "privilege": REVIEW, "privileged": ("yes", "no"), "time": STATES,
    "hidden": (*unseen.KINDS, unseen.ANY),
}  # fmt: skip

_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?|[Ww]/(\d{1,3})")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*):")
_BARE = re.compile(r"[^\s()\"“”„]+")
_PLAIN_WORD = re.compile(r"(?!-)[^\s()\"“”„*?]+")
_CLOSING = {'"': '"', "“": '“”"', "”": '“”"', "„": '“”"'}
_DEFAULT_NEAR = 10

TokenKind = Literal["word", "quoted", "field", "and", "or", "not", "near", "(", ")", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query: `number` is the distance of a NEAR, `prefix` a `*` behind quotes."""

    kind: TokenKind
    text: str
    position: int
    number: int = 0
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """A query as search by meaning takes it: a text, and a filter on the items compared."""

    text: str
    filter: Node


def parse(untrusted_text: str, zone: dt.tzinfo = dt.UTC) -> Node:
    """Read a query; an empty one means every item.

    Words beside each other must all occur. `OR`, `NOT` (also `-word`), parentheses, "phrases", `prefix*`,
    `a NEAR/5 b` (also `a w/5 b`: at most five words between) and `field:value`, `field:"value"`,
    `field:(one OR other)`, `date:2025-01..2025-03`, `id:5..9`; `*` and `?` in an unquoted value stand for
    any characters. Operators are capital letters.

    Args:
        untrusted_text: What the user wrote.
        zone: Where a day begins and ends.

    Raises:
        QueryError: It cannot be read; says where.
    """
    query = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in untrusted_text)
    if len(query) > LONGEST:
        raise QueryError(
            "The search is longer than {longest} characters: make it shorter.",
            query=query, position=LONGEST, longest=LONGEST,
        )  # fmt: skip
    return _Parser(query, zone).whole()


def to_text(node: Node) -> str:
    """The query that `parse` reads as this tree."""
    match node:
        case All():
            return "*"
        case Words():
            return _words_text(node)
        case FieldIs():
            return f"{node.field}:{_value_text(node)}"
        case DateRange():
            one = node.first == node.last
            return f"date:{node.first}" if one else f"date:{node.first}..{node.last}"
        case NumberRange():
            low, high = ("" if n is None else str(n) for n in (node.low, node.high))
            return f"{node.field}:{low}" if low == high else f"{node.field}:{low}..{high}"
        case Not():
            return f"NOT {_inner_text(node.part)}"
        case And():
            return " ".join(_inner_text(p) for p in node.parts)
        case Or():
            return " OR ".join(_inner_text(p) for p in node.parts)


def describe(node: Node) -> str:
    """The filter as an English phrase, for tooltips and reports."""
    match node:
        case All():
            return "every item"
        case Words():
            names = [f"“{p.text}{'…' if p.prefix else ''}”" for p in node.phrases]
            near = f" within {node.near} words of "
            return near.join(names) + (f" in {node.field}" if node.field else "")
        case FieldIs(field="has"):
            return f"with {node.value}"
        case FieldIs():
            return f"{node.field} {'like' if node.pattern else 'is'} {node.value}"
        case DateRange() | NumberRange():
            field, _, value = to_text(node).partition(":")
            return f"{field} {value.replace('..', ' to ').strip()}"
        case Not():
            return f"not ({describe(node.part)})"
        case And():
            return " and ".join(_inner_description(p) for p in node.parts)
        case Or():
            return " or ".join(_inner_description(p) for p in node.parts)


def meaning(node: Node) -> Meaning:
    """What to look for by meaning and the filter beside it.

    Of the parts that must all hold, those with words to be found make the text, the others the filter.
    """
    parts = node.parts if isinstance(node, And) else (node,)
    wanted = [w for part in parts for w in filters.words_of(part)]
    rest = tuple(p for p in parts if not filters.words_of(p) and not isinstance(p, All))
    said = " ".join(phrase.text for w in wanted for phrase in w.phrases)
    return Meaning(said, And(rest) if len(rest) > 1 else rest[0] if rest else All())


def _inner_description(node: Node) -> str:
    return f"({describe(node)})" if isinstance(node, And | Or) else describe(node)


def _inner_text(node: Node) -> str:
    return f"({to_text(node)})" if isinstance(node, And | Or) else to_text(node)


def _words_text(node: Words) -> str:
    text = f" NEAR/{node.near} ".join(_phrase_text(p) for p in node.phrases)
    if not node.field:
        return text
    return f"{node.field}:({text})" if len(node.phrases) > 1 else f"{node.field}:{text}"


def _phrase_text(phrase: Phrase) -> str:
    return _quoted_unless_plain(phrase.text) + ("*" if phrase.prefix else "")


def _value_text(node: FieldIs) -> str:
    if node.field in {"near", "topic"}:
        return node.value
    if node.pattern:
        return re.sub(r"[\s()\"“”„]", "?", node.value)
    return _quoted_unless_plain(node.value)


def _quoted_unless_plain(text: str) -> str:
    plain = _PLAIN_WORD.fullmatch(text) and not _FIELD.match(text) and _operator(text, 0) is None
    return text if plain and ".." not in text else '"' + text.replace('"', '""') + '"'


# -- reading --------------------------------------------------------------------------------------


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str, zone: dt.tzinfo) -> None:
        self.query = query
        self.zone = zone
        self.tokens = _tokens(query)
        self.at = 0
        self.terms = 0

    def whole(self) -> Node:
        if self.next.kind == "end":
            return All()
        node = self.alternatives("", 0)
        if self.at < len(self.tokens) - 1:
            self.fail("This parenthesis closes nothing.", self.next.position)
        return node

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def fail(self, message: str, position: int, **values: object) -> NoReturn:
        raise QueryError(message, query=self.query, position=position, **values)

    def alternatives(self, field: str, depth: int) -> Node:
        parts = [self.together(field, depth)]
        while self.next.kind == "or":
            self.take()
            parts.append(self.together(field, depth))
        return _flat(parts, Or)

    def together(self, field: str, depth: int) -> Node:
        parts = [self.negated(field, depth)]
        while self.next.kind not in {"or", ")", "end"}:
            if self.next.kind == "and":
                self.take()
            parts.append(self.negated(field, depth))
        return _flat(parts, And)

    def negated(self, field: str, depth: int) -> Node:
        token = self.next
        if depth > DEEPEST:
            self.fail("This search is nested too deeply.", token.position)
        if token.kind == "not":
            self.take()
            return Not(self.negated(field, depth + 1))
        if token.kind == "(":
            return self.group(field, depth + 1)
        if token.kind == "field":
            return self.field(field, depth)
        if token.kind in {"word", "quoted"}:
            return self.term(field)
        message = "“{token}” needs something before it."
        if token.kind == "end":
            message = "Something is missing at the end."
        return self.fail(message, token.position, token=token.text)

    def group(self, field: str, depth: int) -> Node:
        opening = self.take()
        if self.next.kind == ")":
            self.fail("There is nothing between these parentheses.", opening.position)
        node = self.alternatives(field, depth)
        if self.take().kind != ")":
            self.fail("This parenthesis is never closed.", opening.position)
        return node

    def field(self, outer: str, depth: int) -> Node:
        token = self.take()
        if outer:
            self.fail("A field cannot stand inside another field's parentheses.", token.position)
        written = token.text.lower()
        name = SYNONYMS.get(written, written)
        if name not in FIELDS:
            close = difflib.get_close_matches(name, [*FIELDS, *SYNONYMS], 1)
            self.fail(
                "There is no field “{field}”{hint}; put the words in quotes to search for them as they are.",
                token.position, field=written, hint=f" (did you mean {close[0]}?)" if close else "",
            )  # fmt: skip
        end = token.position + len(token.text) + 1
        if self.next.position != end or self.next.kind not in {"word", "quoted", "("}:
            self.fail("The field “{field}” needs a value right behind its colon.", end, field=name)
        if self.next.kind == "(":
            return self.group(name, depth + 1)
        return self.term(name)

    def term(self, field: str) -> Node:
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.fail(
                "A search can hold {most} terms at most.", self.next.position, most=MOST_TERMS
            )
        if field and field not in filters.WORD_FIELDS:
            return self.value(field, self.take())
        first = self.next
        if first.kind == "word" and first.text == "*" and not field:
            self.take()
            return All()
        phrases, near = [self.phrase()], 0
        while self.next.kind == "near":
            operator = self.take()
            if len(phrases) > 1 and operator.number != near:
                self.fail("All NEAR in a row must have the same distance.", operator.position)
            near = operator.number
            if self.next.kind not in {"word", "quoted"}:
                self.fail(
                    "A word or phrase must follow {near}.", self.next.position, near=operator.text
                )
            phrases.append(self.phrase())
        return Words(tuple(phrases), near, field)

    def phrase(self) -> Phrase:
        token = self.take()
        text, prefix = token.text, token.prefix
        if token.kind == "word":
            prefix = text.endswith("*")
            text = text.rstrip("*") if prefix else text
            inside = re.search(r"\*|\w\?(?=\w)", text)
            if inside:
                self.fail(
                    "In words, * can stand at the end only and ? not at all.",
                    token.position + inside.start() + (inside[0] != "*"),
                )
        if not matching.searchable(text):
            self.fail(
                "“{text}” holds no letter or digit, so it cannot be searched for.",
                token.position, text=text,
            )  # fmt: skip
        return Phrase(text, prefix)

    def value(self, field: str, token: Token) -> Node:
        value, quoted = token.text, token.kind == "quoted"
        if not value:
            self.fail("The field “{field}” needs a value.", token.position, field=field)
        if field == "date":
            return self.date(token)
        if field == "id" or (field == "status" and re.fullmatch(r"[\d.]+", value)):
            return self.numbers(field, token)
        if field in {"original", "sha256"}:
            if not re.fullmatch(r"[0-9A-Fa-f]{1,64}", value):
                self.fail("A hash is written with the digits 0–9 and a–f.", token.position)
            return FieldIs(field, value.lower())
        if field == "coded" and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*(=.+)?", value):
            self.fail(
                "coded: takes a field, or a field and its value: coded:responsive=yes, "
                'coded:"issue=terms of service".',
                token.position,
            )
        if field in {"near", "topic"}:
            if not re.fullmatch(r"\d{1,18}|\*", value, re.ASCII):
                self.fail("{field}: takes a number, or * for any.", token.position, field=field)
            return FieldIs(field, value)
        pattern = field != "saved" and not quoted and re.search(r"[*?]", value) is not None
        if field in CHOICES:
            return FieldIs(field, self.choice(field, token), pattern=False)
        return FieldIs(field, value, pattern)

    def choice(self, field: str, token: Token) -> str:
        value, known = token.text.lower(), CHOICES[field]
        for form in (value, value.removesuffix("s")):
            if form in known:
                return form
        return self.fail(
            "{field}: takes one of {known}.", token.position, field=field, known=", ".join(known)
        )

    def date(self, token: Token) -> Node:
        first, dots, last = token.text.partition("..")
        try:
            if not (first or last):
                raise ValueError(token.text)
            made = filters.date_range(first, last if dots else first, self.zone)
        except (ValueError, OverflowError):
            self.fail(
                "A date is written 2025, 2025-01 or 2025-01-05, a range 2025-01..2025-03.",
                token.position,
            )
        if made.start_us is not None and made.stop_us is not None and made.start_us >= made.stop_us:
            self.fail("This range of dates ends before it starts.", token.position)
        return made

    def numbers(self, field: str, token: Token) -> Node:
        found = re.fullmatch(r"(\d{0,18})(\.\.)?(\d{0,18})", token.text, re.ASCII)
        if found is None or not (found[1] or found[3]):
            self.fail(
                "{field}: takes a number or a range such as 5..9.", token.position, field=field
            )
        low, high = (int(n) if n else None for n in (found[1], found[3]))
        return NumberRange(field, low, high if found[2] else low)


def _flat(parts: list[Node], kind: type[And] | type[Or]) -> Node:
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(flat))


def _tokens(query: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(query):
        c = query[at]
        if c.isspace():
            at += 1
            continue
        value = bool(tokens) and tokens[-1].kind == "field" and _end(tokens[-1]) == at
        token, at = _token(query, at, value)
        tokens.append(token)
    return [*tokens, Token("end", "", len(query))]


def _end(field: Token) -> int:
    return field.position + len(field.text) + 1


def _token(query: str, at: int, value: bool) -> tuple[Token, int]:
    """The token that starts at `at`; as the value of a field nothing is an operator."""
    c = query[at]
    if c == "(":
        return Token("(", c, at), at + 1
    if c == ")":
        return Token(")", c, at), at + 1
    if c in _CLOSING:
        return _quoted(query, at)
    if c == "-" and not value and at + 1 < len(query) and not query[at + 1].isspace():
        return Token("not", c, at), at + 1
    word = _BARE.match(query, at)
    text = word[0] if word else c
    field = None if value else _FIELD.match(text)
    if field:
        return Token("field", field[1], at), at + field.end()
    operator = None if value else _operator(text, at)
    return operator or Token("word", text, at), at + len(text)


def _operator(text: str, at: int) -> Token | None:
    if text in {"AND", "OR", "NOT"}:
        kinds: dict[str, TokenKind] = {"AND": "and", "OR": "or", "NOT": "not"}
        return Token(kinds[text], text, at)
    near = _NEAR.fullmatch(text)
    if near:
        distance = near[1] or near[2]
        return Token("near", text, at, number=int(distance) if distance else _DEFAULT_NEAR)
    return None


def _quoted(query: str, at: int) -> tuple[Token, int]:
    closing, here, text = _CLOSING[query[at]], at + 1, ""
    while here < len(query):
        c = query[here]
        if c == '"' and query[at] == '"' and query[here + 1 : here + 2] == '"':
            text, here = text + c, here + 2
        elif c in closing:
            token = Token("quoted", text, at)
            if query[here + 1 : here + 2] == "*":
                return replace(token, prefix=True), here + 2
            return token, here + 1
        else:
            text, here = text + c, here + 1
    raise QueryError("This quotation mark is never closed.", query=query, position=at)
