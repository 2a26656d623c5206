from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from casekit import i18n
from casekit.dossier import differences, gaps
from casekit.queries import finding_figures, problems, templates
from casekit.queries import overview as state
from casekit.search import completing
from casekit.ui import (
    actions,
    annotating,
    asking,
    beginning,
    checking,
    cite,
    clearing,
    cluster_words,
    coding,
    coding_fields,
    coding_set_up,
    companions,
    compare,
    conflicting,
    deciding,
    event_table,
    events,
    facet_panel,
    fact_words,
    facts_model,
    facts_page,
    finding_question,
    finding_view,
    findings_page,
    further,
    guide,
    highlighting,
    in_force_forms,
    in_force_view,
    laying,
    layouts,
    list_head,
    logging_privilege,
    outline,
    overview,
    pages,
    parameter_words,
    people,
    people_graph,
    people_words,
    problems_list,
    producing,
    pseudonyms,
    query_builder,
    recipients,
    redacting,
    review_page,
    review_sets,
    saved_searches,
    search_history,
    searching,
    sensitivity_view,
    sets_view,
    sidebar,
    spec_forms,
    spec_places,
    surroundings,
    taking_back,
    term_report,
    tier_conflicting,
    tiering,
    time_words,
    timeline,
    top_bar,
    translating,
    triage,
    trial,
    usage_places,
    usage_view,
    verifying,
    viewer,
    welcome,
    why_pane,
)

UI = Path(i18n.__file__).parent / "ui"


def said_in_code() -> Iterator[str]:
    for file in sorted(UI.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = {"tr": node.args[:1], "tr_count": node.args[:2]}.get(node.func.id, [])
                yield from (
                    a.value
                    for a in texts
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                )


def said_in_tables() -> Iterator[str]:
    for action in actions.ACTIONS:
        yield from (action.text, action.help)
    yield from (title for title, _ in actions.MENUS)
    yield from (words for step in guide.STEPS for words in (step.title, step.text))
    yield from (words for page in pages.PAGES for words in (page.text, page.help))
    for placed in (
        layouts.NAMED_WORDS,
        layouts.PANE_WORDS,
        layouts.PLACE_WORDS,
        layouts.PLACE_SAID,
    ):
        yield from placed.values()  # type: ignore[attr-defined]
    yield from (*sets_view.MEASURES.values(), *further.NAMES.values())
    yield from (*parameter_words.NAMES.values(), *parameter_words.UNIT_WORDS.values())
    yield from (*finding_view.FIGURES.values(), *finding_view.KIND_WORDS.values())
    yield from (*finding_view.ROLE_WORDS, *(words for _, words in finding_view.LISTS))
    yield findings_page.WHAT
    for words in (
        people_words.KIND_WORDS,
        people_words.ROLE_WORDS,
        people.REASON_WORDS,
        dict(people_words.PERSON_WORDS),
    ):
        yield from words.values()
    yield from (*people.HEADS, *people.SUGGESTED, *people_graph.HEADS, people_graph.HOW)
    yield from (overview.NOTHING, *overview.STATE_WORDS.values())
    yield from (words for both in state.STEPS.values() for words in both if words)
    yield from (*facts_model.HEADS, *facts_page.VIEWS, *facts_page.MATRIX_HEADS)
    yield from (
        review_page.NOTHING,
        *review_page.VIEWS,
        *review_page.HEADS,
        *review_page.BATCH_HEADS,
    )
    yield from (*review_page.REVIEWER_HEADS, *review_page.AGREEMENT_HEADS)
    yield from (*review_page.CONFLICT_HEADS, *review_page.PACKAGE_HEADS)
    for words in (
        fact_words.STATUS_WORDS,
        fact_words.MATERIAL_WORDS,
        fact_words.DATE_WORDS,
        fact_words.STANCE_WORDS,
        fact_words.STATE_WORDS,
    ):
        yield from words.values()  # type: ignore[attr-defined]
    yield from (*in_force_forms.KIND_WORDS.values(), *in_force_forms.ASSENT_WORDS.values())
    yield from (*in_force_view.HEADS, in_force_forms.DATES, "notice", "acceptance")
    yield from (words for _, words in finding_question.QUESTIONS)
    yield from (*finding_figures.WITHOUT.values(), *sensitivity_view.NAMES.values())
    yield from usage_view.NAMES
    yield from (*usage_places.WORDS.values(), *usage_places.KINDS.values())
    yield from (*saved_searches.HEADS, *facet_panel.HIDDEN_WORDS.values())
    yield from (*completing.ABOUT.values(), *completing.OPERATORS.values())
    yield from (label for _, label, _ in sidebar.COLLECTIONS)
    yield from coding.BASIS_WORDS.values()
    yield from coding.USUAL
    yield from (*coding_fields.VALUE_WORDS.values(), *coding_fields.CODED_WORDS.values())
    yield from (*coding_set_up.FIELD_HEADS, *coding_set_up.PRESET_HEADS, "Tag")
    yield from (words for _, words in (*coding_set_up.KIND_WORDS, *coding_set_up.POLICY_WORDS))
    for template in templates.usual().templates.values():
        yield from (words for each in template.fields for words in (each.label, *each.options))
    yield from (words for _, words in (*companions.KINDS, *companions.ENDINGS))
    yield from (words for _, words in producing.IMAGES)
    yield from (words for words in clearing.WORDS.values() if words)
    yield from (label for _, label, _ in sidebar.REVIEW)
    yield from (words for _, words in coding.RECEIPT_WORDS)
    yield from laying.PART_WORDS.values()
    yield from surroundings.SHARED_WORDS.values()
    yield from (*laying.SIDES.values(), *laying.GROUNDS.values())
    yield from (words for _, words in laying.REQUEST_FIELDS)
    yield from (words for _, words in laying.PEOPLE)
    yield from (words for _, words in laying.CHAT_FACTS)
    yield from (words for _, words in list_head.ORDERS)
    yield from (noun for nouns in list_head.KIND_NOUNS.values() for noun in nouns)
    yield from (*problems_list.HEADS, *problems.COUNTED.values())
    yield from taking_back.HEADS
    yield from (*term_report.HEADS, *search_history.HEADS)
    yield from facet_panel.FIELD_WORDS.values()
    yield from (*why_pane.SENTENCE_HEADS, *why_pane.WORD_HEADS, why_pane.NO_FINDING)
    yield from (
        *cluster_words.KIND_WORDS.values(),
        *cluster_words.NOTHING.values(),
        cluster_words.AID,
    )
    yield from (
        *cluster_words.MEMBER_HEADS,
        *(h for heads in cluster_words.HEADS.values() for h in heads),
    )
    yield from (*query_builder.JOINT_WORDS.values(), *query_builder.RELATION_WORDS.values())
    yield from (*deciding.HEADS, review_sets.NO_SETS)
    yield from trial.HEADS
    yield from (*events.KIND_WORDS.values(), *event_table.HEADS, *timeline.STEP_WORDS.values())
    yield from (words for _, words in timeline.GROUP_WORDS)
    yield from (*tiering.HEADS, *tier_conflicting.HEADS, *(words for _, words in recipients.ROLES))
    yield from (words for _, words in translating.WAYS)
    yield from (words for _, words in logging_privilege.FORMATS)
    yield from (*conflicting.HEADS, *conflicting.WHY_WORDS.values())
    yield from (words for _, words in time_words.READINGS)
    yield from (*top_bar.MODE_WORDS.values(), *top_bar.MODE_HELP.values())
    yield from (words for step in welcome.STEPS for words in step)
    yield from viewer.TAB_WORDS.values()
    yield from (*highlighting.COLOUR_WORDS.values(), *highlighting.PATTERN_WORDS.values())
    yield from highlighting.HEADS
    yield from (*triage.HEADS, *(word for word, _, _ in compare.VERDICT_WORDS.values()))
    yield from (word for _, _, word in compare.GROUNDS.values() if word)
    yield from (*annotating.HEADS, annotating.CHANGED)
    yield from (*verifying.CHECKED.values(), *verifying.KEPT.values())
    yield from (words for _, words in verifying.WHY)
    yield verifying.OTHER
    yield from searching.REASONS.values()
    yield from cite.PARTS.values()
    yield from (words for _, words in asking.ROLES)
    yield from (words for _, words in redacting.REASONS)
    yield from (*checking.HEADS, *checking.STATE_WORDS.values())
    yield from (*(words for _, words in pseudonyms.KIND_WORDS), *pseudonyms.HEADS)
    yield from outline.SECTION_WORDS.values()
    yield from (words for _, *both in outline.PURPOSES for words in both)
    for choices in (
        spec_forms.JURISDICTIONS,
        spec_forms.PAPERS,
        spec_forms.RAWS,
        spec_forms.OFFERS,
        spec_places.EVENTS,
    ):
        yield from (words for _, words in choices)
    yield from (words for _, words in spec_forms.SIGNED_IN)
    yield spec_places.CHOSEN
    yield from (*outline.NOTHING.values(), *outline.TABLES.values(), *gaps.WORDS.values())
    yield from (*beginning.TEMPLATE_WORDS.values(), *differences.WORDS.values())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_chinese_catalogue_is_complete_and_holds_nothing_else() -> None:
    wanted = {*said_in_code(), *said_in_tables()}
    known = i18n.catalogue("zh")
    assert sorted(wanted - set(known)) == []
    assert sorted(set(known) - wanted) == []


def test_a_translation_has_the_places_of_its_sentence() -> None:
    different = {en: zh for en, zh in i18n.catalogue("zh").items() if places(en) != places(zh)}
    assert different == {}


def test_sentences_are_translated_counted_and_filled() -> None:
    i18n.use("zh")
    assert i18n.tr("{n} chosen", n=1200) != "1,200 chosen"
    assert "1,200" in i18n.tr("{n} chosen", n=1200)
    assert i18n.tr("A sentence nobody wrote") == "A sentence nobody wrote"
    i18n.use("en")
    assert i18n.tr("{n} chosen", n=1200) == "1,200 chosen"
    assert i18n.tr_count("1 hit", "{n} hits", 1) == "1 hit"
    assert i18n.tr_count("1 hit", "{n} hits", 2) == "2 hits"
    assert i18n.tr("“{text}” is no date", text="soon") == "“soon” is no date"
    i18n.use("no such language")
    assert i18n.tr("{n} chosen", n=3) == "3 chosen"
