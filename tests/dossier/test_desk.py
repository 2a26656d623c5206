from casekit.dossier.desk import Desk, Shown, Translated, entries_of
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.ops import privilege
from casekit.ops.translations import pair_translation
from casekit.queries import exhibits, items, matter
from casekit.queries.translations import translations
from casekit.queries.whole_values import WholeValues
from casekit.store.case import Case
from tests.dossier.builders import Builder, document, image, message


def test_what_is_withheld_with_its_family_is_kept_back_and_what_is_shown_is_told(
    case: Case, built: Builder
) -> None:
    (mail,) = built.add("m.eml", message(image(), image("two.png")))
    (note,) = built.add("n.html", document("n.html", "A note."))
    with case.write() as s:
        privilege.assert_privilege(s, [mail + 1], "work-product")
    with case.read() as s:
        desk = Desk(s, DossierSpec(), matter.get(s), wording("neutral"), "", WholeValues([]))
        assert desk.kept_back([mail, mail + 2, note]) == {mail, mail + 2}
        assert desk.view(note).row.id == note
        assert desk.told == {note}


def test_an_exhibit_shows_its_translations_and_names_their_custody(
    case: Case, built: Builder
) -> None:
    for n in (1, 2, 3):
        built.add(f"{n}.html", document(f"{n}.html", f"Text {n}."))
    built.exhibit(1, "A-1")
    with case.write() as s:
        pair_translation(s, 1, 2, made="human", translator="Ann", certificate_id=3)
    with case.read() as s:
        views = [items.view(s, i) for i in (1, 2, 3)]
        pair = Translated(translations(s)[0], views[1], certificate=views[2])
        shown = Shown(exhibits.exhibits(s)[0], views[0], translations={1: [pair]})
        assert [view.row.id for view in shown.views] == [1, 2, 3]
        assert set(entries_of(s, [shown])) == {view.original_sha256 for view in views}
