"""Templates, files and comparisons of the dossier window: asked, done off its thread, and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from casekit.dossier import templates
from casekit.errors import CaseKitError
from casekit.i18n import tr, tr_count
from casekit.sentences import translated

if TYPE_CHECKING:
    from casekit.dossier.differences import Difference
    from casekit.dossier.spec import DossierSpec
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window


def begun(window: Window, free_name: str) -> tuple[str, DossierSpec] | None:
    """Name and first spec of a new dossier, as the user wishes.

    Raises:
        CaseKitError: The template is no longer there.
    """
    from casekit.dossier.spec import DossierSpec

    asked = window.ask.new_dossier(free_name, [one.name for one in templates.templates()])
    if asked is None:
        return None
    name, template = asked
    return name, templates.template(template) if template else DossierSpec()


def keep_template(window: Window, spec: DossierSpec, name: str) -> str:
    """Keep a spec's make-up under a name that is asked for; says what was done."""
    asked = window.ask.text(tr("Keep as a template"), tr("Name"), name)
    if asked is None:
        return ""
    try:
        templates.keep(asked, spec)
    except CaseKitError as error:
        return translated(error)
    return tr("Kept as a template without its facts: {name}", name=asked)


def write_spec(window: Window, spec: DossierSpec, given: Path) -> str:
    """Write a spec into a file that is asked for, as the command line takes it; says what was done."""
    from casekit.dossier.spec import in_use

    file = window.ask.save_file(tr("Spec as a file"), given, tr("Spec (*.json)"))
    if file is None:
        return ""
    try:
        file.write_bytes(in_use(spec).encoded())
    except OSError as error:
        return tr("The file cannot be written: {why}", why=error.strerror or "")
    return tr("Written: {name}", name=file.name)


def compare(window: Window, shell: Shell, spec: DossierSpec, name: str, others: list[str]) -> None:
    """Ask with what a dossier is compared, and show what is different."""
    other = window.ask.compare_with(others)
    if other is None:
        return
    case = shell.case

    def work(progress: Any) -> list[Difference]:
        from casekit.jobs import specs

        return specs.compared(case, spec, other, progress)

    def done(found: list[Difference]) -> None:
        text = "\n".join(tr(one.template, **one.values) for one in found)
        head = tr_count("1 difference", "{n} differences", len(found))
        lines = [
            (tr("This dossier"), name),
            (tr("Compared with"), other or tr("The dossier issued last")),
        ]
        window.ask.report(tr("Compare"), head, lines, text or tr("Nothing is different."))

    shell.jobs.start("compare", work, done, window.refuse, lane="page")
