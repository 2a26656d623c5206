"""An Outlook item (MSG, PST) made into one item of evidence with its family."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from casekit.ingest.charsets import facts_text, more_facts, tidy
from casekit.ingest.limits import MAX_TEXT, LimitReached, budget
from casekit.ingest.mail.addresses import read_addresses
from casekit.ingest.mail.bundle import INCOMPLETE, Storage
from casekit.ingest.mail.charsets import decode
from casekit.ingest.mail.fields import Header, read_header
from casekit.ingest.mail.identity import content_hash, mih, read_message_id, read_message_ids
from casekit.ingest.mail.mapi import OBJECT, Names, Properties, read_properties, stream_name
from casekit.ingest.mail.markup import html_text, remote_hosts
from casekit.ingest.mail.message import carried, read_signed
from casekit.ingest.mail.rtf import read_rtf
from casekit.ingest.mail.words import is_plain, readable
from casekit.ingest.parsed import (
    Context,
    Kind,
    Mail,
    Parsed,
    Party,
    Problem,
    Step,
    When,
    sha256,
)

MEDIA_TYPE = "application/vnd.ms-outlook"

_RECIPIENT, _ATTACHMENT = "__recip_version1.0_", "__attach_version1.0_"
_MOST = 10_000
"""Recipients and attachments of one item that are read."""
_ROLES = {0: "from", 1: "to", 2: "cc", 3: "bcc"}
_CLASSES: tuple[tuple[str, Kind], ...] = (
    ("ipm.note", "mail"),
    ("ipm.schedule", "mail"),
    ("ipm.appointment", "event"),
    ("ipm.ole.class", "event"),  # one occasion of a series that differs from the others
    ("ipm.contact", "contact"),
    ("ipm.distlist", "contact"),
    ("ipm.stickynote", "document"),
    ("ipm.task", "document"),
    ("ipm.activity", "document"),
)
_BY_REFERENCE = (2, 3, 4, 7)
_EMBEDDED, _OLE = 5, 6
_PREFIX = re.compile(r"\x01.", re.DOTALL)
_TIMES = {"delivered": 0x0E06, "created": 0x3007, "modified": 0x3008}
_CONTACT = {
    "given_name": 0x3A06, "surname": 0x3A11, "company": 0x3A16, "job_title": 0x3A17,
    "business_phone": 0x3A08, "home_phone": 0x3A09, "mobile_phone": 0x3A1C,
}  # fmt: skip
_UNSENT = 0x08
_PARTLY = Problem(
    "parse",
    "partly-read",
    "Only a part of it could be read; open the mailbox in Outlook to see all.",
)
_PGP = "-----BEGIN PGP MESSAGE-----"


def read_outlook(
    storage: Storage,
    context: Context,
    *,
    steps: tuple[Step, ...],
    digest: bytes,
    size: int,
    head: int,
    charset: str = "",
    names: Names | None = None,
    more: dict[str, object] | None = None,
    media_type: str = MEDIA_TYPE,
) -> Parsed:
    """Read an Outlook item from its storage.

    Args:
        storage: As in an MSG file.
        context: The file's.
        steps: The way to the item's bytes from those the reader was given.
        digest: SHA-256 of the item's bytes.
        size: How many they are.
        head: See `mapi.read_properties`.
        charset: Of texts that are not Unicode, where the item names no code page.
        names: Ids of named properties, which the file keeps in one place.
        more: Further facts.
        media_type: Of the item's bytes.

    Source: MS-OXMSG, MS-OXPROPS, MS-OXCMSG.
    """
    item = _Item(storage, read_properties(storage, head, charset, names), context, names or {})
    made = item.parsed(steps, digest, size, more or {})
    return msgspec.structs.replace(made, media_type=media_type)


class _Item:
    def __init__(self, storage: Storage, own: Properties, context: Context, names: Names) -> None:
        self._names = names
        self._storage = storage
        self._own = own
        self._context = context
        self._problems: list[Problem] = []
        raw = own.binary(0x007D)
        headers = own.text(0x007D) if raw else ""
        self._header: Header = read_header(
            headers.lstrip("\n").encode("utf-8", "surrogateescape") + b"\n\n"
        )
        self.charset = own.charset
        if INCOMPLETE in storage.names():
            self._problems.append(_PARTLY)

    def parsed(
        self, steps: tuple[Step, ...], digest: bytes, size: int, more: dict[str, object]
    ) -> Parsed:
        own = self._own
        subject = _PREFIX.sub("", own.text(0x0037), count=1)
        kind = self._kind()
        body, html = self._texts()
        parties = self._parties(kind)
        when = self._when(kind)
        children = tuple(self._children())
        if (inner := carried(children)) is not None:
            body = body if body.strip() else dict(inner.texts).get("body", "")
            html = html or dict(inner.texts).get("html", "")
        facts = self._facts(html) | self._seals(body, children) | more
        if kind != "mail" and (sent := self._own.time_us(0x0039)) is not None:
            facts["sent"] = sent
        return Parsed(
            kind,
            "correspondence",
            subject or (own.text(0x3001) if kind == "contact" else ""),
            steps,
            digest,
            size,
            name="" if steps else self._context.name,
            media_type=MEDIA_TYPE,
            texts=(("body", body), ("html", html)) if html else (("body", body),),
            when=when,
            parties=parties,
            mail=self._mail(subject, parties, body, children) if kind == "mail" else None,
            facts=facts_text(facts),
            problems=tuple(self._problems),
            children=children,
        )

    def _kind(self) -> Kind:
        own = self._own
        name = own.text(0x001A).lower()
        known = next((kind for start, kind in _CLASSES if name.startswith(start)), None)
        if known is None and name and 0x0039 not in own and 0x0E06 not in own:
            return "document"  # neither sent nor received: something Outlook keeps for itself
        return known or "mail"

    # -- text -------------------------------------------------------------------------------------

    def _texts(self) -> tuple[str, str]:
        own = self._own
        body, html = own.text(0x1000), self._html()
        if not body and not html and (packed := own.binary(0x1009)):
            rtf = read_rtf(packed)
            body, html = rtf.text, rtf.html
            if rtf.problem:
                text = "The RTF of the text is damaged; what could be read of it is kept."
                self._problems.append(Problem("parse", rtf.problem, text))
        elif not body and html:
            body = html_text(html)
        if len(body) > MAX_TEXT or len(html) > MAX_TEXT:
            text = "The text is longer than one item may carry; its end was left out."
            self._problems.append(Problem("limits", "too-much-text", text))
        return body[:MAX_TEXT], html[:MAX_TEXT]

    def _html(self) -> str:
        own = self._own
        raw = own.binary(0x1013)
        if not raw:
            return ""
        if text := own.text(0x1013):
            return text
        decoded = decode(raw, own.internet_charset or own.charset)
        if decoded.problem:
            text = "The text is not in the charset it declares; it was read by a guess."
            self._problems.append(Problem("parse", decoded.problem, text))
        return tidy(decoded.text.rstrip("\0"))

    # -- people -----------------------------------------------------------------------------------

    def _parties(self, kind: Kind) -> tuple[Party, ...]:
        if kind == "contact":
            return tuple(self._contact())
        found = list(self._senders())
        listed = list(self._recipients())
        if kind == "event":
            listed = [msgspec.structs.replace(party, role="attendee") for party in listed]
        found += listed or self._displayed()
        return tuple(dict.fromkeys(found))

    def _senders(self) -> Iterator[Party]:
        own = self._own
        author = _person(own, 0x0042, 0x0064, 0x0065, 0x5D02)
        sender = _person(own, 0x0C1A, 0x0C1E, 0x0C1F, 0x5D01)
        name, address = author if any(author) else sender
        if not address and name == sender[0]:
            address = sender[1]
        if "@" not in address:
            # an address of the organisation's own directory: the header tells what the world saw
            for value in self._header.all("from")[:1]:
                for shown, smtp in read_addresses(value, self.charset)[:1]:
                    name, address = name or shown, smtp or address
        if name or address:
            yield Party("from", name, address)
        if any(author) and any(sender) and sender != author and sender[1] != address:
            yield Party("sender", *sender)

    def _recipients(self) -> Iterator[Party]:
        names = [name for name in self._storage.folders() if name.startswith(_RECIPIENT)]
        for name in sorted(names)[:_MOST]:
            row = read_properties(self._storage.folder(name), 8, self.charset)
            shown, address = _person(row, 0x3001, 0x3002, 0x3003, 0x39FE)
            role = _ROLES.get((row.number(0x0C15) or 1) & 0x0F, "to")
            if shown or address:
                yield Party(role, shown, address)

    def _displayed(self) -> list[Party]:
        """Who is shown as a recipient, where there is no list of them."""
        found = [
            Party(role, *pair)
            for role in ("to", "cc", "bcc")
            for value in self._header.all(role)
            for pair in read_addresses(value, self.charset)
        ]
        if found:
            return found
        shown = (("to", 0x0E04), ("cc", 0x0E03), ("bcc", 0x0E02))
        return [
            Party(role, *_named(name.strip()))
            for role, number in shown
            for name in self._own.text(number).split(";")
            if name.strip()
        ]

    def _contact(self) -> Iterator[Party]:
        own = self._own
        name = own.text(0x3001) or own.text(0x0037)
        lids = (0x8083, 0x8093, 0x80A3)  # the first, second and third address of a contact
        addresses = [address for lid in lids if (address := own.text(own.named(lid)))]
        for address in addresses or [""]:
            if name or address:
                yield Party("actor", name, address)

    # -- time and identity ------------------------------------------------------------------------

    def _when(self, kind: Kind) -> When | None:
        own = self._own
        fields = [("PidTagClientSubmitTime", 0x0039), ("PidTagMessageDeliveryTime", 0x0E06)]
        if kind == "event":
            start = ("PidLidAppointmentStartWhole", own.named(0x820D))
            fields = [start, ("PidTagStartDate", 0x0060), *fields]
        if kind != "mail":
            fields.append(("PidTagLastModificationTime", 0x3008))
        for field, number in fields:
            us = own.time_us(number)
            if us is not None:
                return When(us, str(own.ticks(number)), field, "explicit", 1)
        if kind == "mail":
            self._problems.append(Problem("parse", "no-date", "The message has no sent time."))
        return None

    def _mail(
        self,
        subject: str,
        parties: tuple[Party, ...],
        body: str,
        children: tuple[Parsed, ...],
    ) -> Mail:
        own = self._own
        identity = read_message_id(own.text(0x1035) or self._field("message-id"))
        sent = own.time_us(0x0039)
        senders = [party.address for party in parties if party.role == "from"]
        return Mail(
            identity,
            mih(identity),
            read_message_ids(own.text(0x1042) or self._field("in-reply-to")),
            read_message_ids(own.text(0x1039) or self._field("references")),
            subject,
            content_hash(
                sent,
                senders[0] if senders else "",
                [party.address for party in parties if party.role in ("to", "cc")],
                subject,
                body,
                [(child.name, child.size) for child in children],
            ),
            tuple(
                (name, value if is_plain(value) else readable(value, self.charset))
                for name, value in self._header.fields
            ),
        )

    def _field(self, name: str) -> str:
        return readable(self._header.first(name), self.charset)

    def _facts(self, html: str) -> dict[str, object]:
        own = self._own
        name = own.text(0x001A)
        found: dict[str, object] = {
            "class": name,
            "conversation": own.text(0x0070),
            "conversation_index": own.binary(0x0071)[:22].hex(),
            "importance": {0: "low", 2: "high"}.get(own.number(0x0017) or 1, ""),
            "unsent": bool((own.number(0x0E07) or 0) & _UNSENT),
            "remote": remote_hosts(html) if html else [],
            "charset": own.charset,
        }
        for key, number in (*_TIMES.items(), ("ends", own.named(0x820E))):
            us = own.time_us(number)
            if us is not None:
                found[key] = us
        found |= {key: own.text(number) for key, number in _CONTACT.items()}
        found["location"] = own.text(own.named(0x8208))
        return found

    def _seals(self, body: str, children: tuple[Parsed, ...]) -> dict[str, object]:
        """Whether the item is signed or encrypted, by its class and what is attached."""
        name = self._own.text(0x001A).lower()
        found: dict[str, object] = {}
        if carried(children) is not None or (".smime" in name and "signed" in name):
            found["signed"] = "smime"
        elif ".smime" in name or name.endswith(".secure"):
            found["encrypted"] = "smime"
        if _PGP in body or any(_PGP in text for one in children for _, text in one.texts[:1]):
            found["encrypted"] = "pgp"
        if "encrypted" in found:
            text = "The message is encrypted; its text cannot be searched."
            self._problems.append(Problem("parse", "encrypted", text))
        return found

    # -- attachments ------------------------------------------------------------------------------

    def _children(self) -> Iterator[Parsed]:
        names = sorted(name for name in self._storage.folders() if name.startswith(_ATTACHMENT))
        for name in names[:_MOST]:
            try:
                yield self._child(name)
            except LimitReached as reached:
                self._problems.append(Problem("limits", reached.kind, reached.text))
                return

    def _child(self, folder: str) -> Parsed:
        from casekit.ingest.parts import read_part  # here, because parts read mails in their turn

        held = self._storage.folder(folder)
        row = read_properties(held, 8, self.charset, self._names)
        name = row.text(0x3707) or row.text(0x3704) or row.text(0x3001)
        method = row.number(0x3705)
        declared = row.text(0x370E)
        facts: dict[str, object] = {
            "content_id": row.text(0x3712),
            "reference": row.text(0x370D) or row.text(0x3708) if method in _BY_REFERENCE else "",
            "hidden": bool(row.number(0x7FFE)),
        }
        inner = stream_name(0x3701, OBJECT)
        if inner in held.folders():
            data, inside = held.whole(inner)
            step = self._step(folder, inner, data)
            if method != _OLE:
                return self._nested(data, inside, step, name, facts)
            made = _bare(data, name, declared)
        else:
            data = row.binary(0x3701)
            step = self._step(folder, stream_name(0x3701, row.kind(0x3701)), data)
            lost = method in _BY_REFERENCE and not data
            made = (
                _bare(data, name, declared)
                if lost
                else read_part(data, name, declared, self._context)
            )
        if data[:1] == b"\x30" and (signed := read_signed(data, self._context, name)) is not None:
            made = msgspec.structs.replace(made, children=(signed,))
        problems = made.problems
        if INCOMPLETE in held.names():
            problems = (*problems, _PARTLY)
        if method in _BY_REFERENCE and not data:
            text = "The attachment is only a reference to a file elsewhere; its bytes are not here."
            problems = (*problems, Problem("parse", "by-reference", text))
        return msgspec.structs.replace(
            made,
            steps=(step,),
            media_type=made.media_type or declared,
            facts=more_facts(made.facts, facts),
            problems=problems,
        )

    def _nested(
        self, data: bytes, inside: Storage, step: Step, name: str, facts: dict[str, object]
    ) -> Parsed:
        with budget().deeper():
            made = read_outlook(
                inside,
                self._context,
                steps=(step,),
                digest=step.sha256,
                size=len(data),
                head=24,
                charset=self.charset,
                names=self._names,
            )
        shown = made.title or name
        return msgspec.structs.replace(
            made, title=shown, name=shown, facts=more_facts(made.facts, facts)
        )

    def _step(self, folder: str, name: str, data: bytes) -> Step:
        """A stream of the file, or a slice of what was written as bytes; no bytes where none are."""
        held = self._storage.folder(folder)
        if name not in held.names() and name not in held.folders():
            return Step("slice", sha256=sha256(data))
        place = held.place(name)
        if place is not None:
            return Step("slice", offset=place.offset, length=place.length, sha256=sha256(data))
        return Step("ole", name=f"{folder}/{name}", length=len(data), sha256=sha256(data))


def _person(own: Properties, name: int, kind: int, address: int, smtp: int) -> tuple[str, str]:
    """Name and address; an address of the Internet before one of an organisation's directory."""
    known = own.text(smtp) or own.text(address)
    shown = own.text(name).strip()
    if "@" not in known and "@" in shown and " " not in shown:
        known = shown.strip("'<>")
    if own.text(kind).upper() == "SMTP" and not known:
        known = ""
    return ("" if shown.strip("'") == known else shown), known.strip()


def _named(shown: str) -> tuple[str, str]:
    """Name and address of someone who is only shown: some are shown by their address."""
    plain = shown.strip("'<>")
    return ("", plain) if "@" in plain and " " not in plain else (shown, "")


def _bare(data: bytes, name: str, media_type: str) -> Parsed:
    return Parsed(
        "file",
        "other",
        name or "file",
        (),
        sha256(data),
        len(data),
        name=name,
        media_type=media_type,
    )
