"""The main job on the sample matter: a case built from the sample's folder, worked on, printed and verified."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casekit import paths
from casekit.analysis import again, identity, overlap
from casekit.analysis.usage import finding as usage
from casekit.dossier.spec import DossierSpec
from casekit.ingest import Provenance, ingest, read_supplied_hashes
from casekit.jobs import demo_facts, demo_terms
from casekit.jobs import dossier as dossier_job
from casekit.jobs.finding import make as make_finding
from casekit.jobs.verify import VerifyReport, verify
from casekit.ops import (
    coding,
    exhibits,
    matter,
    notes,
    privilege,
    searches,
    tags,
    templates,
    translations,
)
from casekit.progress import Progress
from casekit.queries import events, facts, findings, items
from casekit.queries.finding_titles import title_of
from casekit.queries.templates import Code
from casekit.search import index_pending, language, search
from casekit.store.case import SUFFIX, Case, create_case, open_case

NAME = "Aurora v. Meridian"
SUBJECT, SOURCE, CONTROL = "meridian-r1", "aurora-4", "halden-2"
LAB_NAMES = ("Aurora Labs", "Aurora")
TAGS = (
    ("hot", "hot", None), ("issue/terms of service", "accent", None), ("issue/shared wording", "accent", None),
    ("issue/coordinated traffic", "warn", "8"), ("innocent explanation", "ok", "9"),
)  # fmt: skip
COORDINATED = (  # the accounts that the sample's own README names
    "042e5f2d 06fccbe5 0df3148d 194aa072 377e4b38 4ec26351 5a4cb98a 8fb47534 9d67d46c af328c3f cd188ed4 "
    "d8226f7b e5c81ac7 f4e9e238"
)
WORDS_SHOWN = "teaspoon OR gossip"
MEANING_SHOWN = "ordinary explanation for several accounts paying with the same card"

Start = Callable[[str], Progress]
"""Begins a step of the demo, named in words, and gives the progress that it reports to."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made and where it is."""

    case: Path
    dossier: Path
    pages: int
    built: bool
    found_by_words: int
    found_by_meaning: tuple[str, ...]
    findings: tuple[str, ...]
    verified: VerifyReport


def run(folder: Path, start: Start) -> Demo:
    """Build the sample case in `folder` unless it is there, write its dossier and verify it.

    Args:
        folder: Where the case and the dossier go; made if missing.
        start: Called at each step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / (NAME + SUFFIX)
    built = not place.exists()
    if built:
        _build(place, start)
    with open_case(place) as case:
        index_pending(case, start("Indexing by word and by meaning"))
        words = search(case, WORDS_SHOWN, limit=1)
        meaning = search(case, MEANING_SHOWN, mode="meaning", limit=3)
        out = folder / f"{NAME} dossier.pdf"
        rendered = dossier_job.write(case, DossierSpec(), out, start("Writing the dossier"))
        report = verify(case, start("Verifying the case"))
        with case.read() as s:
            titles = tuple(row.title for row in items.rows(s, [hit.id for hit in meaning.hits]))
            told = tuple(again.sentence(row.kind, row.body) for row in findings.findings(s))
    return Demo(place, out, rendered.pages, built, words.total, titles, told, report)


def _build(place: Path, start: Start) -> None:
    """Build under another name first, so that a demo cut short leaves no half case in its place."""
    building = place.with_name(f".building{SUFFIX}")
    if building.exists():
        shutil.rmtree(building)
    sample = paths.resource("sample")
    collection = json.loads((sample / "collection.json").read_text("utf-8"))
    with create_case(building, NAME) as case:
        _describe(case, collection["matter"])
        for source, provenance in _sources(sample, collection):
            ingest(
                case,
                [source],
                start(f"Importing {source.relative_to(sample)}"),
                provenance=provenance,
            )
        index_pending(case, start("Indexing by word and by meaning"))
        _work(case, start("Tagging and marking exhibits"))
        _compute(case, start)
    building.rename(place)


def _describe(case: Case, about: Mapping[str, Any]) -> None:
    values = {
        "court": about["court"],
        "number": about["number"],
        "judge": about["judge"].removeprefix("Hon. "),
        "title": "Evidence dossier",
        "offered_by": "Plaintiff",
        "bates_prefix": "AUR",
        "designation": "CONFIDENTIAL",
        "counsel": about["counsel"]["plaintiff"],
    }
    with case.write() as s:
        matter.set_matter(s, values)
        for side in ("plaintiff", "defendant"):
            counsel = about["counsel"][side]
            matter.add_party(s, about[side], side, short=about[side].split()[0], counsel=counsel)


def _sources(sample: Path, collection: Mapping[str, Any]) -> Iterator[tuple[Path, Provenance]]:
    """What is imported, and what the sample's own record says of where it came from."""
    names = ("custodian", "received_from", "received_at", "medium", "collected_by", "collection_tool",
             "authority")  # fmt: skip
    supplied = read_supplied_hashes(sample / "supplied-hashes.csv")
    for folder in collection["folders"]:
        known = {name: folder.get(name) or "" for name in names}
        for each in folder.get("files") or [folder]:
            role, model = each.get("role") or folder.get("role") or "", each.get("model") or ""
            yield (
                sample / each["path"],
                Provenance(**known, role=role, model=model, supplied=supplied),
            )


def _work(case: Case, progress: Progress) -> None:
    """What a reviewer would do first: tags, the privileged thread, saved searches, exhibits, facts."""
    steps = [
        _tag, _code, _withhold, _save, _mark, _translate, demo_facts.state, _mark_cited, _terms,
    ]  # fmt: skip
    for done, step in enumerate(steps):
        progress.step(done, len(steps), "")
        step(case)


def _terms(case: Case) -> None:
    demo_terms.enter(case, [f"acct_{name}" for name in COORDINATED.split()])


def _tag(case: Case) -> None:
    with case.write() as s:
        for name, colour, key in TAGS:
            tags.make_tag(s, name, colour=colour, key=key)
    for query, name in (
        ("kind:mail (terms OR clause)", "issue/terms of service"),
        (f"({WORDS_SHOWN}) model:({SUBJECT} OR {SOURCE})", "issue/shared wording"),
        ("kind:mail (seminar OR reseller OR vendor)", "innocent explanation"),
        ('kind:mail "false positive"', "hot"),
        (
            f"account:({_any('acct_' + name for name in COORDINATED.split())})",
            "issue/coordinated traffic",
        ),
    ):
        ids = _ids(case, query)
        with case.write() as s:
            tags.add_tag(s, ids, name)


def _code(case: Case) -> None:
    """The usual templates; the mails are coded, but for those of one custodian, which are left to try on."""
    with case.write() as s:
        templates.take_usual(s)
    for query, value in (
        ("kind:mail subject:canteen", "no"),
        ('kind:mail -subject:canteen -custodian:"Lin Yuan"', "yes"),
    ):
        ids = _ids(case, query)
        with case.write() as s:
            coding.code(s, ids, [Code("responsive", value)])


def _any(values: Iterable[str]) -> str:
    return " OR ".join(values)


def _withhold(case: Case) -> None:
    ids = _ids(case, "subject:privileged kind:mail")
    with case.write() as s:
        privilege.assert_privilege(
            s, ids, "attorney-client", note="Legal advice of outside counsel"
        )
    decided = _ids(case, "privilege:undecided")
    with case.write() as s:
        privilege.clear_items(s, decided)


def _save(case: Case) -> None:
    with case.write() as s:
        searches.save_search(s, "Says who made it", '"who made you" OR "made by"')
        searches.save_search(s, "Letters and answers", "kind:mail has:attachment")
        searches.save_search(s, "Coordinated traffic", 'tag:"issue/coordinated traffic"')


def _mark(case: Case) -> None:
    """One exhibit of each kind, and the pairs that the finding shows."""
    wanted = (
        ("A", f"model:{SUBJECT} in:outputs prompt:(sky blue)"),
        ("B", f"model:{SOURCE} in:outputs prompt:(sky blue)"),
        ("A", f"model:{SUBJECT} in:outputs prompt:inflation"),
        ("B", f"model:{SOURCE} in:outputs prompt:inflation"),
        ("A", f'model:{SUBJECT} in:outputs prompt:"who made you"'),
        ("C", "in:api-log prompt:(sky blue)"),
        ("D", 'kind:mail subject:"false positive"'),
        ("D", "kind:mail has:attachment subject:letter"),
        ("D", "kind:mail 云桥"),
        ("E", "kind:document in:documents type:pdf"),
        ("E", "kind:document in:documents type:word"),
        ("E", "kind:image in:documents"),
    )
    for series, query in wanted:
        ids = _ids(case, f"({query}) privileged:no -has:exhibit")
        if ids:
            with case.write() as s:
                exhibits.mark_exhibit(s, ids[0], exhibits.next_label(s, series))
    shown = _ids(case, "exhibit:A-1")
    with case.write() as s:
        notes.add_note(
            s, shown[0], "Compare with B-1: the comparison to small-town gossip stands in both."
        )


def _mark_cited(case: Case) -> None:
    """What facts and events rest on, as exhibits of the correspondence: a reader can turn to each of them.

    What is in Chinese and has no translation stays out, as the court wants one.
    """
    with case.read() as s:
        cited = {c.item.id for fact in facts.facts(s) for c in fact.cites if c.item is not None}
        cited |= {event.item_id for event in events.events(s) if event.item_id is not None}
    for item_id in _ids(case, "privileged:no -has:exhibit -language:zh"):
        if item_id in cited:
            with case.write() as s:
                exhibits.mark_exhibit(s, item_id, exhibits.next_label(s, "D"))


def _translate(case: Case) -> None:
    """The reseller's letter, an exhibit in Chinese, with its translation and who vouches for it."""
    letter, translated = _ids(case, "exhibit:D-2"), _ids(case, "name:translation-yunqiao*")
    with case.write() as s:
        translations.pair_translation(
            s, letter[0], translated[0], made="human", translator="Grace Holloway", dated="2026-03-06",
            certificate="I am fluent in Chinese and English. This is a true and complete translation of "
            "the mail of 19 January 2026, made by me for this proceeding.",
        )  # fmt: skip


def _compute(case: Case, start: Start) -> None:
    """What the models share, what the subject calls itself, and how the log's accounts were used."""
    make_finding(
        case, "overlap", title_of("overlap", subject=SUBJECT, source=SOURCE),
        lambda s, told: overlap.compare(
            s, subject=SUBJECT, source=SOURCE, controls=[CONTROL], progress=told
        ), start("Comparing the models' wording"),
    )  # fmt: skip
    make_finding(
        case, "identity", title_of("identity", subject=SUBJECT, lab="Aurora Labs"),
        lambda s, told: identity.compare(
            s, subject=SUBJECT, lab="Aurora Labs", names=LAB_NAMES, controls=[CONTROL], progress=told
        ), start("Looking for the lab's name"),
    )  # fmt: skip
    make_finding(
        case, "usage", title_of("usage"),
        lambda _, told: usage.compare(case, subject=SUBJECT, models=[CONTROL], progress=told),
        start("Looking at the use of the API"),
    )  # fmt: skip


def _ids(case: Case, query: str) -> list[int]:
    with case.read() as s:
        return [int(i) for i in items.item_ids(s, language.parse(query), order="date")]
