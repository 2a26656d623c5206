"""What lies beside the PDF so that a stranger can check it: the manifest and a list for sha256sum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from casekit import clock
from casekit.dossier.attached import Beside
from casekit.dossier.sections.common import bates_text
from casekit.dossier.sheet import Chapter, DossierPlan, Produced
from casekit.paths import resource
from casekit.queries.tiers import split
from casekit.store import canonical


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a dossier in several: its size in bytes, its pages of the whole, and where exhibits begin.

    `places` are pages of this file, from 1, by destination; `natives` names what is attached to it.
    """

    name: str
    sha256: str
    size: int
    first: int
    last: int
    places: Mapping[str, int]
    natives: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """Which of two copies a file is, `public` or `sealed`, and what is said of the other.

    Attributes:
        other: Its name.
        sha256: Its own, or of several files that of all, as `parting.set_sha256` says.
        size: In bytes: signed later, it still begins with as many.
        parts: Name, SHA-256 and size of each of its files, where there are several.
    """

    kind: str
    other: str
    sha256: str
    size: int
    parts: Sequence[tuple[str, str, int]] = ()


def manifest(
    plan: DossierPlan, name: str, sha256: str, pages: int, chapters: Mapping[str, tuple[int, int]],
    parts: Sequence[Part] = (), copy: Copy | None = None, beside: Sequence[Beside] = (),
) -> bytes:  # fmt: skip
    """The manifest as canonical JSON with a line end.

    Keys: `v` 1; `dossier` (name, sha256, pages, draft, title, date, profile); `made_with`; `case` (UUID);
    `custody` (seq, root); `plan_sha256`; `exhibits` and `findings` (label, title, page, pages, items);
    `originals` (sha256, exhibits); `withheld`; `recipients` (name, role) if there are any. Hashes are SHA-256
    in hex.

    Of a public or sealed copy also `copy`: its `kind`, and `name`, `sha256` and `size` of the `other`, with its
    `parts` (name, sha256, size) where it has several.

    Of a dossier in several files also `limit` (bytes a file may have) and `parts` (name, sha256, size, the
    first and last page of the whole, and the `natives` attached to it if there are any); `sha256` of the
    dossier is then that of the lines `HASH  NAME` of all parts in order, and every exhibit and finding says in
    which part it begins, and on which page of that file.

    Natives that no file holds are `natives_beside` (name, sha256, size, exhibit, item).
    """
    originals: dict[str, list[str]] = {}
    for one in plan.produced:
        if one.original_sha256:
            originals.setdefault(one.original_sha256, []).append(one.label)
    content: dict[str, Any] = {
        "v": 1,
        "dossier": {
            "name": name, "sha256": sha256, "pages": pages, "draft": plan.draft, "title": plan.title,
            "date": clock.iso(plan.at_us), "profile": plan.profile,
        },
        "made_with": f"CaseKit {plan.version}",
        "case": plan.case,
        "custody": {"seq": plan.custody_seq, "root": plan.custody_root},
        "plan_sha256": plan.digest(),
        "exhibits": [_chapter(c, chapters, plan.produced, parts) for c in plan.exhibits],
        "findings": [_chapter(c, chapters, (), parts) for c in plan.findings],
        "originals": [
            {"sha256": h, "exhibits": list(dict.fromkeys(labels))} for h, labels in originals.items()
        ],
        "withheld": msgspec.to_builtins(plan.withheld),
    }  # fmt: skip
    if plan.recipients:
        content["recipients"] = named(plan.recipients)
    if copy:
        other: dict[str, Any] = {
            "name": copy.other,
            "sha256": copy.sha256,
            "size": copy.size,
        }
        if copy.parts:
            names = ("name", "sha256", "size")
            other["parts"] = [dict(zip(names, each, strict=True)) for each in copy.parts]
        content["copy"] = {"kind": copy.kind, "other": other}
    if parts:
        content |= {"limit": plan.limit, "parts": [_part(each) for each in parts]}
    if beside:
        content["natives_beside"] = [_native(each) for each in beside]
    return canonical.encode(content) + b"\n"


def _part(part: Part) -> dict[str, Any]:
    keys = ("name", "sha256", "size", "first", "last")
    found = {key: getattr(part, key) for key in keys}
    return found | ({"natives": list(part.natives)} if part.natives else {})


def _native(one: Beside) -> dict[str, Any]:
    return {
        "name": one.name, "sha256": one.sha256, "size": one.size, "exhibit": one.label, "item": one.item_id,
    }  # fmt: skip


def named(recipients: Iterable[str]) -> list[dict[str, str]]:
    """Recipients as a manifest tells them, name and role apart."""
    return [dict(zip(("name", "role"), split(each), strict=True)) for each in recipients]


def sums(plan: DossierPlan, files: Mapping[str, str]) -> bytes:
    """A list for `sha256sum -c --ignore-missing` (GNU coreutils): the files, then natives by hash.

    Args:
        plan: The dossier.
        files: SHA-256 (hex) by name of what lies beside the list.
    """
    lines = [f"{sha256}  {name}" for name, sha256 in files.items()]
    lines.append(
        "# Files as received; put one into a folder `originals` under its hash to check it."
    )
    lines += [
        f"{h}  originals/{h}" for h in dict.fromkeys(p.original_sha256 for p in plan.produced) if h
    ]
    lines.append("# Records of exhibits (casekit item CASE ID --raw writes one).")
    lines += [
        f"{p.record_sha256}  records/{p.label}-{p.item_id}"
        for p in plan.produced
        if p.record_sha256
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def signed_manifest(
    issued: bytes, sha256: str, about: Mapping[str, Any], files: Mapping[str, str] | None = None
) -> bytes:
    """The manifest of a dossier that was signed: its hash as it is now, and key `signature`.

    Args:
        issued: The manifest as it was issued.
        sha256: Of the PDF as it is now, in hex.
        about: `where` (`inside` or `beside`), `level`, `signer`, `certificate_sha256`; for one inside
            `issued` (sha256 and size of the PDF as issued, whose bytes the signed one begins with; of several
            `issued_parts` with their names), for one beside `files` (name and sha256 of each).
        files: SHA-256 in hex by name, of the parts that are other files now.
    """
    content = json.loads(issued)
    content["dossier"]["sha256"] = sha256
    for part in content.get("parts", ()):
        part["sha256"] = (files or {}).get(part["name"], part["sha256"])
    content["signature"] = dict(about)
    return canonical.encode(content) + b"\n"


def signed_sums(issued: bytes, files: Mapping[str, str]) -> bytes:
    """The list of hashes with those files' hashes changed, or added behind the files it begins with."""
    left = dict(files)
    lines = []
    for line in issued.decode("utf-8").splitlines():
        _, _, name = line.partition("  ")
        if line.startswith("#"):
            lines += [f"{sha256}  {new}" for new, sha256 in left.items()]
            left.clear()
        lines.append(f"{left.pop(name)}  {name}" if name in left else line)
    lines += [f"{sha256}  {new}" for new, sha256 in left.items()]
    return "".join(f"{line}\n" for line in lines).encode()


def checker() -> bytes:
    """The program that checks a dossier without CaseKit, with Python's own library alone."""
    return resource("verify", "verify.py").read_bytes()


def drafted(out: Path) -> list[Path]:
    """The files of the draft that lies at that path, as its manifest names them and with those very bytes.

    Nothing else that lies there is known to be a draft, and only a draft may go.
    """
    try:
        told = json.loads(beside(out)[0].read_bytes())
        if told["dossier"]["draft"] is not True:
            return []
        found = {
            out.with_name(Path(one["name"]).name): one["sha256"]
            for one in [*(told.get("parts") or [told["dossier"]]), *told.get("natives_beside", ())]
        }
        return [
            path
            for path, sha256 in found.items()
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def beside(out: Path) -> tuple[Path, Path, Path]:
    """The paths of manifest, list of hashes and checking program for a dossier's path."""
    endings = (".manifest.json", ".SHA256SUMS", ".verify.py")
    manifest, listed, program = (out.with_name(out.stem + ending) for ending in endings)
    return manifest, listed, program


def _chapter(
    chapter: Chapter, chapters: Mapping[str, tuple[int, int]], produced: tuple[Produced, ...],
    parts: Sequence[Part],
) -> dict[str, Any]:  # fmt: skip
    page, pages = chapters.get(chapter.label, (0, 0))
    found: dict[str, Any] = {
        "label": chapter.label, "title": chapter.title, "kind": chapter.kind, "page": page, "pages": pages,
    }  # fmt: skip
    for no, part in enumerate(parts, 1):
        if part.first <= page <= part.last:
            found |= {"part": no, "part_page": part.places[chapter.dest]}
    items = [
        {
            "id": p.item_id, "name": p.name, "record_sha256": p.record_sha256,
            "original_sha256": p.original_sha256, "size": p.size,
            "bates": bates_text(p.prefix, p.first, p.last),
        }
        for p in produced
        if p.label == chapter.label
    ]  # fmt: skip
    return {**found, "items": items} if items else found
