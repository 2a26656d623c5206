"""One message's bytes made into one item with its family."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

from casekit.ingest.limits import MAX_TEXT, LimitReached, budget
from casekit.ingest.mail.addresses import read_addresses
from casekit.ingest.mail.agreement import MAX_CHECKED, parsers_agree
from casekit.ingest.mail.bodies import Bodies, disposition, file_name, read_bodies
from casekit.ingest.mail.cms import signed_content
from casekit.ingest.mail.dates import read_date
from casekit.ingest.mail.fields import Header
from casekit.ingest.mail.identity import content_hash, mih, read_message_id, read_message_ids
from casekit.ingest.mail.markup import remote_hosts
from casekit.ingest.mail.seals import is_pkcs7, read_seals
from casekit.ingest.mail.structure import Part, read_structure
from casekit.ingest.mail.transfer import undo
from casekit.ingest.mail.words import is_plain, plain, readable
from casekit.ingest.parsed import Context, Mail, Parsed, Party, Problem, Step, When

ROLES = ("from", "sender", "reply-to", "to", "cc", "bcc")
_ONCE = (
    "from", "date", "subject", "message-id", "sender", "reply-to", "to", "cc", "references", "in-reply-to",
)  # fmt: skip
"""Fields that a message may have once (RFC 5322, section 3.6)."""
_IN_FAMILY = 10_000
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_TNEF = ("application/vnd.ms-tnef", "application/ms-tnef")
_LABEL = re.compile(r'(?:"[^"]*"|[^",])+')
_SIGNED_NAME = re.compile(r"\.p7[mz]\Z", re.IGNORECASE)
_ENTITY = re.compile(
    rb"\r?\n|(?:Content|MIME|X)-[A-Za-z0-9-]+[ \t]*:|(?:From|To|Subject|Date|Message-ID|Received)[ \t]*:",
    re.IGNORECASE,
)
"""How a part of a message begins: with a field, or with the empty line behind none."""
_MAYBE_MESSAGE = ("eml", "text", "unknown", "empty")
_UUENCODED = re.compile(r"^begin [0-7]{3} \S.*\nM", re.MULTILINE)

_SENTENCES = {
    "unknown-charset": "The declared charset is not known; the text was read by a guess.",
    "wrong-charset": "The text is not in the charset it declares; it was read by a guess.",
    "no-charset": "No charset is declared; the text was read by a guess.",
    "bad-uuencode": "A uuencoded part is broken, or holds more than one file; what could be decoded is kept.",
    "bad-base64": "A base64 part is broken; what could be decoded is kept.",
    "unknown-encoding": "A part's transfer encoding is not known; its bytes are kept as they are.",
    "no-boundary": "A multipart has no boundary that could be found; it is shown as text.",
    "boundary-again": "Parts stand behind a multipart's closing boundary; other programs may hide them.",
    "repeated-type": "A part declares its type, encoding or disposition more than once; the first counts.",
    "many-fields": "The header has more fields than are kept; of the last ones only well-known ones were.",
    "bare-cr": "A carriage return stands alone in the header; other programs may see two fields there.",
    "base64-goes-on": "Behind the end of a base64 part stands more, which programs read in different ways.",
    "outside-parts": "Text stands outside the message's parts, where mail programs do not show it.",
    "open-end": "A multipart's closing boundary is missing: the message may be cut off.",
    "no-blank-line": "A header is not ended by an empty line.",
    "bad-header-line": "A line in the header is no header field; it is kept as it stands.",
    "nesting": "Multiparts lie too deep inside each other; the innermost was not opened.",
    "parts": "The message has more parts than are read; the rest was left out.",
    "mime-offsets": "Two MIME parsers split this message in different ways.",
    "encrypted": "The message is encrypted; its text cannot be searched.",
    "opaque-signature": "What is signed lies inside the signature (S/MIME) and could not be taken out.",
    "tnef": "It is declared to be a winmail.dat (TNEF), and could not be opened as one; it is kept.",
    "uuencoded": "A file is written into the text (uuencode); it was not taken out.",
    "too-much-text": "The text is longer than one item may carry; its end was left out.",
    "utf-16": "The file was written in UTF-16; its parts have no place in its bytes.",
}


def _plain_label(label: str) -> str:
    return label.strip().strip('"').strip()


def problem(kind: str) -> Problem:
    """The problem that `kind` is short for."""
    stage = "limits" if kind in ("nesting", "parts", "too-much-text") else "parse"
    return Problem(stage, kind, _SENTENCES[kind])  # type: ignore[arg-type]


def read_message(
    raw: bytes,
    context: Context,
    *,
    steps: tuple[Step, ...] = (),
    digest: bytes = b"",
    from_mbox: bool = False,
) -> Parsed:
    """Read a message.

    Args:
        raw: Its exact bytes; all offsets and hashes of its family are over these.
        context: The file's.
        steps: The way to `raw` from the bytes the reader was given.
        digest: SHA-256 of `raw`, if it is known already.
        from_mbox: See `bodies.read_bodies`.
    """
    text, moved = as_ascii(raw)
    root = read_structure(text)
    bodies = read_bodies(text, root, from_mbox=from_mbox)
    facts: dict[str, object] = {}
    kinds = dict(bodies.problems)
    if moved:
        kinds["utf-16"] = None
    if root.parts or bodies.attached:
        _check_structure(text, root, kinds)
    elif root.defects:
        kinds.update(dict.fromkeys(root.defects))
    _note_contents(text, root, bodies, facts, kinds)
    children = tuple(_children(text, bodies.attached, context, moved)) if bodies.attached else ()
    if "opaque-signature" in kinds and any(_signed_in(child) for child in children):
        del kinds["opaque-signature"]
        if (inner := carried(children)) is not None:
            bodies.body = bodies.body or dict(inner.texts).get("body", "")
            bodies.html = bodies.html or dict(inner.texts).get("html", "")
    return _Message(root.header, bodies, children, facts, kinds).parsed(
        raw, context, steps, digest or hashlib.sha256(raw).digest()
    )


def carried(children: tuple[Parsed, ...]) -> Parsed | None:
    """Of a mail's attachments the message that a signature carries, taken out by `read_signed`."""
    found = (inner for child in children for inner in _signed_in(child) if inner.kind == "mail")
    return next(found, None)


def _signed_in(child: Parsed) -> list[Parsed]:
    return [inner for inner in child.children if inner.steps[0].decoding == "pkcs7"]


def as_ascii(raw: bytes) -> tuple[bytes, bool]:
    """The message in a charset that contains ASCII, and whether that moved its bytes."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace").encode("utf-8", "replace"), True
    return raw, False


def _check_structure(text: bytes, root: Part, kinds: dict[str, None]) -> None:
    for part in root.walk():
        kinds.update(dict.fromkeys(part.defects))
    checked = root.parts and len(text) <= MAX_CHECKED and not {"parts", "nesting"} & kinds.keys()
    if checked and not parsers_agree(text, root):
        kinds["mime-offsets"] = None


def _note_contents(
    text: bytes, root: Part, bodies: Bodies, facts: dict[str, object], kinds: dict[str, None]
) -> None:
    """What stands in the way of reading all there is: seals, and files in forms that are not opened."""
    if root.parts or bodies.attached or "-----BEGIN PGP " in bodies.body:
        seals = read_seals(text, root, bodies.body)
        if seals.signed:
            facts["signed"] = seals.signed
        if seals.encrypted:
            facts["encrypted"] = seals.encrypted
            kinds["encrypted"] = None
        if seals.opaque:
            kinds["opaque-signature"] = None
    if "begin " in bodies.body and _UUENCODED.search(bodies.body):
        kinds["uuencoded"] = None
    if not root.parts and not bodies.attached and (name := file_name(root)):
        facts["file_name"] = name


def _children(text: bytes, attached: list[Part], context: Context, moved: bool) -> Iterator[Parsed]:
    from casekit.ingest.parts import read_part  # here, because parts read mails in their turn

    for part in attached[:_IN_FAMILY]:
        raw = text[part.start : part.end]
        undone = undo(raw, part.encoding)
        name = file_name(part)
        child = read_part(undone.data, name, _read_as(part.media_type), context)
        if is_pkcs7(part) and (held := read_signed(undone.data, context, name)) is not None:
            child = msgspec.structs.replace(child, children=(held,))
        troubles = child.problems
        if child.kind == "mail" and child.media_type == _TNEF[0]:
            # this very message once more, as Outlook packs it
            child = msgspec.structs.replace(child, kind="document", mail=None, title=name)
        elif part.media_type in _TNEF and child.media_type != _TNEF[0]:
            troubles = (*troubles, problem("tnef"))
        step = Step(
            "mime",
            name=part.path,
            offset=0 if moved else part.start,
            length=0 if moved else len(raw),
            decoding=undone.decoding,
            before=hashlib.sha256(raw).digest() if undone.decoding else b"",
            sha256=child.sha256,
        )
        troubles += (problem(undone.problem),) if undone.problem else ()
        yield msgspec.structs.replace(
            child,
            steps=(step,),
            media_type=_shown_type(part.media_type, child.media_type),
            problems=troubles,
            facts=_part_facts(part, child.facts),
        )


def read_signed(untrusted_bytes: bytes, context: Context, name: str) -> Parsed | None:
    """What a signature carries within itself, with its step from the signature's bytes.

    A message, where it begins as one (RFC 8551, 3.1), else the file that was signed (ETSI EN 319 122-1).

    Args:
        untrusted_bytes: Such as those of `smime.p7m` or `contract.pdf.p7m`.
        context: The file's.
        name: The name they have; that of the file signed is the same without its last ending.

    Returns:
        None where they are no signature, or one that stands apart from what it signs.
    """
    content = signed_content(untrusted_bytes)
    if content is None:
        return None
    digest = hashlib.sha256(content).digest()
    step = Step(
        "slice",
        length=len(untrusted_bytes),
        decoding="pkcs7",
        before=hashlib.sha256(untrusted_bytes).digest(),
        sha256=digest,
    )
    inner_name = _SIGNED_NAME.sub("", name)
    if (made := _signed_file(content, inner_name, context)) is not None:
        return msgspec.structs.replace(made, steps=(step,))
    try:
        with budget().deeper():
            made = read_message(content, context, steps=(step,), digest=digest)
    except LimitReached:
        return None
    # its date and people are those of the message around it
    problems = tuple(one for one in made.problems if one.kind != "no-date")
    return msgspec.structs.replace(made, problems=problems)


def _signed_file(content: bytes, name: str, context: Context) -> Parsed | None:
    """The file that was signed; None where what was signed is a message."""
    from casekit.ingest.parts import read_part  # here, because parts read mails in their turn
    from casekit.ingest.reading import format_of

    if _ENTITY.match(content) or ("." not in name and format_of(content, name) in _MAYBE_MESSAGE):
        return None
    return read_part(content, name, "", context)


def _read_as(media_type: str) -> str:
    """The type an attachment is read as: reports look like mails, and are none."""
    if media_type.startswith("message/") and media_type not in _MESSAGES:
        return "text/plain"
    return media_type


def _shown_type(declared: str, found: str) -> str:
    """The type found, but of text the kind that only the message knows."""
    if found == "text/plain" and declared.startswith(("text/", "message/")):
        return declared
    return found or declared


def _part_facts(part: Part, facts: str) -> str:
    found = {
        "disposition": disposition(part),
        "content_id": part.header.first("content-id").strip().strip("<>"),
        "description": readable(part.header.first("content-description")),
    }
    more = {key: plain(value) for key, value in found.items() if value}
    if not more:
        return facts
    known = msgspec.json.decode(facts) if facts else {}
    return msgspec.json.encode({**known, **more}).decode()


class _Message:
    """A message's fields on their way to being an item."""

    def __init__(
        self,
        header: Header,
        bodies: Bodies,
        children: tuple[Parsed, ...],
        facts: dict[str, object],
        kinds: dict[str, None],
    ) -> None:
        self._bodies = bodies
        self._children = children
        self._facts = facts
        self._problems = [problem(kind) for kind in kinds]
        self._charset = bodies.charset
        self._fields = header.by_name
        shown: list[tuple[str, str]] = []
        for name, value in header.fields:
            if not is_plain(value):
                value = readable(value, self._charset)
            shown.append((name, value))
        self._shown = tuple(shown)

    def parsed(
        self, raw: bytes, context: Context, steps: tuple[Step, ...], digest: bytes
    ) -> Parsed:
        subject = self._text("subject")
        parties = self._parties()
        when = self._when()
        mail = self._mail(subject, parties, when)
        self._note_repeats()
        self._note_texts()
        return Parsed(
            "mail",
            "correspondence",
            subject,
            steps,
            digest,
            len(raw),
            name="" if steps else context.name,
            media_type="message/rfc822",
            texts=self._texts(),
            when=when,
            parties=parties,
            mail=mail,
            facts=msgspec.json.encode(self._facts).decode() if self._facts else "",
            problems=tuple(self._problems),
            children=self._children,
        )

    def _text(self, name: str) -> str:
        """First value of a field, decoded."""
        values = self._fields.get(name)
        if not values:
            return ""
        value = values[0]
        if not is_plain(value):
            value = readable(value, self._charset)
        return " ".join(value.split()) if "  " in value or "\t" in value or "\n" in value else value

    def _parties(self) -> tuple[Party, ...]:
        return tuple(
            Party(role, name, address)
            for role in ROLES
            if role in self._fields
            for value in self._fields[role]
            for name, address in read_addresses(value, self._charset)
        )

    def _when(self) -> When | None:
        values = self._fields.get("date")
        if values:
            when, trouble = read_date(values[0])
            if trouble is not None:
                self._problems.append(trouble)
            if when is not None:
                return when
        else:
            self._problems.append(Problem("parse", "no-date", "The message has no Date field."))
        for value in self._fields.get("sent", ())[:1]:  # as Outlook prints a letter
            if (when := read_date(value.strip(), "Sent")[0]) is not None:
                return when
        received = self._fields.get("received")
        if received and ";" in received[0]:
            # The last server's stamp: a time the sender did not choose, and named for what it is.
            return read_date(received[0].rsplit(";", 1)[1].strip(), "Received")[0]
        return None

    def _mail(self, subject: str, parties: tuple[Party, ...], when: When | None) -> Mail:
        message_id = read_message_id(self._text("message-id"))
        sent = when.us if when is not None and when.field == "Date" else None
        senders = [party.address for party in parties if party.role == "from"]
        return Mail(
            message_id,
            mih(message_id),
            read_message_ids(self._text("in-reply-to")),
            read_message_ids(self._text("references")),
            subject,
            content_hash(
                sent,
                senders[0] if senders else "",
                [party.address for party in parties if party.role in ("to", "cc")],
                subject,
                self._bodies.body,
                [(child.name, child.size) for child in self._children],
            ),
            self._shown,
        )

    def _note_repeats(self) -> None:
        for name in _ONCE:
            if len(self._fields.get(name, ())) > 1:
                text = f"The field {name.title()} stands more than once; the first one counts."
                self._problems.append(Problem("parse", "repeated-field", text))

    def _note_texts(self) -> None:
        bodies = self._bodies
        if bodies.problems and bodies.charset:
            self._facts["charset"] = bodies.charset
        if bodies.unquoted:
            self._facts["unquoted_from_lines"] = bodies.unquoted
        if bodies.html:
            hosts = remote_hosts(bodies.html)
            if hosts:
                self._facts["remote"] = hosts
        if "x-gmail-labels" in self._fields:
            # encoded as a whole: decoded first, and only then taken apart
            labels = _LABEL.findall(self._text("x-gmail-labels"))
            self._facts["labels"] = [label for label in map(_plain_label, labels) if label]
        if "x-gm-thrid" in self._fields:
            self._facts["gmail_thread"] = self._text("x-gm-thrid")

    def _texts(self) -> tuple[tuple[str, str], ...]:
        body, html = self._bodies.body, self._bodies.html
        if len(body) > MAX_TEXT or len(html) > MAX_TEXT:
            self._problems.append(problem("too-much-text"))
            body, html = body[:MAX_TEXT], html[:MAX_TEXT]
        more = (
            ("html", html),
            ("alternative", self._bodies.alternative[:MAX_TEXT]),
            ("outside", self._bodies.outside[:MAX_TEXT]),
        )
        return (("body", body), *(each for each in more if each[1]))
