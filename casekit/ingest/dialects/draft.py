"""A record on its way to an item: collects what a dialect finds and turns it into one `Parsed`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from casekit.ingest import places
from casekit.ingest.charsets import facts_text
from casekit.ingest.dialects.times import read_time
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import (
    Collection,
    Context,
    Exchange,
    Kind,
    Mail,
    Parsed,
    Party,
    Problem,
    Step,
    When,
    sha256,
)
from casekit.ingest.strict_json import encode

TITLE = 160
"""Characters of a title."""

Rule = tuple[str, type]
"""Which field of `Exchange` a source's key fills, and the type it must have (str, int, float)."""

_DECIMAL = re.compile(r"-?\d{1,18}(?:\.\d{1,30})?(?:[eE]-?\d{1,2})?")
_MISFITS_SHOWN = 8
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_WHO = ("account", "api_key", "ip", "payment")
_BODILESS = frozenset({"record", "request"})
KINDS: Mapping[str, type] = {
    name: int if str(kind).startswith("int") else float if str(kind).startswith("float") else str
    for name, kind in Exchange.__annotations__.items()
}
"""The type of each field of `Exchange`."""
_UNASKED = frozenset({"message", "event", "contact"})
"""Kinds that are no exchange with a model: their words are in `Draft.texts`."""


class Draft:
    """One exchange being put together; empty text means that the record has none.

    Attributes:
        raw: The record's bytes.
        context: What the user said of the file.
        system: Instructions to the model.
        prompt: What was asked, exactly.
        output: What the model answered, exactly.
        reasoning: What the model shows of its thinking, verbatim.
        answers: Further answers to the same prompt, beside the output.
        fields: Fields of `Exchange` found so far.
        extra: Source fields that have no place elsewhere.
        when: Its time.
        problems: Trouble that leaves it usable.
        missing: Further words for `Exchange.completeness`.
        misfits: Fields of numbers that hold something else.
        collection: Where it belongs, if its dialect knows; else who is named decides.
        kind: `record` for what is no exchange, such as an entry of an audit log.
        title: Of what has no prompt.
        parties: Who appears in it.
        body: Text of what is no exchange; a `record` or `request` without any shows its own bytes, unless
            this is None.
        children: What hangs below it, such as the other branches of a conversation; their steps lead
            from the record's bytes.
        around: What stands around the record in a document that holds many (see `nests`).
        language: ISO 639 code, where the source gives one.
        offset: Of a part, its first byte in the record.
        memory: What earlier records of the file left for later ones, such as people's names, shared by all
            its drafts. A record may be read twice, so what is written there must be the same both times.
        facts: Of a message, event or contact, in place of the exchange's fields.
        mail: What puts a message of a chat into its thread.
    """

    system = prompt = output = reasoning = ""
    answers: tuple[str, ...] = ()
    body: str | None = ""
    when: When | None = None
    problems: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    collection: Collection | None = None
    kind: Kind = "exchange"
    title = ""
    parties: tuple[Party, ...] = ()
    children: tuple[Parsed, ...] = ()
    around: Mapping[str, Any] = MappingProxyType({})
    texts: tuple[tuple[str, str], ...] = ()
    language = ""
    offset = 0
    facts: Mapping[str, Any] = MappingProxyType({})
    mail: Mail | None = None

    def __init__(self, raw: bytes, context: Context, memory: dict[Any, Any] | None = None) -> None:
        self.raw = raw
        self.context = context
        self.fields: dict[str, Any] = {}
        self.extra: dict[str, Any] = {}
        self.memory: dict[Any, Any] = {} if memory is None else memory

    def part(self, path: places.Path = (), span: places.Span | None = None) -> Draft:
        """A draft for an exchange inside this record, such as a second answer to the same prompt.

        Args:
            path: Where its bytes stand in the record's JSON.
            span: The same as first byte and the byte behind its last, where that is known already.
        """
        found = span or (places.find(self.raw, path) if path else None)
        made = Draft(
            self.raw[found[0] : found[1]] if found else self.raw, self.context, self.memory
        )
        made.offset = found[0] if found else 0
        return made

    def hang(self, part: Draft) -> None:
        """Put a finished draft from `part` below this one."""
        self.children += (finish(part, part.offset, None, ""),)

    def take(self, untrusted_source: Mapping[str, Any], rules: Mapping[str, Rule | None]) -> None:
        """Sort the keys of a source object into fields by `rules`; what does not fit goes to `extra`."""
        for key, value in untrusted_source.items():
            if key in rules:
                self.take_one(key, value, rules[key])
            else:
                self.extra[key] = value

    def take_one(self, key: str, value: Any, rule: Rule | None) -> None:
        """Sort one value; a rule of None marks a time. The first that fills a field keeps it."""
        if rule is not None:
            if rule[0] in self.fields:
                self.extra[key] = value
            elif not self.put(rule[0], rule[1], value):
                self.misfit(key, rule[1], value)
            return
        found = None if self.when is not None else read_time(value, key, self.raw)
        if found is None:
            self.extra[key] = value
        else:
            self.when = found

    def put(self, target: str, kind: type, value: Any) -> bool:
        """Fill one field if the value is of its type, or says the same in another; tells whether it did."""
        if type(value) is kind:
            if kind is int and not _LOWEST <= int(value) <= _HIGHEST:  # type: ignore[call-overload]
                return False
        elif value is None or value == "":
            return True
        elif kind is str and type(value) is int:
            value = str(value)
        elif kind is float and type(value) is int:
            if abs(value) > 2**53:
                return False
            value = float(value)
        elif kind is float and type(value) is str:
            if not _DECIMAL.fullmatch(value):
                return False
            value = float(value)
        elif kind is int:
            found = _whole_number(value)
            if found is None:
                return False
            value = found
        else:
            return False
        self.fields[target] = value
        return True

    def note(self, word: str) -> None:
        """Add a word to `completeness`."""
        if word not in self.missing:
            self.missing += (word,)

    def misfit(self, key: str, kind: type, value: Any) -> None:
        """Keep a value that its field cannot hold; of a number's field it is told."""
        self.extra[key] = value
        if kind is not str:
            self.misfits += (key,)

    def put_extra(self, key: str, value: Any) -> None:
        """Keep a source's value under `key`, or under a free name like it."""
        while key in self.extra:
            key += "'"
        self.extra[key] = value


def _whole_number(value: Any) -> int | None:
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if type(value) is str and len(value) < 19 and value.removeprefix("-").isdecimal():
        return int(value)
    return None


_NOTES = {
    "deep-nesting": "The record is nested deeper than any API nests; it is read all the same.",
    "lone-surrogate": "Half a character stood in the record and is shown as a replacement character.",
    "not-a-number": "NaN or Infinity stands in the record where JSON has a number; it is read as that word.",
    "events-unread": "The record is very large; its events were not read, its messages were.",
}


def finish(
    draft: Draft, offset: int, line: int | None, note: str, media_type: str = "application/json"
) -> Parsed:
    """The item of a draft.

    An exchange that names who asked (account, key, address or payment) belongs to the API logs, any
    other to the model outputs.

    Args:
        draft: What the dialect found.
        offset: First byte of the record.
        line: Line of the record.
        note: The record's own note, or empty.
        media_type: Of the record.
    """
    if draft.kind in _UNASKED:
        return _unasked(draft, offset, line, note, media_type)
    fields, context, prompt = draft.fields, draft.context, draft.prompt
    if not fields.get("model") and context.model:
        fields["model"] = context.model
    if not fields.get("provider") and context.provider:
        fields["provider"] = context.provider
    if prompt:
        fields["prompt_sha256"] = sha256(prompt.encode())
    if draft.extra:
        fields["extra"] = encode(draft.extra)
    if not (prompt and draft.output and draft.when) or draft.missing or "*" in fields.get("ip", ""):
        fields["completeness"] = _completeness(draft)
    texts: tuple[tuple[str, str], ...] = (("prompt", prompt), ("output", draft.output))
    told = draft.texts or draft.system or draft.reasoning or draft.answers
    if told or not (prompt and draft.output):
        texts = draft.texts or _texts(draft)
    collection = draft.collection
    if collection is None:
        collection = "api-log" if any(map(fields.get, _WHO)) else "outputs"
    problems = draft.problems
    if note or draft.misfits:
        problems += _told(draft, note, offset, line)
    return item_of(
        draft.raw, offset, line, kind=draft.kind, collection=collection,
        title=title_of(prompt) or title_of(draft.output) or title_of(draft.title) or "(no text)",
        texts=texts,
        when=draft.when, exchange=Exchange(**fields), media_type=media_type, problems=problems,
        parties=draft.parties, language=draft.language, children=draft.children,
    )  # fmt: skip


def _told(draft: Draft, note: str, offset: int, line: int | None) -> tuple[Problem, ...]:
    """What is to be said of the record itself, with its place."""
    said = []
    if note:
        said.append((note, _NOTES[note]))
    if draft.misfits:
        names = ", ".join(draft.misfits[:_MISFITS_SHOWN])
        text = (
            f"Fields that should hold numbers hold something else, which is kept as it is: {names}."
        )
        said.append(("wrong-type", text))
    return tuple(Problem("parse", kind, text, line=line, offset=offset) for kind, text in said)


def _texts(draft: Draft) -> tuple[tuple[str, str], ...]:
    """The parts that there are; what is no exchange and has none shows its own bytes."""
    parts = (
        ("system", draft.system),
        ("prompt", draft.prompt),
        ("output", draft.output),
        ("reasoning", draft.reasoning),
    )
    texts = tuple([each for each in parts if each[1]])
    if draft.answers:
        others = ((f"answer/{number}", text) for number, text in enumerate(draft.answers, 2))
        texts += tuple([each for each in others if each[1]])
    body = draft.body
    if body == "" and draft.kind in _BODILESS and not texts:
        body = _own_text(draft)
    return (("body", body), *texts) if body else texts


def _own_text(draft: Draft) -> str:
    """The bytes of a record that has no other text, so that it is found by its words."""
    return draft.raw[:MAX_TEXT].decode("utf-8", "replace")


def _unasked(draft: Draft, offset: int, line: int | None, note: str, media_type: str) -> Parsed:
    """The item of a message, an event or a contact."""
    problems = draft.problems
    if note or draft.misfits:
        problems += _told(draft, note, offset, line)
    texts = tuple((part, text.replace("\0", "␀")) for part, text in draft.texts if text)
    made = item_of(
        draft.raw, offset, line, kind=draft.kind, collection=draft.collection or "correspondence",
        title=title_of(_first_words(texts)) or draft.title or "(no text)", texts=texts,
        when=draft.when, media_type=media_type, problems=problems, children=draft.children,
    )  # fmt: skip
    return msgspec.structs.replace(
        made, parties=draft.parties, mail=draft.mail, facts=facts_text(dict(draft.facts))
    )


def _first_words(texts: tuple[tuple[str, str], ...]) -> str:
    return next((text for part, text in texts if part != "html"), "")


def item_of(
    raw: bytes,
    offset: int,
    line: int | None,
    *,
    kind: Kind,
    collection: Collection,
    title: str,
    texts: tuple[tuple[str, str], ...],
    when: When | None = None,
    exchange: Exchange | None = None,
    media_type: str = "",
    problems: tuple[Problem, ...] = (),
    parties: tuple[Party, ...] = (),
    language: str = "",
    children: tuple[Parsed, ...] = (),
) -> Parsed:
    """The item of the `raw` bytes at `offset`: the one place that makes a record's pointer."""
    digest, size = sha256(raw), len(raw)
    # By position: naming some twenty arguments doubles the time this takes, for each of a million.
    step = Step("slice", "", 0, offset, size, line, "", b"", digest)
    return Parsed(
        kind, collection, title, (step,), digest, size, "", media_type, texts, when, parties, None,
        exchange, None, language, "", problems, children,
    )  # fmt: skip


def title_of(text: str) -> str:
    """The first line of a text that has letters, cut to `TITLE` characters."""
    first = text[:TITLE].partition("\n")[0].strip()
    if first or not text:
        return first
    return text[:4000].strip()[:TITLE].partition("\n")[0].strip()


def _completeness(draft: Draft) -> tuple[str, ...]:
    call = draft.kind in ("exchange", "request")
    found = [
        word
        for word, there in (
            ("no-prompt", draft.prompt or not call),
            ("no-output", draft.output or not call),
            ("no-time", draft.when),
        )
        if not there
    ]
    if "*" in draft.fields.get("ip", ""):
        found.append("ip-masked")
    return tuple(dict.fromkeys((*found, *draft.missing)))
