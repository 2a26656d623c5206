import json
from typing import Any

from casekit.dossier.case_uco import CONTEXT, graph, told_by
from casekit.dossier.plan import plan
from casekit.dossier.spec import DossierSpec
from casekit.queries import custody
from tests.dossier.conftest import Matter

REQUIRED = {
    "case-investigation:Investigation": {"uco-core:name", "uco-core:object"},
    "case-investigation:InvestigativeAction": {
        "uco-core:name", "uco-action:startTime", "uco-action:endTime", "uco-action:performer",
        "uco-action:instrument",
    },
    "case-investigation:ProvenanceRecord": {"case-investigation:exhibitNumber", "uco-core:object"},
    "uco-identity:Identity": {"uco-core:name"},
    "uco-observable:ContentDataFacet": set(),
    "uco-observable:File": {"uco-core:hasFacet"},
    "uco-observable:FileFacet": {"uco-observable:fileName"},
    "uco-observable:ObservableRelationship": {
        "uco-core:source", "uco-core:target", "uco-core:kindOfRelationship", "uco-core:isDirectional",
    },
    "uco-tool:Tool": {"uco-core:name", "uco-tool:version"},
    "uco-types:Hash": {"uco-types:hashMethod", "uco-types:hashValue"},
}  # fmt: skip
"""What each class must have: UCO's shapes ask for a hash's method and value and a relationship's four
properties at least; the rest is what a reader of provenance needs."""


def made(matter: Matter) -> bytes:
    with matter.case.read() as s:
        decided = plan(s, DossierSpec(sections=("exhibits",), findings=()))
        entries = custody.entries(s, act_class="custody")
    touched = {entries[-1].seq: [one.item_id for one in decided.produced]}
    return graph(told_by(decided), entries, touched)


def nodes_in(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for each in value for node in nodes_in(each)]
    if isinstance(value, dict):
        own = [value] if "@type" in value and "@value" not in value else []
        return own + [node for each in value.values() for node in nodes_in(each)]
    return []


def test_every_node_has_what_its_class_must_and_every_reference_an_end(dossier: Matter) -> None:
    whole = json.loads(made(dossier))
    nodes = nodes_in(whole["@graph"])
    assert {node["@type"] for node in nodes} == set(REQUIRED)
    for node in nodes:
        assert REQUIRED[node["@type"]] <= node.keys(), node
        for key in node:
            assert key.startswith("@") or key.partition(":")[0] in CONTEXT
    known = [node["@id"] for node in nodes]
    assert len(known) == len(set(known))
    references = [
        each["@id"]
        for node in nodes
        for value in node.values()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, dict) and set(each) == {"@id"}
    ]
    assert references
    assert set(references) <= set(known)


def test_an_exhibit_names_its_files_with_hashes_and_the_act_that_received_it(
    dossier: Matter,
) -> None:
    nodes = {node["@id"]: node for node in nodes_in(json.loads(made(dossier))["@graph"])}
    record = next(n for n in nodes.values() if n.get("case-investigation:exhibitNumber") == "D-2")
    item = nodes[record["uco-core:object"][0]["@id"]]
    content = next(f for f in item["uco-core:hasFacet"] if f["@type"].endswith("ContentDataFacet"))
    produced = next(one for one in dossier.plan.produced if one.label == "D-2")
    (value,) = (h["uco-types:hashValue"] for h in content["uco-observable:hash"])
    assert value == {"@type": "xsd:hexBinary", "@value": produced.record_sha256}
    assert content["uco-observable:sizeInBytes"]["@value"] == str(produced.size)
    results = [each["@id"] for node in nodes.values() for each in node.get("uco-action:result", ())]
    assert record["@id"] in results


def test_what_is_withheld_is_no_part_of_it_and_equal_plans_are_equal_bytes(dossier: Matter) -> None:
    first = made(dossier)
    assert b"SECRET" not in first
    assert b'"C-2"' not in first
    assert first == made(dossier)
