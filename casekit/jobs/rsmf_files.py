"""The chats of a production as RSMF files, of what its documents show and of no other message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from casekit.dossier import pseudonyms, redact, rsmf
from casekit.dossier.rsmf import Attached, Chat, Message
from casekit.dossier.sections.common import plain
from casekit.dossier.volume import Document, Volume
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.jobs.sealing import put
from casekit.progress import Progress
from casekit.queries import items
from casekit.queries import matter as matter_queries
from casekit.store.case import Case


def write(
    case: Case, volume: Volume, building: Path, progress: Progress
) -> tuple[dict[str, str], dict[str, str]]:
    """Write the volume's RSMF files; nothing where it wants none.

    Args:
        case: An open case.
        volume: As planned.
        building: Its folder, in which the natives lie already.
        progress: Told the messages.

    Returns:
        SHA-256 (hex) and first number of each file, by its path below the volume.

    Raises:
        CaseKitError: There is no chat in it, or one would tell words that are redacted.
    """
    if "rsmf" not in volume.tables:
        return {}, {}
    files: dict[str, str] = {}
    numbers: dict[str, str] = {}
    told: list[tuple[str, str]] = []
    with case.read() as s:
        withheld = redact.all_withheld(s)
    for chat in _chats(case, volume, building, progress):
        whole = hashlib.sha256(
            "\0".join((chat.service, chat.name, chat.custodian)).encode("utf-8", "replace")
        )
        for piece in rsmf.in_files(chat):
            collection = f"{volume.title}-{whole.hexdigest()[:16]}"
            made = rsmf.manifest(piece, volume.title, collection)
            begin = piece.messages[0].bates
            seen = [*rsmf.texts(made), piece.name, piece.custodian, piece.service]
            told += [(begin, name) for text in seen for _, _, name in withheld.places(text)]
            path = f"RSMF/{begin}.rsmf"
            data = rsmf.message_file(piece, made, volume.title, volume.at_us, volume.version)
            files[path], numbers[path] = put(building / path, data), begin
    redact.refuse(told, redact.PRODUCTION_TELLS)
    if not files:
        raise CaseKitError("None of the documents is a message of a chat: leave RSMF out.")
    return files, numbers


def _chats(case: Case, volume: Volume, building: Path, progress: Progress) -> list[Chat]:
    """The conversations in the order of their first number, each in order of time."""
    below: dict[str, list[Document]] = {}
    for one in volume.produced:
        if one.native and one.fields["PARENTID"]:
            below.setdefault(one.fields["PARENTID"], []).append(one)
    found: dict[tuple[str, str, str], list[Message]] = {}
    with case.read() as s:
        words = wording(matter_queries.get(s).profile or "neutral")
        given = pseudonyms.of_case(s, words)
        messages = [one for one in volume.produced if one.fields["DOCTYPE"] == "message"]
        for done, one in enumerate(messages):
            progress.step(done, len(messages), "writing conversations")
            view = redact.redacted(items.view(s, one.item_id), words, given, pictured=False)
            known = view.facts or {}
            begin = one.fields["BEGBATES"]
            made = Message(begin, view, one.sha256, _attached(below.get(begin, ()), building))
            key = (plain(known.get("service", "")), view.conversation, one.fields["CUSTODIAN"])
            found.setdefault(key, []).append(made)
    return [Chat(*key, tuple(sorted(each, key=_place))) for key, each in found.items()]


def _place(message: Message) -> tuple[bool, int, str]:
    us = message.view.row.sent_us
    return us is None, us or 0, message.bates


def _attached(documents: Sequence[Document], building: Path) -> tuple[Attached, ...]:
    return tuple(
        Attached(PurePosixPath(one.native).name, _display(one.fields), (building / one.native).read_bytes())
        for one in documents
    )  # fmt: skip


def _display(fields: Mapping[str, str]) -> str:
    return fields["FILENAME"].replace("\\", "/").rpartition("/")[2]
