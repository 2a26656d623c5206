"""A question that a finding answers, as the window's form asks it, and what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.queries.finding_titles import title_of

if TYPE_CHECKING:
    from casekit.jobs.finding import Made
    from casekit.progress import Progress
    from casekit.store.case import Case

SEED = 20260101
QUESTIONS = (
    ("overlap", "Shared wording: do subject and source use the same runs of words?"),
    ("sets", "Overlap of sets: what is shared with all of the source's answers?"),
    ("lineage", "Lineage: was the subject trained on the source's answers?"),
    ("validation", "Validation: how good are lineage ratios on models of known training?"),
    ("identity", "Identity: how often does the subject call itself by another lab's name?"),
    ("usage", "Usage: which accounts of the API log were run together?"),
    ("exposure", "Exposure: does the subject repeat what these accounts were served?"),
    ("change", "Before and after: did the subject move towards the source?"),
    ("canaries", "Canaries: does the subject know sentences that were served on purpose?"),
    ("own", "Own method: what does an expert's program find?"),
    ("scores", "Scores: keep what another program has computed"),
)
BY_POPULATION = ("lineage", "validation")
NEEDS_CONTROLS = ("overlap", "exposure", "identity", "own")
MAY_HAVE_CONTROLS = ("canaries", "sets", "usage")
ONE_SOURCE = ("overlap", "sets", "exposure", "change")
LEAST_RIVALS = 2
FILES = {
    "lineage": ("population",), "validation": ("population",), "sets": ("population",),
    "usage": ("prices", "networks"), "own": ("method",), "scores": ("scores",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be computed; which of it counts depends on the kind.

    Attributes:
        kind: A name of `QUESTIONS`.
        subject: Model examined.
        sources: Models whose answers it may carry.
        controls: Models without a link.
        accounts: Attributed accounts.
        population: CSV of models with family, role and teachers.
        lab: Lab whose name is looked for, and further `names` of it.
        canaries: Name of a set of canaries.
        prices: CSV of list prices; may be left out.
        networks: CSV of the kinds of networks; may be left out.
        method: An expert's method, a Python file.
        scores: What another program computed, a JSON file.
        before: The subject's earlier checkpoint.
        rivals: Other labs' models, beside which a move is measured.
        placebos: Pairs (after, before) of models without the source's answers.
        variants: The subject asked by other ways, as models of their own.
        served: The source's set is what its API log served.
        meaning: Whether meanings are compared too.
    """

    kind: str
    subject: str = ""
    sources: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    population: Path | None = None
    lab: str = ""
    names: tuple[str, ...] = ()
    canaries: str = ""
    prices: Path | None = None
    networks: Path | None = None
    method: Path | None = None
    scores: Path | None = None
    before: str = ""
    rivals: tuple[str, ...] = ()
    placebos: tuple[tuple[str, str], ...] = ()
    variants: tuple[str, ...] = ()
    served: bool = False
    meaning: bool = False

    @property
    def title(self) -> str:
        """One line, as the command writes it; for an expert's method it is named once that has been read."""
        return title_of(
            self.kind, subject=self.subject, source=", ".join(self.sources), before=self.before, lab=self.lab,
            set=self.canaries,
        )  # fmt: skip

    def make(self, case: Case, progress: Progress) -> Made:
        """Compute the finding and keep it in the case.

        Raises:
            CaseKitError: The evidence does not allow it, or a file that was named cannot be read.
        """
        from casekit.analysis import own
        from casekit.jobs import finding

        if self.kind == "scores":
            assert self.scores is not None
            body = own.take(_content(self.scores), self.scores.name)
            title = f"{body['method']}: {body['parameters']['computed_by']}"
            return finding.make(case, "own", title, lambda _s, _told: body, progress)
        if self.kind == "own":
            assert self.method is not None
            chosen = own.read(self.method, progress)
            return finding.make(
                case, "own", f"{chosen.name}: {self.subject}",
                lambda s, told: own.compare(
                    s, chosen=chosen, subject=self.subject, controls=self.controls, seed=SEED, progress=told
                ),
                progress,
            )  # fmt: skip
        return finding.make(
            case, self.kind, self.title, lambda s, told: self.compute(case, s, told), progress
        )

    def compute(self, case: Case, s: Any, progress: Progress) -> dict[str, Any]:
        """The body of a finding by a method of CaseKit."""
        from casekit.analysis import canaries, exposure, identity, overlap

        if self.kind == "usage":
            from casekit.analysis.usage import finding as usage
            from casekit.analysis.usage import networks, prices

            listed = prices.read(self.prices) if self.prices else None
            kinds = networks.read(self.networks) if self.networks else None
            return usage.compare(
                case, seed=SEED, listed=listed, subject=self.subject, models=self.controls, kinds=kinds,
                progress=progress,
            )  # fmt: skip
        source = next(iter(self.sources), "")
        if self.kind == "overlap":
            return overlap.compare(
                s, subject=self.subject, source=source, controls=self.controls, min_words=8, seed=SEED,
                progress=progress,
            )  # fmt: skip
        if self.kind in ("sets", "change"):
            return (
                self._of_sets(s, progress) if self.kind == "sets" else self._of_change(s, progress)
            )
        if self.kind == "identity":
            return identity.compare(
                s, subject=self.subject, lab=self.lab, names=self.names, controls=self.controls, seed=SEED,
                progress=progress,
            )  # fmt: skip
        if self.kind == "exposure":
            return exposure.compare(
                s, subject=self.subject, source=source, accounts=self.accounts, controls=self.controls,
                seed=SEED, progress=progress,
            )  # fmt: skip
        if self.kind == "canaries":
            return canaries.compare(
                s, name=self.canaries, subject=self.subject, controls=self.controls, progress=progress
            )  # fmt: skip
        return self._by_population(s, progress)

    def _by_population(self, s: Any, progress: Progress) -> dict[str, Any]:
        from casekit.analysis import lineage, shipped, validation

        assert self.population is not None
        members, reference = shipped.named(self.population)
        if self.kind == "validation":
            return validation.validate(
                s,
                sources=self.sources,
                members=members,
                seed=SEED,
                progress=progress,
                reference=reference,
            )
        return lineage.compare(
            s, subject=self.subject, sources=self.sources, members=members, seed=SEED, progress=progress,
            reference=reference,
        )  # fmt: skip

    def _of_sets(self, s: Any, progress: Progress) -> dict[str, Any]:
        from casekit.analysis import sets, shipped

        source = self.sources[0]
        members = shipped.named(self.population)[0] if self.population else ()
        return sets.compare(
            s, subject=self.subject, source=source,
            controls=sets.controls_of(members, self.subject, source, self.controls), served=self.served,
            meaning=sets.engine() if self.meaning else None, seed=SEED, progress=progress,
        )  # fmt: skip

    def _of_change(self, s: Any, progress: Progress) -> dict[str, Any]:
        from casekit.analysis import change

        return change.compare(
            s, subject=self.subject, before=self.before, source=self.sources[0], rivals=self.rivals,
            placebos=self.placebos, variants=self.variants, seed=SEED, progress=progress,
        )  # fmt: skip


def lacking(asked: Question) -> str:
    """What is missing for a question, as a sentence; empty if nothing is."""
    if asked.kind == "usage":
        return _lacking_models(asked)
    if asked.kind == "scores":
        return "" if asked.scores else tr("Choose the scores: a JSON file of the other program.")
    if asked.kind != "validation" and not asked.subject:
        return tr("Import the answers of a subject, a source and control models first.")
    return _lacking_models(asked) or _lacking_files(asked)


def _lacking_models(asked: Question) -> str:
    if asked.kind == "identity" and not asked.lab:
        return tr("Name the lab whose names are looked for.")
    if asked.kind in (*ONE_SOURCE, *BY_POPULATION) and not asked.sources:
        return tr("Tick the model whose answers may have been used.")
    if asked.kind in ONE_SOURCE and len(asked.sources) > 1:
        return tr("This question is asked of one source at a time.")
    if asked.subject in asked.sources:
        return tr("The subject cannot be its own source.")
    if asked.kind in NEEDS_CONTROLS and not asked.controls:
        return tr("Tick at least one control: a figure without one says nothing.")
    if asked.kind == "sets" and not asked.controls and asked.population is None:
        return tr("Tick the controls, or choose a population whose strangers are the controls.")
    if asked.kind == "change":
        return _lacking_change(asked)
    if set(asked.controls) & {asked.subject, *asked.sources}:
        return tr("A control is neither the subject nor a source.")
    return ""


def _lacking_change(asked: Question) -> str:
    if len(asked.rivals) < LEAST_RIVALS:
        return tr("Tick at least two rivals: models of other labs.")
    named = [
        asked.subject, asked.before, *asked.sources, *asked.rivals, *asked.variants,
        *(m for pair in asked.placebos for m in pair),
    ]  # fmt: skip
    if len(set(named)) < len(named):
        return tr(
            "Subject, earlier checkpoint, source, rivals, placebos and variants are all different models."
        )
    return ""


def _lacking_files(asked: Question) -> str:
    if asked.kind == "exposure" and not asked.accounts:
        return tr("Name the accounts that the traffic is attributed to.")
    if asked.kind in BY_POPULATION and asked.population is None:
        return tr("Choose the population: a CSV of models with family, role and teachers.")
    if asked.kind == "own" and asked.method is None:
        return tr("Choose the method: a Python file that you have read.")
    if asked.kind == "canaries" and not asked.canaries:
        return tr("There is no set of canaries in this case: make one with casekit canary make.")
    return ""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseKitError(
            "The file “{name}” cannot be read: {why}.", name=path.name, why=error.strerror
        ) from error


def split(text: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(one.strip() for one in text.split(",") if one.strip())
