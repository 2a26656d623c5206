"""Texts in other languages: which need a translation in this court, and what is printed of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from casekit.dossier.desk import Desk, Shown, Translated
from casekit.dossier.sections.common import Context, facts
from casekit.dossier.sheet import Block, Facts, Remark, Subhead
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries import items as item_queries
from casekit.queries.items import ItemView
from casekit.queries.matter import MatterRow
from casekit.queries.translations import MACHINE, NOT_NEEDED, TranslationRow, translations
from casekit.search.tongues import is_sure, tongue_of
from casekit.store.tables import redaction, redaction_box

_COURTS = {"us-federal": ("en",), "england-wales": ("en",)}
_ALIKE = {"zh-hans": "zh", "zh-hant": "zh", "cmn": "zh", "nb": "no", "nn": "no"}
_MOST_NAMED = 12


def languages_of(matter: MatterRow) -> tuple[str, ...]:
    """The codes of the languages that the court reads without a translation; none: it wants none.

    What the matter says comes first; else federal courts of the United States and the courts of England and
    Wales read English, and of other forums nothing is assumed.
    """
    if matter.languages == "none":
        return ()
    if matter.languages:
        return tuple(part.strip() for part in matter.languages.split(","))
    return _COURTS.get(matter.profile, ())


def language_of(view: ItemView) -> str:
    """The code of an item's language as its source states it, or as its text tells; empty where neither does.

    Of an exchange the answer is looked at, then the question.
    """
    return _told(view)[0]


def _told(view: ItemView) -> tuple[str, bool]:
    """An item's language, and whether that is sure: short texts can be taken for a language they are not in."""
    if view.language:
        return _plain(view.language), True
    parts = sorted(view.texts, key=lambda each: each[0] != "output")  # the others keep their order
    for part, text in parts:
        code = "" if part == "system" else _plain(tongue_of(text))
        if code:
            return code, is_sure(text)
    return "", True


def added(shown: Shown, desk: Desk, labelled: Mapping[int, tuple[str, str]]) -> Shown:
    """An exhibit with its translations, save those that are withheld as privileged, and what it lacks.

    A translation among the items below it is printed as a translation and not as an attachment.
    """
    views = {view.row.id: view for view in shown.views}
    rows = translations(desk.s, list(views))
    made = {row.translation_id for row in rows if row.item_id in views} - {None, shown.row.item_id}
    there = {i for i in made if i is not None}
    there -= desk.kept_back(sorted(there))
    below = tuple(view for view in shown.below if view.row.id not in there)
    found: dict[int, list[Translated]] = {}
    for row in rows:
        if row.item_id in views and (row.translation_id is None or row.translation_id in there):
            found.setdefault(row.item_id, []).append(_gathered(row, desk, labelled))
    own = next((row for row in rows if row.translation_id == shown.row.item_id), None)
    mark = _mark(own, _language_in(desk.s, own.item_id), desk.words) if own else ""
    gaps, doubts = _missing(shown, rows, there, languages_of(desk.matter))
    return dataclasses.replace(
        shown, below=below, translations=found, gaps=gaps, doubts=doubts, mark=mark
    )


def _gathered(
    row: TranslationRow, desk: Desk, labelled: Mapping[int, tuple[str, str]]
) -> Translated:
    other = row.translation_id
    label = labelled[other][0] if other is not None and other in labelled else ""
    view = desk.view(other) if other is not None and not label else None
    certificate = None
    vouched = row.certificate_id
    if vouched is not None and vouched not in labelled and not desk.kept_back([vouched]):
        certificate = desk.view(vouched)
    return Translated(row, view, label, certificate)


def _language_in(s: Connection, item_id: int) -> str:
    """The language of an item of which nothing is printed here."""
    return language_of(item_queries.view(s, item_id))


def _missing(
    shown: Shown, rows: Sequence[TranslationRow], there: Collection[int], languages: Collection[str]
) -> tuple[list[str], list[str]]:
    """The languages of what an exhibit shows that the court wants translated and that has no translation.

    Those that are sure, then those that are guessed.
    """
    settled = {
        row.item_id
        for row in rows
        if row.made == NOT_NEEDED or (row.translation_id in there and row.language in languages)
    }
    views = (view for view in shown.views if view.row.id not in {*settled, *there})
    told = dict.fromkeys(_told(view) for view in views) if languages else {}
    foreign = [(code, sure) for code, sure in told if code not in {"", *languages}]
    return [code for code, sure in foreign if sure], [c for c, sure in foreign if not sure]


def refuse_missing(exhibits: Sequence[Shown], words: Wording) -> None:
    """Refuse to issue what has a text in another language and no translation.

    Raises:
        CaseKitError: There is one; the message names them.
    """
    found = [
        f"{one.row.label} ({', '.join(language_name(code, words) for code in one.gaps)})"
        for one in exhibits
        if one.gaps
    ]
    if found:
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise CaseKitError(
            "The dossier cannot be issued, because the court wants a translation of these exhibits: {labels}. "
            "Pair each with its translation, say why none is needed, or set the languages of the court in the "
            "matter.",
            labels=", ".join(found[:_MOST_NAMED]) + more,
        )


def refuse_half_redacted(s: Connection, told: Collection[int]) -> None:
    """Refuse to show a text of whose translation something is redacted, or the other way round.

    No word tells which passage of a translation says what is withheld, so a person must redact both.

    Raises:
        CaseKitError: Of a pair only one is redacted, and the other would be shown.
    """
    cut = {
        item_id
        for each in (redaction, redaction_box)
        for item_id in s.execute(select(each.c.item_id).distinct()).scalars()
    }
    for row in translations(s) if cut else ():
        if row.translation_id is None:
            continue
        for shown, other in ((row.item_id, row.translation_id), (row.translation_id, row.item_id)):
            if shown in told and shown not in cut and other in cut:
                raise CaseKitError(
                    "Item {shown} would tell in another language what is redacted in item {other}, which it is "
                    "paired with as a translation: redact it there too.",
                    shown=shown, other=other,
                )  # fmt: skip


def _mark(row: TranslationRow, language: str, words: Wording) -> str:
    """What stands over every page of a translation."""
    key = "machine_mark" if row.made == MACHINE else "human_mark"
    return words(f"translation.{key}", language=language_name(language, words).upper())


def head(one: Translated, original: ItemView, context: Context) -> list[Block]:
    """What is printed before the pages of a translation."""
    if one.view is None:
        return []
    words, language = context.words, language_of(original)
    name = original.row.name or original.row.title or words(f"kind.{original.row.kind}")
    made: list[Block] = [
        Subhead(
            words("translation.heading", name=name), new_page=True,
            bates=context.numbers.get(one.view.row.id, ""), mark=_mark(one.row, language, words),
        )
    ]  # fmt: skip
    if one.row.made == MACHINE:
        made.append(Remark(words("translation.machine_note")))
    made.append(about(one, language, context))
    return made


def certificate_head(view: ItemView, mark: str, context: Context) -> list[Block]:
    """What is printed before the translator's certificate; it is no translation."""
    heading, number = (
        context.words("translation.certificate_heading"),
        context.numbers.get(view.row.id, ""),
    )
    return [Subhead(heading, new_page=True, bates=number, mark=mark)]


def about(one: Translated, language: str, context: Context) -> Facts:
    """Who translated what, how, when, and who vouches for it."""
    row, words = one.row, context.words
    vouched = context.labels.get(row.certificate_id or 0)
    told = words("translation.certificate_exhibit", label=vouched[0]) if vouched else ""
    told = words("translation.certificate_follows") if one.certificate is not None else told
    certificate = "\n".join(part for part in (row.certificate, told) if part)
    return Facts(
        facts(
            (words("translation.made"), words(f"translation.by_{row.made}")),
            (words("translation.translator"), row.translator),
            (words("translation.from"), language_name(language, words)),
            (words("translation.into"), language_name(row.language, words)),
            (words("translation.dated"), row.dated or words("translation.not_stated")),
            (words("translation.certificate"), certificate or words("translation.not_stated")),
        ),
        words("translation.about"),
    )


def notes(one: Shown, words: Wording, *, draft: bool) -> list[Block]:
    """What an exhibit says first of its translations: where they stand, why there is none, that one lacks.

    A draft also asks of a text whose language is only guessed.
    """
    made: list[Block] = []
    for key, codes in (("missing", one.gaps), ("doubt", one.doubts if draft else ())):
        if codes:
            told = ", ".join(language_name(code, words) for code in codes)
            said = words(f"translation.{key}", language=told)
            made.append(Remark(said, words(f"translation.{key}_head")))
    for each in one.translations.get(one.row.item_id, ()):
        if each.row.made == NOT_NEEDED:
            made.append(Remark(words("translation.not_needed", reason=each.row.reason), small=True))
        elif each.label:
            made.append(Remark(words("translation.exhibit", label=each.label), small=True))
        elif each.view is not None:
            key = "follows_machine" if each.row.made == MACHINE else "follows"
            made.append(Remark(words(f"translation.{key}"), small=True))
    return made


def summary(one: Shown, words: Wording) -> str:
    """What the index adds of an exhibit that is printed with its translation."""
    made = {each.row.made for found in one.translations.values() for each in found if each.view}
    if not made:
        return ""
    return " · " + words(
        "translation.summary_machine" if MACHINE in made else "translation.summary"
    )


def language_name(code: str, words: Wording) -> str:
    """A language in words, or its code."""
    return words.get(f"language_name.{code}", code or words("translation.not_stated"))


def _plain(code: str) -> str:
    """The main part of a language's code."""
    lower = code.lower().replace("_", "-")
    main = _ALIKE.get(lower, lower.partition("-")[0])
    return _ALIKE.get(main, main)
