from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekit.analysis import lineage, lineage_run, population
from casekit.analysis.calibration import Trials, cap_of
from casekit.errors import CaseKitError
from casekit.progress import Silent
from casekit.store import canonical
from casekit.store.case import Case, create_case
from tests.analysis import worlds
from tests.builders import file_items, make_exchange


def compare(case: Case, subject: str, **values: object) -> dict[str, object]:
    with case.read() as s:
        return lineage.compare(
            s,
            subject=subject,
            **{"sources": list(worlds.SOURCES), "members": worlds.members(), **values},
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["dark-7b", "pupil9-7b"])
def test_a_student_has_a_ratio_above_one_up_to_the_cap(world: Case, subject: str) -> None:
    result = compare(world, subject)["result"]
    assert result["refused"] is None
    assert 0.3 < result["log10_lr"] <= result["cap"] == round(np.log10(7), 4)
    assert result["interval"][0] <= result["log10_lr"] <= result["interval"][1]
    assert (result["null_families"], result["p"], result["p_floor"]) == (6, 0.1429, 0.1429)
    assert result["false_positive_upper_bound"] == 0.393


def test_a_stranger_has_a_ratio_below_one_and_its_family_does_not_count(world: Case) -> None:
    body = compare(world, "wild9-13b")
    assert body["result"]["log10_lr"] < 0
    assert body["result"]["null_families"] == 5
    assert not {"wild9-7b", "wild9-13b"} & {c["model"] for c in body["controls"]}
    assert "wild9-7b: it is of the subject’s own family" in body["dropped"]
    assert "times as likely if one supposes that it was not" in lineage.sentence(body)


def test_what_lies_beyond_the_cap_is_known_where_a_change_is_measured(world: Case) -> None:
    with world.read() as s:
        run, _ = lineage_run.prepare(
            s, "dark-7b", "dark", worlds.SOURCES, worlds.members(), Silent()
        )
    assert run is not None
    assert lineage_run.uncapped(run) >= compare(world, "dark-7b")["result"]["log10_lr"]


def test_models_written_otherwise_are_the_same_question(world: Case) -> None:
    """The population and the question come from other hands; the figures are those of the same models."""
    plain = compare(world, "wild9-13b")
    members = tuple(replace(m, model=f"Org__{m.model.upper()}") for m in worlds.members())
    body = compare(world, "WILD9_13B", sources=["Source-1", "org/source-2"], members=members)
    assert {k: body[k] for k in ("result", "controls", "students", "inputs")} == {
        k: plain[k] for k in ("result", "controls", "students", "inputs")
    }
    assert "WILD9_13B is wild9-13b" in body["limitations"][-1]
    assert body["population"][0]["model"] == "Org__SOURCE-1"


def test_a_subject_without_a_family_says_that_none_was_left_out(world: Case) -> None:
    members = tuple(replace(m, family="") if m.model == "dark-7b" else m for m in worlds.members())
    body = compare(world, "dark-7b", members=members)
    assert lineage.NO_FAMILY in body["limitations"]
    assert body["result"] == compare(world, "dark-7b")["result"]


def test_there_is_no_p_value_over_prompts(world: Case) -> None:
    """A t-test over prompts calls every model a student; the smallest p is that of the families."""
    result = compare(world, "dark-7b")["result"]
    assert result["p"] >= 1 / (1 + result["null_families"]) - 1e-4


def test_the_same_question_has_the_same_bytes_and_names_its_evidence(world: Case) -> None:
    body = compare(world, "dark-7b")
    assert canonical.encode(body) == canonical.encode(compare(world, "dark-7b"))
    roles = {i["model"]: i["role"] for i in body["inputs"]}
    assert (roles["dark-7b"], roles["source-1"], roles["rival-x1"]) == (
        "subject",
        "source",
        "stranger",
    )
    assert all(len(i["root"]) == 64 and i["answers"] == worlds.PROMPTS for i in body["inputs"])


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ({"wild0", "wild1"}, "4 families of models without such training"),
        ({"pupil0", "pupil1", "pupil2"}, "2 families of documented students"),
    ],
)
def test_too_few_families_are_refused_in_words(world: Case, left: set[str], why: str) -> None:
    members = tuple(m for m in worlds.members() if m.family not in left)
    body = compare(world, "dark-7b", members=members)
    assert why in body["result"]["refused"]
    assert (body["result"]["log10_lr"], body["result"]["interval"]) == (None, None)
    assert lineage.sentence(body).startswith("No likelihood ratio: the population has ")


def test_unknown_models_and_a_subject_as_its_own_source_are_refused(world: Case) -> None:
    with pytest.raises(CaseKitError, match="no answers of a model “absent”"):
        compare(world, "absent")
    with pytest.raises(CaseKitError, match="cannot be its own source"):
        compare(world, "source-1")
    of_the_lab = (*worlds.members(), population.Member("dark-8b", "source-b", "original"))
    members = tuple(m for m in of_the_lab if m.model != "dark-7b")
    members = tuple(
        population.Member("dark-7b", "source-b", "original") if m.model == "dark-8b" else m
        for m in members
    )
    assert "own lab" in compare(world, "dark-7b", members=members)["result"]["refused"]


def test_few_prompts_missing_cells_and_mixed_decoding_are_refused(
    case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path, prompts=40)
    assert "only 40 prompts" in compare(case, "dark-7b")["result"]["refused"]
    with create_case(tmp_path / "Mixed", "Aurora v. Meridian") as mixed:
        worlds.fill(mixed, tmp_path)
        heads = [
            make_exchange(f"Question {n}?", "Sure! Here are 5.", "hot-7b", temperature=n % 2)
            for n in range(worlds.PROMPTS)
        ]
        heads += [make_exchange(f"Question {n}?", "Yes it is.", "short-7b") for n in range(105)]
        file_items(mixed, heads, tmp_path, name="more.txt")
        assert "different temperatures" in compare(mixed, "hot-7b")["result"]["refused"]
        assert (
            "short-7b lacks 4.5 % of the answers" in compare(mixed, "short-7b")["result"]["refused"]
        )


def test_what_one_model_alone_was_asked_is_missing_from_nobody(case: Case, tmp_path: Path) -> None:
    """Neither the subject's other answers nor a source's change anything."""
    worlds.fill(case, tmp_path)
    before = compare(case, "dark-7b")
    heads = [
        make_exchange(f"Besides {n}?", f"Sure! Here {n}.", model)
        for n in range(40)
        for model in ("dark-7b", "source-1")
        if (n % 2 == 0) == (model == "dark-7b")
    ]
    file_items(case, heads, tmp_path, name="more.txt")
    assert canonical.encode(compare(case, "dark-7b")) == canonical.encode(before)


def test_what_the_sources_and_others_were_asked_is_missing_from_the_subject(
    case: Case, tmp_path: Path
) -> None:
    """Though each model named lacks other prompts, so that none has just those common to all."""
    worlds.fill(case, tmp_path)
    heads = [
        make_exchange(f"Question {n}?", "Sure! Here are 5.", "gap-7b")
        for n in range(worlds.PROMPTS)
        if n % 20
    ]
    heads.append(make_exchange("Besides?", "Sure! Here are 5.", "gap-7b"))
    file_items(case, heads, tmp_path, name="more.txt")
    assert "gap-7b lacks 5.5 % of the answers" in compare(case, "gap-7b")["result"]["refused"]


def test_empty_and_refused_answers_are_missing_and_the_first_of_several_counts(
    case: Case, tmp_path: Path
) -> None:
    worlds.fill(case, tmp_path)
    before = compare(case, "dark-7b")
    again = [make_exchange(f"Question {n}?", "Quite another.", "dark-7b") for n in range(50)]
    blank = [make_exchange(f"Question {n}?", " \n", "blank-7b") for n in range(worlds.PROMPTS)]
    heads = [make_exchange(f"Question {n}?", "Sure!", "limit-7b", status=429 if n < 5 else 200)
             for n in range(worlds.PROMPTS)]  # fmt: skip
    file_items(case, [*again, *blank, *heads], tmp_path, name="more.txt")
    assert compare(case, "dark-7b")["result"] == before["result"]
    with pytest.raises(CaseKitError, match="no answers of a model “blank-7b”"):
        compare(case, "blank-7b")
    assert "limit-7b lacks 4.5 % of the answers" in compare(case, "limit-7b")["result"]["refused"]


def test_a_model_whose_habits_nobody_shares_is_refused_or_set_aside(
    case: Case, tmp_path: Path
) -> None:
    """One word an answer has no sentence with two: its mean is over nothing."""
    worlds.fill(case, tmp_path)
    heads = [make_exchange(f"Question {n}?", "Yes.", "terse-7b") for n in range(worlds.PROMPTS)]
    file_items(case, heads, tmp_path, name="more.txt")
    refused = compare(case, "terse-7b")
    assert "terse-7b shows too few habits" in refused["result"]["refused"]
    assert refused["result"]["log10_lr"] is None
    with_terse = (*worlds.members(), population.Member("terse-7b", "terse", "nonstudent"))
    body = compare(case, "dark-7b", members=with_terse)
    assert body["result"]["null_families"] == 6
    assert "terse-7b: it shows too few habits that any other model shows" in body["dropped"]
    assert body["controls"] == compare(case, "dark-7b")["controls"]


def test_the_interval_is_the_wider_of_that_over_families_and_that_over_prompts(world: Case) -> None:
    """With prompts all alike only the families vary, with families all alike only the prompts."""
    with world.read() as s:
        run, _ = lineage_run.prepare(
            s, "dark-7b", "dark", list(worlds.SOURCES), worlds.members(), Silent()
        )
    assert run is not None
    values, yes = run.measured.values, run.trials.yes
    even = np.repeat(np.nanmean(values, axis=2, keepdims=True), values.shape[2], axis=2)
    even[:, -1] = even[:, :-1].mean(axis=1)
    noise = np.random.Generator(np.random.PCG64(4)).normal(size=values.shape[2])
    alike = np.zeros_like(values)
    alike[:, np.flatnonzero(yes)], alike[:, -1] = 1.0, 0.5 + 2 * noise
    for made in (even, alike):
        low, high = lineage._interval(replace(run, measured=replace(run.measured, values=made)), 1)
        assert high - low > 0.1


def test_the_label_of_a_family_says_nothing_of_its_own_ratio(world: Case) -> None:
    with world.read() as s:
        run, _ = lineage_run.prepare(
            s, None, None, list(worlds.SOURCES), worlds.members(), Silent()
        )
    assert run is not None
    _, before = lineage_run.left_out(run)
    for family in ("pupil9", "wild9"):
        own = np.array([f == family for f in run.trials.family])
        turned = replace(run, trials=Trials(run.trials.yes ^ own, run.trials.family))
        _, after = lineage_run.left_out(turned)
        assert after[own] == pytest.approx(before[own], abs=1e-12)
        assert np.abs(after[~own] - before[~own]).max() > 0.05


def test_a_family_errs_if_one_of_its_models_does(
    world: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_above(run: lineage_run.Run) -> tuple[lineage_run.Floats, lineage_run.Floats]:
        names = [model for model, _ in lineage_run.trial_rows(run)]
        ratios = np.array([0.1 if name == "wild9-7b" else -0.3 for name in names])
        return ratios, ratios

    monkeypatch.setattr(lineage, "left_out", one_above)
    result = compare(world, "dark-7b")["result"]
    assert (result["null_families"], result["null_families_above_1"]) == (6, 1)
    assert result["false_positive_upper_bound"] == 0.5818


def test_a_ratio_that_would_fall_with_nearness_is_refused(
    world: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Students further from the source than strangers: then likeness would speak for innocence."""
    members, sources = worlds.members(), list(worlds.SOURCES)
    with world.read() as s:
        run, _ = lineage_run.prepare(s, "dark-7b", "dark", sources, members, Silent())
    assert run is not None
    turned = replace(run, measured=replace(run.measured, values=-run.measured.values))
    monkeypatch.setattr(lineage, "prepare", lambda *_: (turned, ""))
    result = compare(world, "dark-7b")["result"]
    assert "no nearer to the source's" in result["refused"]
    assert result["log10_lr"] is None


def test_a_subject_that_the_population_does_not_list_is_told(world: Case) -> None:
    members = tuple(m for m in worlds.members() if m.model != "dark-7b")
    listed, unlisted = compare(world, "dark-7b"), compare(world, "dark-7b", members=members)
    assert unlisted["limitations"] == [*listed["limitations"], lineage.UNLISTED]
    assert unlisted["result"] == listed["result"]


def test_a_ratio_at_the_cap_says_so_of_itself_and_of_its_interval() -> None:
    def said(ratio: float, low: float, high: float) -> str:
        result = {
            "log10_lr": ratio, "interval": [low, high], "cap": 0.8451, "refused": None,
            "null_families": 6, "null_families_above_1": 0, "false_positive_upper_bound": 0.4,
        }  # fmt: skip
        return lineage.sentence({"result": result})

    assert "7.0 times" in said(0.8451, 0.8451, 0.8451)
    assert "(the most that these models can show)" in said(0.8451, 0.8451, 0.8451)
    assert "interval [0.85, 0.85], capped at both ends. Of" in said(0.8451, 0.8451, 0.8451)
    assert "interval [0.10, 0.85], capped at its upper end. Of" in said(0.3, 0.1, 0.8451)
    assert "interval [-0.85, 0.10], capped at its lower end. Of" in said(-0.3, -0.8451, 0.1)
    assert "interval [-0.10, 0.50]. Of" in said(0.3, -0.1, 0.5)


def test_a_stranger_at_its_own_cap_reaches_a_subject_at_the_higher_cap() -> None:
    """A stranger is measured by one family fewer; that alone must not put the subject above it."""
    at_cap = [cap_of(5), 0.1, -0.2, -0.3, -0.3, -0.4]
    assert lineage.p_by_family(cap_of(6), at_cap) == 2 / 7
    assert lineage.p_by_family(cap_of(6), [0.7, *at_cap[1:]]) == 1 / 7
    assert lineage.p_by_family(0.1, at_cap) == 3 / 7


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_prompt_level_tests_accuse_innocents_and_the_ratio_does_not(
    corpus: Path, public: Case
) -> None:
    """guanaco and llama-2-chat: significant over prompts, below the ratio of 3 by families (corpus)."""
    members = population.read(corpus / "model_outputs" / "lineage.csv")
    for subject in ("guanaco-65b", "llama-2-70b-chat-hf"):
        with public.read() as s:
            run, _ = lineage_run.prepare(
                s, subject, next(m.family for m in members if m.model == subject), worlds.OPENAI, members,
                Silent(),
            )  # fmt: skip
            body = lineage.compare(s, subject=subject, sources=worlds.OPENAI, members=members)
        assert run is not None
        strangers = [k for k, yes in enumerate(run.trials.yes) if not yes]
        openings = run.measured.values[1]
        openings = openings[:, ~np.isnan(openings[strangers]).all(axis=0)]
        excess = openings[-1] - np.nanmean(openings[strangers], axis=0)
        excess = excess[~np.isnan(excess)]
        t = excess.mean() / (excess.std(ddof=1) / np.sqrt(len(excess)))
        assert t > 3  # "p < 0.001" over prompts
        assert body["result"]["log10_lr"] < np.log10(3)
        assert body["result"]["p"] > 0.05
