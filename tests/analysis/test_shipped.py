from __future__ import annotations

import hashlib
import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from casekit import paths
from casekit.analysis import habits, lineage, population, shipped
from casekit.errors import CaseKitError
from casekit.store.case import Case, create_case
from tests.analysis import worlds
from tests.builders import file_items, make_exchange

HABITS = {"openings": habits.openings}
MODELS = ("a", "b")
TEXTS = {"Why?": ("The sky. A zanzibarquokka sits.", "The sky."), "How?": ("Go on. Do it.", "")}


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def packed() -> bytes:
    answers: dict[str, dict[bytes, str]] = {
        m: {sha(p): texts[k] for p, texts in TEXTS.items() if texts[k]}
        for k, m in enumerate(MODELS)
    }
    return shipped.pack(
        MODELS, [sha(p) for p in TEXTS], answers, HABITS, {sha(p): p for p in TEXTS}
    )


def test_what_is_packed_has_the_features_and_no_words() -> None:
    made = packed()
    assert b"quokka" not in lzma.decompress(made)
    assert made == packed()
    found = shipped.unpack(made, ())
    read = shipped.reading("openings", habits.openings, sha("Why?"))
    mine, other = found.answers("a"), found.answers("b")
    assert read(mine[sha("Why?")].output) == read("The sky. A zanzibarquokka sits.")
    assert read(other[sha("Why?")].output) == read("The sky.") < read(mine[sha("Why?")].output)
    assert list(other) == [sha("Why?")]  # it did not answer the other prompt
    assert found.answers("nobody") == {}
    other_prompt = shipped.reading("openings", habits.openings, sha("How?"))
    assert other_prompt("The sky.") != read("The sky.")  # a hash says nothing at another prompt


def test_what_comes_with_casekit_is_small_and_says_where_it_is_from() -> None:
    folder = paths.resource("population")
    told = json.loads((folder / "PROVENANCE.json").read_text("utf-8"))
    data = (folder / "habits.bin").read_bytes()
    assert len(data) < 3_000_000
    assert hashlib.sha256(data).hexdigest() == told["habits_bin_sha256"]
    members = population.read(folder / "population.csv")
    assert {m.model for m in members} == set(told["files_sha256_uncompressed"])
    assert len(members) == told["models"] == 59
    assert {"gpt-3.5-turbo-0301", "claude"} <= set(shipped.originals())
    assert "vicuna-7b" not in shipped.originals()


def test_a_finding_made_with_another_population_is_not_made_again() -> None:
    assert shipped.same(None) is None
    with pytest.raises(CaseKitError, match="another reference population"):
        shipped.same("00" * 32)


@pytest.mark.corpus
def test_the_subjects_answers_alone_give_the_result_that_all_texts_give(
    corpus: Path, public: Case, tmp_path: Path
) -> None:
    """A student alone in a case, against all 59 models' texts (corpus)."""
    members = population.read(corpus / "model_outputs" / "lineage.csv")
    for subject in ("vicuna-13b-v1.5",):
        (tmp_path / subject).mkdir()
        (tmp_path / subject / f"{subject}.json.gz").write_bytes(
            (corpus / "model_outputs" / f"{subject}.json.gz").read_bytes()
        )
        asked: dict[str, Any] = {
            "subject": subject,
            "sources": ["gpt-3.5-turbo-0301"],
            "members": members,
        }
        with create_case(tmp_path / subject / "Alone", "M") as alone:
            worlds.answered(alone, tmp_path / subject, tmp_path)
            with alone.read() as s:
                ours = lineage.compare(s, **asked, reference=shipped.load())
                with pytest.raises(CaseKitError, match="no answers"):
                    lineage.compare(s, **asked)
        with public.read() as s:
            texts = lineage.compare(s, **asked)
        assert ours["result"] == texts["result"]
        assert ours["result"]["refused"] is None
        assert (ours["controls"], ours["students"]) == (texts["controls"], texts["students"])
        assert ours["parameters"]["reference"] == shipped.load().sha256


def test_other_prompts_than_the_public_ones_are_refused(case: Case, tmp_path: Path) -> None:
    file_items(
        case, [make_exchange(f"Own {n}?", "Yes. It is so.", "s") for n in range(120)], tmp_path
    )
    reference = shipped.load()
    with case.read() as s:
        body = lineage.compare(
            s,
            subject="s",
            sources=["gpt-3.5-turbo-0301"],
            members=reference.members,
            reference=reference,
        )
    assert "only 0 prompts" in body["result"]["refused"]
