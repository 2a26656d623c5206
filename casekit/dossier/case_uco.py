"""Provenance of what is handed over in the words of CASE and UCO, as JSON-LD that other forensic tools read.

Source: CASE 1.x (caseontology.org) and UCO 1.x (unifiedcyberontology.org). Every exhibit, or document of a
volume, is a `ProvenanceRecord` over its files with their hashes, every printable custody entry an
`InvestigativeAction` with its performer, instrument and results.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekit.dossier.sections.common import bates_text
from casekit.dossier.sheet import DossierPlan, Produced
from casekit.queries.custody import CustodyRow

CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "kb": "http://example.org/kb/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What is handed over, without names and hashes that would tell what is withheld.

    Attributes:
        case: Its UUID.
        version: Of CaseKit.
        name, about: Of the matter, and of the dossier or volume.
        files: Each with the label of the exhibit, or the Bates number of the document, that it belongs to.
        titles: By label.
    """

    case: str
    version: str
    name: str
    about: str
    files: Sequence[Produced]
    titles: Mapping[str, str]


def told_by(plan: DossierPlan) -> Told:
    """What a planned dossier hands over."""
    titles = {chapter.label: chapter.title for chapter in plan.exhibits}
    return Told(plan.case, plan.version, plan.head[0], plan.title, plan.produced, titles)


def graph(told: Told, entries: Sequence[CustodyRow], touched: Mapping[int, Sequence[int]]) -> bytes:
    """The graph as JSON with sorted keys: equal input gives equal bytes.

    Args:
        told: What is handed over.
        entries: The printable custody entries.
        touched: By the number of an entry, the items of them that it received, read or verified.
    """
    ids = _Ids(told.case)
    nodes = list(_nodes(told, entries, touched, ids))
    named = [{"@id": node["@id"]} for node in nodes]
    whole: Node = {
        "@id": ids("investigation", told.case), "@type": "case-investigation:Investigation",
        "uco-core:name": told.name, "uco-core:description": told.about, "uco-core:object": named,
    }  # fmt: skip
    text = json.dumps(
        {"@context": CONTEXT, "@graph": [whole, *nodes]},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )
    return text.encode("utf-8", "backslashreplace") + b"\n"


class _Ids:
    """Names of nodes: the same for the same thing of the same case, and no other's."""

    def __init__(self, case_uuid: str) -> None:
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"casekit:{case_uuid}")

    def __call__(self, kind: str, name: object) -> str:
        return f"kb:{kind}-{uuid.uuid5(self._space, f'{kind}/{name}')}"


def _nodes(
    told: Told, entries: Sequence[CustodyRow], touched: Mapping[int, Sequence[int]], ids: _Ids
) -> Iterator[Node]:  # fmt: skip
    yield {
        "@id": ids("tool", told.version), "@type": "uco-tool:Tool", "uco-core:name": "CaseKit",
        "uco-tool:version": told.version,
    }  # fmt: skip
    for actor in sorted({entry.actor for entry in entries}):
        yield {"@id": ids("actor", actor), "@type": "uco-identity:Identity", "uco-core:name": actor}
    by_label: dict[str, list[Produced]] = {}
    for one in told.files:
        by_label.setdefault(one.label, []).append(one)
    for sha256 in dict.fromkeys(one.original_sha256 for one in told.files if one.original_sha256):
        yield _file(ids("original", sha256), "", sha256, None, "")
    for one in told.files:
        size = one.size if one.record_sha256 else None
        yield _file(ids("item", one.item_id), one.name, one.record_sha256, size, one.media_type)
        if one.original_sha256 and one.original_sha256 != one.record_sha256:
            yield _within(one, ids)
    for label, found in by_label.items():
        yield _record(label, told.titles.get(label, ""), found, ids)
    labels = {one.item_id: one.label for one in told.files}
    for entry in entries:
        results = dict.fromkeys(labels[i] for i in touched.get(entry.seq, ()) if i in labels)
        yield _action(entry, list(results), told.version, ids)


def _file(node: str, name: str, sha256: str, size: int | None, media_type: str) -> Node:
    """A file; its hash is left out where it would let be guessed what is redacted."""
    content: Node = {"@id": f"{node}-content", "@type": "uco-observable:ContentDataFacet"}
    if sha256:
        content["uco-observable:hash"] = [{
            "@id": f"{node}-hash", "@type": "uco-types:Hash",
            "uco-types:hashMethod": {"@type": "uco-vocabulary:HashNameVocab", "@value": "SHA256"},
            "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
        }]  # fmt: skip
    if media_type:
        content["uco-observable:mimeType"] = media_type
    if size is not None:
        content["uco-observable:sizeInBytes"] = {"@type": "xsd:integer", "@value": str(size)}
    facets = [content]
    if name:
        about: Node = {
            "@id": f"{node}-file", "@type": "uco-observable:FileFacet", "uco-observable:fileName": name,
        }  # fmt: skip
        facets.append(about)
    return {"@id": node, "@type": "uco-observable:File", "uco-core:hasFacet": facets}


def _within(one: Produced, ids: _Ids) -> Node:
    return {
        "@id": ids("within", one.item_id), "@type": "uco-observable:ObservableRelationship",
        "uco-core:source": {"@id": ids("item", one.item_id)},
        "uco-core:target": {"@id": ids("original", one.original_sha256)},
        "uco-core:kindOfRelationship": "Contained_Within",
        "uco-core:isDirectional": {"@type": "xsd:boolean", "@value": "true"},
    }  # fmt: skip


def _record(label: str, title: str, found: Sequence[Produced], ids: _Ids) -> Node:
    numbers = "; ".join(t for p in found if (t := bates_text(p.prefix, p.first, p.last)))
    about = f"{title} ({numbers})" if numbers else title
    files = [ids("item", p.item_id) for p in found]
    files += list(
        dict.fromkeys(ids("original", p.original_sha256) for p in found if p.original_sha256)
    )
    return {
        "@id": ids("exhibit", label), "@type": "case-investigation:ProvenanceRecord",
        "case-investigation:exhibitNumber": label, "uco-core:description": about,
        "uco-core:object": [{"@id": each} for each in files],
    }  # fmt: skip


def _action(entry: CustodyRow, labels: Sequence[str], version: str, ids: _Ids) -> Node:
    at = {"@type": "xsd:dateTime", "@value": entry.at}
    made: Node = {
        "@id": ids("action", entry.seq), "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": entry.op,
        "uco-core:description": f"Custody entry {entry.seq}: {entry.label}. RFC 6962 leaf hash {entry.hash}.",
        "uco-action:startTime": at, "uco-action:endTime": at,
        "uco-action:performer": {"@id": ids("actor", entry.actor)},
        "uco-action:instrument": [{"@id": ids("tool", version)}],
    }  # fmt: skip
    if labels:
        made["uco-action:result"] = [{"@id": ids("exhibit", label)} for label in labels]
    return made
