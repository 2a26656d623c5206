from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal, tags, templates
from casekit.queries import facets
from casekit.queries import templates as queries
from casekit.queries.templates import Code, Field, Preset, SetUp, Template
from casekit.store.case import Case

ONE = Template("documents", (Field("responsive", "Responsive", "one", ("yes", "no")),))


def test_a_set_up_is_taken_changed_and_taken_back(case: Case) -> None:
    with case.write() as s:
        taken = templates.take_set_up(
            s, SetUp({"documents": ONE}, (Preset("Yes", "1", (Code("responsive", "yes"),)),))
        )
    with case.read() as s:
        assert queries.templates(s) == {"documents": ONE}
        assert [p.name for p in queries.presets(s)] == ["Yes"]
    more = Template("documents", (*ONE.fields, Field("remark", "Remark", "text")), complete=True)
    with case.write() as s:
        changed = templates.set_template(s, more)
        templates.set_template(s, Template("other", (Field("x", "X", "flag"),)))
        templates.set_template(s, Template("other"))
    with case.read() as s:
        assert queries.templates(s) == {"documents": more}
    with pytest.raises(CaseKitError, match="a later act"), case.write() as s:
        journal.undo(s, taken.act)
    with case.write() as s:
        journal.undo(s, changed.act)
        journal.undo(s, taken.act)
        assert queries.set_up(s) == SetUp()


def test_no_two_things_have_one_key(case: Case) -> None:
    with case.write() as s:
        tags.make_tag(s, "hot", key="2")
        tags.make_tag(s, "cold")
        templates.take_usual(s)
        keys = {p.name: p.key for p in queries.presets(s)}
        assert (keys["Responsive"], keys["Not responsive"]) == ("1", "")
        for taken, whose in (("1", "preset “Responsive”"), ("2", "tag “hot”")):
            with pytest.raises(CaseKitError, match=whose):
                templates.set_preset(s, Preset("New", taken, (Code("hot", "yes"),)))
        with pytest.raises(CaseKitError, match="tag “hot”"):
            templates.set_tag_key(s, "cold", "2")
        with pytest.raises(CaseKitError, match="digit from 1 to 9"):
            templates.set_tag_key(s, "cold", "x")
        templates.set_tag_key(s, "hot", "")
        templates.set_tag_key(s, "cold", "2")
        assert {t.name: t.key for t in facets.tags(s)} == {"cold": "2", "hot": ""}
        with pytest.raises(CaseKitError, match="belongs to the window"):
            templates.set_preset(s, Preset("New", "k", (Code("hot", "yes"),)))


def test_presets_are_renamed_and_taken_away(case: Case) -> None:
    with case.write() as s:
        templates.set_preset(s, Preset("A", "8", (Code("hot", "yes"),)))
        templates.set_preset(s, Preset("B", "", (Code("hot", "yes"),)))
        with pytest.raises(CaseKitError, match="already a preset"):
            templates.set_preset(s, Preset("B", "", (Code("hot", "yes"),)), instead_of="A")
        templates.set_preset(s, Preset("C", "8", (Code("hot", "yes"),)), instead_of="A")
        templates.remove_preset(s, "B")
        assert [(p.name, p.key) for p in queries.presets(s)] == [("C", "8")]
        with pytest.raises(CaseKitError, match="no preset “B”"):
            templates.remove_preset(s, "B")


def test_the_policies_are_three_words(case: Case) -> None:
    with case.write() as s:
        templates.set_policy(s, families="always")
        templates.set_policy(s, families="never", copies="ask")
        held = queries.set_up(s)
        assert (held.families, held.copies) == ("never", "ask")
        with pytest.raises(CaseKitError, match="sometimes"):
            templates.set_policy(s, copies="sometimes")
