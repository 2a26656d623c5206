"""Marking a file of answers with canaries: a new file, of which the case's log keeps the hashes."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from casekit.analysis.canaries import Canary, canaries
from casekit.errors import CaseKitError
from casekit.ops import canaries as ops
from casekit.progress import Progress, Silent
from casekit.queries import canaries as queries

if TYPE_CHECKING:
    from casekit.store.case import Case

_SENTENCE_END = re.compile(r"[.!?]\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """What was written: answers in all, those that carry a canary, SHA-256 (hex) of the new file."""

    answers: int
    marked: int
    sha256: str


def embed(
    case: Case, name: str, source: Path, target: Path, *, field: str = "output", every: int = 1_000,
    progress: Progress | None = None,
) -> Marked:  # fmt: skip
    """Write a copy of a JSONL file of answers, in which about one in `every` carries a served canary.

    Which answers those are follows from the set's key and the answer itself, so that the same file gives the
    same copy. The original is not touched; the case keeps which canary went into which line.

    Raises:
        CaseKitError: There is no such set, a line is no object with text in that field, no answer was
            drawn, or the new file exists.
    """
    progress = progress or Silent()
    with case.read() as s:
        chosen = queries.get(s, name)
    served = [one for one in canaries(chosen) if one.served]
    if target.exists():
        raise CaseKitError("{path} exists already: choose another name.", path=str(target))
    temporary = target.with_name(target.name + ".part")
    before, after = hashlib.sha256(), hashlib.sha256()
    number, places = 0, []
    try:
        with source.open("rb") as lines, temporary.open("wb") as out:
            for number, (line, record) in enumerate(_records(lines, source, field), start=1):
                before.update(line)
                drawn = (
                    _drawn(chosen.key, str(record[field]), every, len(served)) if record else None
                )
                if drawn is not None:
                    canary = served[drawn]
                    record[field] = put_in(str(record[field]), canary)
                    places.append({"line": number, "canary": canary.no})
                    line = orjson.dumps(record) + b"\n"
                after.update(line)
                out.write(line)
                if number % 1_000 == 0:
                    progress.step(number, None, f"{number:,} answers")
        if not places:
            raise CaseKitError(
                "None of the {n} answers was drawn to carry a canary: mark one answer in fewer.",
                n=number,
            )
        told = {
            "file": source.name, "sha256_before": before.hexdigest(), "sha256_after": after.hexdigest(),
            "field": field, "every": every, "answers": number, "places": places,
        }  # fmt: skip
        with case.write() as s:
            ops.record_marking(s, name, told)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return Marked(number, len(places), after.hexdigest())


def put_in(text: str, canary: Canary) -> str:
    """An answer with a canary's sentence after its first sentence, or at its end."""
    found = _SENTENCE_END.search(text)
    if found is None:
        return f"{text.rstrip()} {canary.sentence}" if text.strip() else canary.sentence
    return f"{text[: found.end()]}{canary.sentence} {text[found.end() :]}"


def _records(lines: Any, source: Path, field: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Each line with its record; an empty line has none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            yield line, {}
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None
        if not isinstance(record, dict) or not isinstance(record.get(field), str):
            raise CaseKitError(
                "Line {line} of {name} is no JSON object with text in its field “{field}”.",
                line=number,
                name=source.name,
                field=field,
            )
        yield line, record


def _drawn(key: bytes, text: str, every: int, count: int) -> int | None:
    """Which canary an answer carries, if any: one answer in `every`, by the key and its own words."""
    digest = hmac.new(
        key, b"embed " + text.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).digest()
    if int.from_bytes(digest[:8], "big") % every:
        return None
    return int.from_bytes(digest[8:16], "big") % count
