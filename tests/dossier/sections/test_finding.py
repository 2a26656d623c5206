from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit.dossier import sheet
from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.sheet import Facts, Grid, Pair, Profile, Prose, Remark
from casekit.dossier.spec import DossierSpec
from casekit.ops import findings, privilege, redactions
from casekit.store.case import Case, create_case
from tests import verapdf
from tests.dossier import usage_body
from tests.dossier.builders import ANSWER, OTHER, PROMPT, Builder, answer, finding_body
from tests.dossier.finding_bodies import bodies


def filed(case: Case, built: Builder) -> None:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    built.exhibit(left, "A-17")
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", finding_body(left, right))


def test_a_finding_is_printed_with_controls_limits_and_innocent_explanations(
    case: Case, built: Builder
) -> None:
    filed(case, built)
    with case.read() as s:
        chapter = plan(s).findings[0]
    assert (chapter.label, chapter.kind, chapter.stamp) == ("F-1", "finding", "FINDING")
    grids = {b.heading: b for b in chapter.blocks if isinstance(b, Grid)}
    assert [c.title for c in grids["CONTROL MODELS"].columns] == [
        "Model",
        "Prompts",
        "Prompts with a shared run",
        "Share",
    ]
    assert grids["CONTROL MODELS"].rows[0] == ("control-1", "805", "1", "0.1 %")
    tables = {b.heading: b for b in chapter.blocks if isinstance(b, Facts)}
    assert tables["RESULT"].rows[0].value == "214"
    assert tables["LIMITATIONS"].rows[0].value == "The number of controls bounds the error rate."
    assert "INNOCENT EXPLANATIONS THAT REMAIN" in tables
    sentence = next(b for b in chapter.blocks if isinstance(b, Remark)).text
    assert sentence.startswith("On 214 of 805 prompts")
    assert "45.1 %" in sentence


def test_a_pair_is_an_exhibit_with_numbered_runs_and_a_link_to_what_is_printed_whole(
    case: Case, built: Builder
) -> None:
    filed(case, built)
    with case.read() as s:
        chapter = plan(s).findings[1]
    assert (chapter.label, chapter.over) == ("S-1", "Similarity exhibit S-1")
    assert chapter.title == f"Exhibit A-17 and Aurora-4 on “{PROMPT}”"
    pair = next(b for b in chapter.blocks if isinstance(b, Pair))
    assert (pair.left.title, pair.left.dest) == ("Meridian-R1 · Exhibit A-17", "EX-A-17")
    assert pair.right.detail == "item 2 of the case"
    marked = [pair.left.text[m.start : m.stop] for m in pair.left.marks]
    assert marked == [pair.right.text[m.start : m.stop] for m in pair.right.marks]
    runs = next(b for b in chapter.blocks if isinstance(b, Grid))
    assert runs.rows[0] == ("[1]", "13", "none", "0 of 40", "7.2 %")
    prompt = next(b for b in chapter.blocks if isinstance(b, Prose))
    assert (prompt.text, prompt.numbered) == (PROMPT, False)


def test_no_more_pairs_than_the_spec_wants(case: Case, built: Builder) -> None:
    filed(case, built)
    with case.read() as s:
        assert [c.label for c in plan(s, DossierSpec(pairs=0)).findings] == ["F-1"]


def test_a_finding_of_another_kind_is_printed_with_what_it_has(case: Case) -> None:
    with case.write() as s:
        findings.add_finding(
            s, "identity", "Something else", {"result": {"rank": 3}, "limitations": [{"a": 1}]}
        )
    with case.read() as s:
        chapter = plan(s).findings[0]
    texts = [b.text for b in chapter.blocks if isinstance(b, Remark)]
    assert any("no error rate can be given" in text for text in texts)
    tables = {b.heading: b for b in chapter.blocks if isinstance(b, Facts)}
    assert [(f.label, f.value) for f in tables["RESULT"].rows] == [("rank", "3")]
    assert tables["LIMITATIONS"].rows[0].value == '{"a":1}'


def test_a_lineage_is_printed_with_its_own_sentence_and_tables(case: Case) -> None:
    body = {
        "question": {"h1": "S was trained on answers of T.", "h0": "S was trained without answers of T."},
        "sentence": "The habits of the answers are 7.0 times as likely.",
        "result": {
            "auc": 0.971, "log10_lr": 0.8451, "interval": [0.5, 0.8451], "refused": None,
            "false_positive_upper_bound": 0.393, "p": 0.1429, "p_floor": 0.1429,
            "rates": [{"lr_above": 3, "students": "22 of 26"}],
        },
        "controls": [{"model": "guanaco-7b", "family": "guanaco", "log10_lr": 0.183}],
        "students": [{"model": "vicuna-7b", "family": "vicuna", "log10_lr": 0.8451}],
        "parameters": {"habits": ["layout", "openings"], "subject": None},
    }  # fmt: skip
    with case.write() as s:
        findings.add_finding(s, "lineage", "Lineage of S", body)
    with case.read() as s:
        blocks = plan(s).findings[0].blocks
    assert next(b for b in blocks if isinstance(b, Remark)).text == body["sentence"]
    grids = {b.heading: b for b in blocks if isinstance(b, Grid)}
    assert grids["CONTROL MODELS"].rows == (("guanaco-7b", "guanaco", "0.183"),)
    assert grids["HOW OFTEN A RATIO IS EXCEEDED"].rows == (("3", "22 of 26"),)
    assert (
        grids["MODELS KNOWN TO HAVE BEEN TRAINED ON THE SOURCE’S ANSWERS"].rows[0][0] == "vicuna-7b"
    )
    tables = {b.heading: b for b in blocks if isinstance(b, Facts)}
    facts = {row.label: row.value for row in tables["RESULT"].rows}
    assert facts == {
        "log10 of the likelihood ratio": "0.8451",
        "95 % interval of the log10 LR": "[0.50, 0.85]",
        "AUC": "0.971",
        "p (conformal, over families of models)": "0.1429",
        "Smallest p these families allow": "0.1429",
        "Rate of such errors, 95 % upper bound": "39.3 %",
    }
    assert tables["HOW IT WAS COMPUTED"].rows[0].value == "habits layout, openings"


def test_the_p_of_an_exposure_is_not_called_conformal(case: Case) -> None:
    body = {"result": {"p": 0.001, "p_floor": 0.0001, "difference": 0.1}}
    with case.write() as s:
        findings.add_finding(s, "exposure", "Exposure of S", body)
    with case.read() as s:
        blocks = plan(s).findings[0].blocks
    (table,) = (b for b in blocks if isinstance(b, Facts) and b.heading == "RESULT")
    assert {row.label: row.value for row in table.rows} == {
        "p (permutation within strata, one-sided)": "0.001",
        "Smallest p these permutations allow": "0.0001",
        "Difference of the arms, share of words": "0.1",
    }


def test_a_pair_without_a_prompt_is_named_by_its_sides(case: Case, built: Builder) -> None:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    body = finding_body(left, right)
    pairs = [
        {key: value for key, value in pair.items() if key != "prompt"} for pair in body["pairs"]
    ]
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", {**body, "pairs": pairs})
    with case.read() as s:
        assert plan(s).findings[1].title == "Meridian-R1 and Aurora-4, answers to the same prompt"


def kept(case: Case, items: tuple[int, int] = (1, 2)) -> dict[str, int]:
    """A finding of every kind, with its number by its kind."""
    with case.write() as s:
        return {
            kind: findings.add_finding(s, kind.replace("refused", "lineage"), f"Of {kind}", body)[0]
            for kind, body in bodies(items).items()
        }


def test_every_kind_of_finding_prints_how_it_was_made_and_how_to_make_it_again(case: Case) -> None:
    numbers = kept(case)
    with case.read() as s:
        chapters = {c.label: c for c in plan(s).findings}
    for kind, number in numbers.items():
        made = chapters[f"F-{number}"].blocks
        facts = {row.label: row.value for b in made if isinstance(b, Facts) for row in b.rows}
        again = f"casekit finding rerun CASE {number}"
        if kind == "own":
            again = "Not by CaseKit: another program computed the scores."
        assert facts["Computed again by"] == again
        if kind not in ("unheard-of", "refused"):
            headings = {b.heading for b in made if isinstance(b, Facts | Grid)}
            assert {"LIMITATIONS", "INNOCENT EXPLANATIONS THAT REMAIN", "LEFT OUT, AND WHY",
                    "WHAT WAS COMPARED"} <= headings  # fmt: skip
    identity = chapters[f"F-{numbers['identity']}"].blocks
    facts = {row.label: row.value for b in identity if isinstance(b, Facts) for row in b.rows}
    assert facts["95 % interval of the share, over templates"] == "0.0 % – 10.0 %"


def test_an_expert_s_own_method_is_printed_whole(case: Case) -> None:
    body = {**bodies()["own"], "program": "def compare(answers, controls, seed):\n    return {}\n"}
    with case.write() as s:
        findings.add_finding(s, "own", "Own", body)
    with case.read() as s:
        made = plan(s).findings[0].blocks
    (program,) = (b for b in made if isinstance(b, Prose))
    assert program.text == body["program"]
    facts = {row.label: row.value for b in made if isinstance(b, Facts) for row in b.rows}
    assert facts["Computed again by"] == "casekit finding rerun CASE 1 --method FILE"


def claims(case: Case, spec: DossierSpec | None = None) -> list[tuple[str, ...]]:
    with case.read() as s:
        made = plan(s, spec).findings[0].blocks
    grids = (b for b in made if isinstance(b, Grid) and b.heading.startswith("PASSAGES"))
    return [row for grid in grids for row in grid.rows]


def test_passages_are_quoted_with_where_they_stand_and_through_every_gate(
    case: Case, built: Builder
) -> None:
    ids = built.add("a.jsonl", answer("q1", "I am Aurora", "m"), answer("q2", "I am Aurora", "m"))
    built.exhibit(ids[0], "A-1")
    with case.write() as s:
        findings.add_finding(s, "identity", "Names", bodies((ids[0], ids[1]))["identity"])
    around = "… I am Aurora, made by Aurora Labs …"
    first = ("meridian-r1", "Exhibit A-1", "I am Aurora", around)
    assert claims(case) == [
        first,
        ("meridian-r1", f"item {ids[1]} of the case", "I am Aurora", around),
    ]
    assert claims(case, DossierSpec(pairs=1)) == [first]
    with case.write() as s:
        privilege.assert_privilege(s, [ids[1]], "attorney-client")
    assert claims(case) == [first]
    with case.write() as s:
        redactions.redact(s, [(ids[0], "prompt", 0, 2)], "privacy")
    assert claims(case) == []


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Builder, Path]]:
    """A case with a finding of every kind, and a folder."""
    folder = tmp_path_factory.mktemp("every")
    with create_case(folder / "Every", "Aurora v. Meridian") as case:
        made = Builder(case, folder)
        ids = made.add("a.jsonl", answer("q1", "I am Aurora", "m"), answer("q2", "Aurora", "m"))
        kept(case, (ids[0], ids[1]))
        with case.write() as s:
            body = usage_body.body([f"账户-{'x' * 90}-{n}" for n in range(60)])
            findings.add_finding(s, "usage", "Usage", body)
        yield case, made, folder


@pytest.mark.parametrize("profile", ["filing", "archive", "accessible"])
def test_every_kind_passes_preflight_and_is_the_same_bytes_twice(
    every: tuple[Case, Builder, Path], profile: Profile
) -> None:
    case, built, folder = every
    with case.read() as s:
        decided = plan(s, DossierSpec(profile=profile, exhibits=()))
    first = render(decided, built.originals, folder / f"{profile}-1.pdf")
    again = render(sheet.decode(decided.encoded()), built.originals, folder / f"{profile}-2.pdf")
    assert first.path.read_bytes() == again.path.read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "veraPDF is there")
@pytest.mark.parametrize(
    ("profile", "flavour"),
    [("filing", "2u"), ("archive", "3u"), ("accessible", "2a"), ("accessible", "ua1")],
)
def test_every_kind_is_within_pdf_a_and_can_be_heard(
    every: tuple[Case, Builder, Path], profile: Profile, flavour: str
) -> None:
    case, built, folder = every
    with case.read() as s:
        decided = plan(s, DossierSpec(profile=profile, exhibits=()))
    made = render(decided, built.originals, folder / f"{flavour}.pdf")
    assert verapdf.failures(made.path, flavour) == {}
