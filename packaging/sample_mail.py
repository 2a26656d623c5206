"""The correspondence of the sample matter: RFC 5322 messages and an mbox, written byte by byte.

The bytes are made here and not by the email package, whose folding differs between versions.
"""

import base64
import datetime as dt
import html
import json
import quopri
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime

from sample_outputs import TEXTS, UTC, digest

PEOPLE: dict[str, list[str]] = json.loads((TEXTS / "people.json").read_text("utf-8"))
CJK = re.compile(r"[\u4e00-\u9fff]")
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as written in mails.txt; form is "", html or gb18030."""

    name: str
    sender: str
    to: list[str]
    cc: list[str]
    date: dt.datetime
    subject: str
    parent: "Mail | None"
    form: str
    attachment: str
    body: str

    @property
    def message_id(self) -> str:
        """The Message-ID, with its angle brackets."""
        return f"<{digest(self.name, 8)}@{PEOPLE[self.sender][1].split('@')[1]}>"


def read_mails() -> dict[str, Mail]:
    """Return the messages of mails.txt by name; a parent stands before its replies."""
    mails: dict[str, Mail] = {}
    for block in re.split(r"(?m)^=== ", (TEXTS / "mails.txt").read_text("utf-8"))[1:]:
        head, body = block.split("\n---\n", 1)
        name, *fields = head.split("\n")
        f = dict(field.split(": ", 1) for field in fields)
        parent = mails.get(f.get("re", ""))
        reply = "Re: " + parent.subject.removeprefix("Re: ") if parent else ""
        mails[name] = Mail(
            name, f["from"], f["to"].split(", "), f["cc"].split(", ") if "cc" in f else [],
            dt.datetime.fromisoformat(f["date"]), f.get("subject", reply), parent,
            f.get("as", ""), f.get("attach", ""), body.strip(),
        )  # fmt: skip
    return mails


def plain_text(mail: Mail) -> str:
    """Return the text of a message, wrapped, with the message it answers quoted below."""
    lines = []
    for line in mail.body.split("\n"):
        lines += [line] if CJK.search(line) else textwrap.wrap(line, 72) or [""]
    if mail.parent:
        name = PEOPLE[mail.parent.sender][0]
        when = mail.parent.date
        opening = f"On {when:%a, %d %b %Y at %H:%M}, {name} wrote:"
        if CJK.search(mail.body):
            opening = f"{name} 于 {when:%Y-%m-%d %H:%M} 写道："
        lines += ["", opening]
        for line in plain_text(mail.parent).rstrip("\n").split("\n"):
            lines.append(f">{line}" if line.startswith(">") else f"> {line}".rstrip())
    return "\n".join(lines) + "\n"


def html_text(mail: Mail) -> str:
    """Return the same text as HTML."""
    paragraphs = "".join(
        f"<p>{html.escape(p, quote=False).replace(chr(10), '<br>')}</p>\n"
        for p in mail.body.split("\n\n")
    )
    quoted = ""
    if mail.parent:
        inner = html.escape(plain_text(mail.parent), quote=False).replace("\n", "<br>\n")
        quoted = f'<blockquote type="cite">{inner}</blockquote>\n'
    style = "font-family: Helvetica, Arial, sans-serif; font-size: 14px"
    return f'<html><body style="{style}">\n{paragraphs}{quoted}</body></html>\n'


def encoded(text: str) -> str:
    """Return a header value, in RFC 2047 encoded words if it needs them."""
    if text.isascii():
        return text
    chunks, current = [], ""
    for character in text:
        if len((current + character).encode()) > 42:
            chunks.append(current)
            current = ""
        current += character
    words = [base64.b64encode(c.encode()).decode() for c in [*chunks, current]]
    return "\n ".join(f"=?UTF-8?B?{word}?=" for word in words)


def address(person: str) -> str:
    """Return a mailbox with its display name."""
    name, mailbox = PEOPLE[person]
    return f"{encoded(name)} <{mailbox}>" if "." not in name else f'"{name}" <{mailbox}>'


def headers(mail: Mail) -> list[str]:
    """Return the header fields of a message, folded."""
    domain = PEOPLE[mail.sender][1].split("@")[1]
    hop = 10 + int(digest(domain, 1), 16) % 200
    received = format_datetime(mail.date.astimezone(UTC) + dt.timedelta(seconds=4))
    lines = [
        f"Received: from mail.{domain} (mail.{domain} [203.0.113.{hop}])\n"
        f" by mx.{PEOPLE[mail.to[0]][1].split('@')[1]} with ESMTPS id {digest(mail.name, 5)};\n"
        f" {received}",
        f"Message-ID: {mail.message_id}",
    ]
    if mail.parent:
        ancestors: list[str] = []
        ancestor: Mail | None = mail.parent
        while ancestor:
            ancestors.insert(0, ancestor.message_id)
            ancestor = ancestor.parent
        references = "\n ".join(ancestors)
        lines += [f"In-Reply-To: {mail.parent.message_id}", f"References: {references}"]
    lines += [
        f"Date: {format_datetime(mail.date)}",
        f"From: {address(mail.sender)}",
        "To: " + ",\n ".join(address(person) for person in mail.to),
    ]
    if mail.cc:
        lines.append("Cc: " + ",\n ".join(address(person) for person in mail.cc))
    return [*lines, f"Subject: {encoded(mail.subject)}", "MIME-Version: 1.0"]


def text_part(text: str, subtype: str, charset: str) -> bytes:
    """Return a text part with its own header fields."""
    data = text.encode(charset)
    if text.isascii() and max(map(len, text.split("\n"))) < 79:
        coding, body = "7bit", data
        charset = "us-ascii"
    elif charset == "utf-8" and CJK.search(text):
        coding, body = "base64", base64.encodebytes(data)
    else:
        coding, body = "quoted-printable", quopri.encodestring(data)
    head = f"Content-Type: text/{subtype}; charset={charset}\nContent-Transfer-Encoding: {coding}\n"
    return head.encode() + b"\n" + body


def multipart(name: str, subtype: str, parts: list[bytes]) -> bytes:
    """Return a multipart body with its own header fields."""
    boundary = f"=_{digest(name + subtype, 10)}"
    head = f'Content-Type: multipart/{subtype};\n boundary="{boundary}"\n\n'
    body = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    return head.encode() + body + b"--" + boundary.encode() + b"--\n"


def attachment_part(name: str, data: bytes) -> bytes:
    """Return a base64 part for an attached file."""
    kind = TYPES[name.rsplit(".", 1)[1]]
    head = (
        f'Content-Type: {kind};\n name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment;\n filename="{name}"\n\n'
    )
    return head.encode() + base64.encodebytes(data)


def render(mail: Mail, mails: Mapping[str, Mail], files: Mapping[str, bytes]) -> bytes:
    """Return a message with LF line ends; files holds the attachments by name."""
    charset = "gb18030" if mail.form == "gb18030" else "utf-8"
    content = text_part(plain_text(mail), "plain", charset)
    if mail.form == "html":
        rich = text_part(html_text(mail), "html", "utf-8")
        content = multipart(mail.name, "alternative", [content, rich])
    if mail.attachment == "nested":
        inner = render(mails["x01-retention-notice"], mails, files)
        nested = b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + inner
        content = multipart(mail.name, "mixed", [content, nested])
    elif mail.attachment:
        part = attachment_part(mail.attachment, files[mail.attachment])
        content = multipart(mail.name, "mixed", [content, part])
    return ("\n".join(headers(mail)) + "\n").encode("ascii") + content


def eml_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the single messages of Aurora's legal department by file name."""
    mails = read_mails()
    return {
        f"{name}.eml": render(mail, mails, files).replace(b"\n", b"\r\n")
        for name, mail in mails.items()
        if name[0].isdigit()
    }


def mbox_file() -> bytes:
    """Return the export of the Meridian custodian, as mboxrd."""
    mails, out = read_mails(), b""
    for name, mail in mails.items():
        if name.startswith("m"):
            when = mail.date.astimezone(UTC)
            stamp = f"{when:%a %b} {when.day:2d} {when:%H:%M:%S %Y}"
            message = re.sub(rb"(?m)^(>*From )", rb">\1", render(mail, mails, {}))
            out += f"From {PEOPLE[mail.sender][1]} {stamp}\n".encode() + message + b"\n"
    return out
