from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid, Pair, Prose, Remark
from casekit.dossier.spec import DossierSpec
from casekit.ops import findings
from casekit.store.case import Case
from tests.dossier.builders import ANSWER, OTHER, PROMPT, Builder, answer, finding_body


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
