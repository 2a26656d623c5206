"""Every action of the window as one row of a table: menus, tools, palette, legend and README come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from casekit.ui import (
    annotating,
    arrangement,
    boxing,
    checking,
    clearing,
    coding_many,
    coding_set_up,
    companions,
    conflicting,
    deciding,
    editing,
    events,
    findings_page,
    highlighting,
    issued_list,
    keying,
    logging_privilege,
    making_facts,
    pages,
    producing,
    pseudonyms,
    redacting,
    search_history,
    signing,
    taking_back,
    term_report,
    tiering,
    translating,
    trial,
    verbs,
)

if TYPE_CHECKING:
    from casekit.ui.window import Window

Need = Literal["none", "case", "item", "items"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do.

    Attributes:
        id: Noun and verb, as on the command line where it has the same.
        text: As menus show it.
        run: Does it, given the window.
        keys: Shortcut in Qt's portable form; single letters are off in text fields.
        needs: What must be there: nothing, an open case, a current item, or items in the list.
        icon: Name in the icon set.
        help: One sentence for palette, legend and README.
    """

    id: str
    text: str
    run: Callable[[Window], None]
    keys: str = ""
    needs: Need = "case"
    icon: str = ""
    help: str = ""


def _tag_actions() -> tuple[Action, ...]:
    return tuple(
        Action(
            f"code.{n}", f"Tag {n}",
            lambda window, n=n: verbs.tag_by_key(window, str(n)), str(n), "item",  # type: ignore[misc]
            help="Set what this key stands for on the chosen items: a preset, or a tag, which it takes off too",
        )
        for n in range(1, 10)
    )  # fmt: skip


def _page_actions() -> tuple[Action, ...]:
    return tuple(
        Action(
            f"page.{page.id}", page.text, lambda window, page=page: window.show_page(page.id),  # type: ignore[misc]
            page.keys, "case", page.icon, page.help,
        )
        for page in pages.PAGES
    )  # fmt: skip


ACTIONS: tuple[Action, ...] = (
    Action("case.new", "New case …", verbs.new_case, "Ctrl+N", "none", "folder-plus-outline",
           "Make an empty case folder"),
    Action("case.open", "Open case …", verbs.open_case, "Ctrl+O", "none", "folder-open-outline",
           "Open a folder that ends in .casekit"),
    Action("case.sample", "Open the sample matter", verbs.open_sample, "", "none", "school-outline",
           "A fictional dispute to learn with: evidence, tags, a finding and a dossier"),
    Action("case.close", "Close case", verbs.close_case, "Ctrl+W", "case", "close",
           "Go back to the first page"),
    Action("case.verify", "Verify case", verbs.verify, "", "case", "shield-check-outline",
           "Hash every original again and check the whole custody log"),
    Action("case.checkpoint", "Checkpoint …", signing.sign_state, "", "case", "seal-variant",
           "Sign the custody log as it is now, or have it time-stamped, and keep a copy outside the case"),
    Action("matter.edit", "Matter …", verbs.edit_matter, "", "case", "scale-balance",
           "Name, court, number and judge, as the caption shows them"),
    Action("evidence.import", "Import evidence …", verbs.import_files, "Ctrl+I", "case", "tray-arrow-down",
           "Copy files or a folder into the case, hashed and logged"),
    Action("evidence.map", "Map fields …", verbs.map_fields, "", "case", "table-column",
           "Say what the columns of an unknown table or log are, and import it"),
    Action("evidence.index", "Index for search", verbs.index, "", "case", "text-search",
           "Go on with the index of words and meaning where it stopped"),
    Action("evidence.recognise", "Recognise text …", verbs.recognise, "", "items", "text-recognition",
           "Read the pages of the listed items that hold no text, so that words can find them"),
    Action("evidence.again", "Read again", verbs.read_again, "", "case", "file-refresh-outline",
           "Read files that had problems again, from the vault: those listed, or all"),
    Action("evidence.report", "Import reports", verbs.show_report, "", "case", "clipboard-text-outline",
           "What each import read, and every problem it met"),
    Action("times.decide", "Times to decide …", deciding.decide_times, "", "case", "clock-alert-outline",
           "Say in which zone times without one were written, or leave them out"),
    Action("timeline.event", "Put on the timeline …", events.put_on_timeline, "", "case", "calendar-plus",
           "Add an event to the timeline, such as what the item that is shown tells of"),
    Action("dossier.edit", "Dossier editor", editing.edit_dossier, "Ctrl+Shift+E", "case",
           "file-document-edit-outline", "Choose, order and fill in its sections, with its pages beside them"),
    Action("dossier.export", "Dossier …", verbs.export_dossier, "Ctrl+E", "case", "file-pdf-box",
           "Make the PDF with exhibits, findings and custody"),
    Action("dossier.sign", "Sign a dossier …", signing.sign_dossier, "", "case", "signature-freehand",
           "Sign an issued dossier with your key, with a time stamp if you like"),
    Action("companion.write", "Lists for Word and spreadsheets …", companions.write_list, "", "case",
           "file-word-outline", "Write index, chronology, trial list or logs as DOCX or XLSX, to edit"),
    Action("volume.produce", "Produce a volume …", producing.produce, "", "case", "package-variant-closed",
           "Hand documents over with Bates numbers: pictures, natives, texts and load files"),
    Action("issued.list", "Issued versions", issued_list.show_register, "", "case", "history",
           "What was issued, with hash, numbers, what changed since, and to whom it went"),
    Action("list.export", "List as XLSX …", verbs.export_list, "X", "items", "table-arrow-right",
           "Write the list as it stands into a spreadsheet"),
    Action("finding.new", "New finding …", findings_page.new_finding, "Ctrl+Shift+F", "case",
           "chart-bell-curve",
           "Compute shared wording, lineage or exposure, beside controls, with its error rate"),
    Action("app.quit", "Quit", verbs.quit_app, "Ctrl+Q", "none", "",
           "Close the window; work under way stops safely"),
    Action("edit.undo", "Undo", verbs.undo, "Ctrl+Z", "case", "undo",
           "Take your last act back; the log keeps both"),
    Action("edit.redo", "Redo", verbs.redo, "Ctrl+Shift+Z", "case", "redo", "Do again what was taken back"),
    Action("cite.copy", "Copy pinpoint cite", verbs.copy_cite, "Ctrl+Shift+C", "item", "format-quote-close",
           "Exhibit and place of the marked text, ready to paste"),
    Action("search.focus", "Search", verbs.focus_search, "/", "case", "magnify", "Go to the search field"),
    Action("search.save", "Save this search …", verbs.save_search, "Ctrl+S", "case", "bookmark-plus-outline",
           "Keep the search in the sidebar under a name"),
    Action("search.history", "History of searches …", search_history.show_history, "Alt+H", "case",
           "history", "What was searched, when, by whom; search again, annotate, save"),
    Action("search.report", "Search-term report …", term_report.show_term_report, "Ctrl+Shift+T", "case",
           "format-list-numbered", "Count what each term of a list finds: hits, unique hits, with family"),
    Action("search.clear", "Clear the search", verbs.clear_search, "Ctrl+Backspace", "case", "",
           "List everything again"),
    *_page_actions(),
    Action("item.next", "Next item", verbs.next_item, "J", "items", "", "Go one row down"),
    Action("item.previous", "Item before", verbs.previous_item, "K", "items", "", "Go one row up"),
    Action("item.save_and_next", "Save and next", keying.save_and_next, "Ctrl+Return", "items", "",
           "Keep note and texts and go one row down, if nothing required is missing"),
    Action("item.similar", "Find similar", verbs.find_similar, "S", "item", "approximately-equal",
           "Show what is most alike beside it, with the words they share"),
    Action("item.conversation", "Whole conversation", verbs.whole_conversation, "V", "item", "forum-outline",
           "List all messages of the conversation in the order in which they were said"),
    Action("hit.next", "Next hit", verbs.next_hit, "N", "item", "", "Go to the next marked passage"),
    Action("hit.previous", "Hit before", verbs.previous_hit, "Shift+N", "item", "",
           "Go to the marked passage before"),
    Action("annotation.add", "Annotate", annotating.annotate_marked, "A", "item", "comment-edit-outline",
           "Annotate the marked text; on text that is annotated, write the note"),
    Action("annotation.list", "Annotations …", annotating.list_annotations, "Shift+A", "case",
           "comment-multiple-outline", "List the annotations of the item or of the case, and go to each"),
    Action("highlight.edit", "Highlights …", highlighting.edit_highlights, "Ctrl+H", "case", "marker",
           "Sets of terms that are marked in every text, with how often each stands here and in the case"),
    Action("highlight.add", "Highlight everywhere", highlighting.add_marked, "Ctrl+Shift+H", "item", "",
           "Add the marked words to the last set of highlights"),
    Action("highlight.switch", "Show or hide highlights", highlighting.switch_highlights, "Shift+H", "case",
           "", "Leave the marks of all sets out of the text, or put them in again"),
    *_tag_actions(),
    Action("code.bulk", "Tag many …", verbs.tag_many, "T", "item", "tag-multiple-outline",
           "Choose a tag for all chosen items and see first how many have it"),
    Action("code.as_previous", "Code as previous", keying.code_as_previous, "Ctrl+D", "item", "",
           "Code this item as the one coded last: the same values and tags; nothing is taken off"),
    Action("code.many", "Code many …", coding_many.code_chosen, "Shift+T", "item", "format-list-checks",
           "Choose a field and a value for all chosen items and see first how many have it"),
    Action("code.advance", "Advance after a code", keying.toggle_advance, "", "none", "skip-next-outline",
           "After a code by key or click comes the next item, or the list stays"),
    Action("code.set_up", "Templates and keys …", coding_set_up.set_up, "", "case", "form-select",
           "Say what is coded of each kind of evidence, by which keys, and how codes spread"),
    Action("exhibit.mark", "Mark as exhibit", verbs.mark_exhibit, "E", "item", "certificate-outline",
           "Give the item the next exhibit label, or take its label away"),
    Action("exhibit.trial", "Trial exhibit list …", trial.edit_list, "", "case", "gavel",
           "Write witness, purpose, basis, objection and dates of each exhibit into a table"),
    Action("translation.pair", "Translation …", translating.pair, "", "item", "translate",
           "Pair the item with its translation: who made it, how, when, and who vouches for it"),
    Action("privilege.mark", "Privilege", verbs.mark_privilege, "P", "item", "shield-lock-outline",
           "Withhold the item and its family; pressed again it stays withheld"),
    Action("privilege.release", "Release privilege", verbs.release_privilege, "Shift+P", "item",
           "shield-off-outline", "Take the withholding of the item and its family back; it is undecided again"),
    Action("privilege.clear", "Not privileged", clearing.clear, "C", "item", "shield-check",
           "Decide that the chosen items are not privileged and may leave, or take that back"),
    Action("privilege.clear_families", "Not privileged, with families", clearing.clear_families, "Shift+C",
           "item", "", "Decide the same for the chosen items with all that belongs to them"),
    Action("tier.give", "Confidentiality tier …", tiering.give_tier, "Shift+D", "item", "eye-lock-outline",
           "Give the chosen items a tier of the matter's order on confidentiality, or none"),
    Action("tier.order", "Order on confidentiality …", tiering.edit_order, "", "case", "folder-eye-outline",
           "Write its tiers, what their pages bear and who may see each"),
    Action("privilege.conflicts", "Privilege conflicts …", conflicting.list_conflicts, "", "case",
           "shield-alert-outline", "List copies, quotations and forwards of withheld items, and decide them"),
    Action("privilege.describe", "Describe for the log …", logging_privilege.describe, "", "item",
           "text-box-edit-outline", "Write what the privilege log says of the withheld item"),
    Action("clawback.notice", "Clawback notice received …", taking_back.receive_notice, "", "case",
           "lock-alert-outline", "Sequester at once what the other side takes back of what it produced"),
    Action("clawback.release", "Sequestered …", taking_back.release, "", "case", "lock-open-outline",
           "List what is sequestered, by whom, when and on whose notice, and release it"),
    Action("clawback.own", "Take back what has left …", taking_back.take_back, "", "item", "keyboard-return",
           "Withhold produced items from now on and show them as taken back"),
    Action("clawback.letter", "Clawback letter …", taking_back.write_letter, "", "case", "email-lock-outline",
           "Write numbers, productions, dates and basis of what is taken back, for the letter"),
    Action("privilege.log", "Privilege log …", logging_privilege.write_log, "", "case", "table-lock",
           "Write the withheld items by document, category or metadata into a table"),
    Action("redact.mark", "Redact", redacting.redact_marked, "R", "item", "marker-cancel",
           "Withhold the marked passage from every export, or show it again; on pages, draw a box"),
    Action("redact.page", "Redact the page", boxing.whole_page, "Ctrl+Shift+R", "item", "file-cancel-outline",
           "Withhold the whole page that is shown, or show it again"),
    Action("redact.all_but", "Redact all but …", boxing.all_but, "Alt+R", "item", "select-inverse",
           "Withhold all texts but the marked passage, or all of the page but a box"),
    Action("redact.check", "Check redactions …", checking.check_redactions, "", "case", "account-check-outline",
           "Approve or reject what another person has redacted"),
    Action("pseudonym.give", "Pseudonym …", pseudonyms.give_pseudonym, "Shift+R", "item",
           "account-lock-outline",
           "Print a pseudonym instead of a name, account, address, number or key, in every dossier"),
    Action("pseudonym.list", "Pseudonyms …", pseudonyms.list_pseudonyms, "", "case", "account-multiple-outline",
           "List the pseudonyms, take them out of use, write their sealed key"),
    Action("fact.make", "Make a fact …", making_facts.make_fact, "F", "item", "notebook-plus-outline",
           "Make a fact of the marked passage, the page or the item, which it cites; Return keeps it"),
    Action("fact.cite", "Cite in a fact …", making_facts.cite_in_fact, "Shift+F", "item",
           "notebook-edit-outline", "Add what is marked to the citations of a fact that is there already"),
    Action("fact.new", "New fact …", making_facts.new_fact, "", "case", "notebook-outline",
           "Write a fact that cites nothing yet"),
    Action("note.write", "Write a note", verbs.write_note, "M", "item", "note-edit-outline",
           "Go to the note field"),
    Action("view.read", "Read", verbs.tab("read"), "Alt+1", "item", "", "The item as text"),
    Action("view.pages", "Pages", verbs.tab("pages"), "Alt+2", "item", "",
           "The pages of a document as they look"),
    Action("view.details", "Details", verbs.tab("details"), "Alt+3", "item", "",
           "All that the case knows of the item"),
    Action("view.raw", "Raw", verbs.tab("raw"), "Alt+4", "item", "",
           "The exact bytes, hidden characters shown"),
    Action("view.sidebar", "Sidebar", verbs.toggle_sidebar, "Ctrl+B", "case", "dock-left",
           "Show or hide the left pane"),
    Action("view.filters", "Filters", verbs.toggle_filters, "Ctrl+L", "case", "filter-outline",
           "Counts of every field in the list, to narrow it by"),
    Action("view.coding", "Coding pane", verbs.toggle_coding, "Ctrl+Shift+B", "case", "dock-right",
           "Show or hide the right pane"),
    Action("view.compact", "Compact rows", verbs.toggle_compact, "", "case", "",
           "More rows in the same height"),
    Action("view.apart", "Viewer in its own window", arrangement.detach_viewer, "F11", "case", "dock-window",
           "Put the viewer on a second screen, or back below the list; every key works in both"),
    Action("view.refresh", "Refresh", verbs.refresh, "F5", "case", "refresh", "Read list and counts again"),
    Action("theme.system", "Follow the system", verbs.theme("system"), "", "none", "",
           "Light or dark as the desktop is"),
    Action("theme.light", "Light", verbs.theme("light"), "", "none", "", "Dark ink on paper"),
    Action("theme.dark", "Dark", verbs.theme("dark"), "", "none", "", "Light ink on slate"),
    Action("theme.contrast", "High contrast", verbs.theme("contrast"), "", "none", "",
           "Black, white and one yellow"),
    Action("language.en", "English", verbs.language("en"), "", "none", "", "Speak English from the next start"),
    Action("language.zh", "中文", verbs.language("zh"), "", "none", "", "Speak Chinese from the next start"),
    Action("go.palette", "All commands …", verbs.palette, "Ctrl+K", "none", "console-line",
           "Find any command by its name"),
    Action("help.keys", "Keys", verbs.legend, "?", "none", "keyboard-outline", "Every key on one page"),
    Action("help.about", "About CaseKit", verbs.about, "", "none", "information-outline",
           "Version, licences, where the log is"),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Case",
     ("case.new", "case.open", "case.sample", "", "matter.edit", "tier.order",
      "case.verify", "case.checkpoint", "",
      "case.close", "app.quit")),
    ("Evidence",
     ("evidence.import", "evidence.map", "evidence.index", "evidence.recognise", "evidence.again",
      "times.decide", "timeline.event", "evidence.report", "", "finding.new", "",
      "dossier.edit", "dossier.export", "companion.write", "dossier.sign", "volume.produce",
      "issued.list", "list.export", "privilege.log")),
    ("Edit", ("edit.undo", "edit.redo", "", "cite.copy", "note.write", "annotation.add",
              "annotation.list")),
    ("Search",
     ("search.focus", "search.save", "search.clear", "search.report", "search.history", "",
      "item.similar",
      "item.conversation", "hit.next", "hit.previous", "",
      "highlight.edit", "highlight.add", "highlight.switch")),
    ("Go",
     (*(f"page.{page.id}" for page in pages.PAGES), "", "item.next", "item.previous", "item.save_and_next")),
    ("Code",
     (*(f"code.{n}" for n in range(1, 10)), "", "code.bulk", "code.many", "code.as_previous",
      "code.advance", "code.set_up", "", "exhibit.mark", "exhibit.trial", "translation.pair",
      "privilege.mark", "privilege.release", "privilege.clear", "privilege.clear_families",
      "privilege.describe", "privilege.conflicts", "tier.give",
      "redact.mark", "redact.page", "redact.all_but", "redact.check", "pseudonym.give",
      "pseudonym.list", "",
      "clawback.notice", "clawback.release", "clawback.own", "clawback.letter")),
    ("Facts", ("fact.make", "fact.cite", "fact.new")),
    ("View",
     ("view.read", "view.pages", "view.details", "view.raw", "", "view.sidebar", "view.filters", "view.coding",
      "view.compact", "view.apart", "view.refresh",
              "", "theme.system", "theme.light", "theme.dark", "theme.contrast",
              "", "language.en", "language.zh")),
    ("Help", ("go.palette", "help.keys", "help.about")),
)  # fmt: skip
TOOLS = (
    "edit.undo",
    "evidence.import",
    "item.similar",
    "item.conversation",
    "exhibit.mark",
    "dossier.edit",
    "dossier.export",
    "go.palette",
)
ROW_MENU = (
    "item.similar",
    "item.conversation",
    "cite.copy",
    "fact.make",
    "",
    "code.bulk",
    "exhibit.mark",
    "privilege.mark",
    "privilege.clear",
    "tier.give",
    "pseudonym.give",
    "note.write",
    "timeline.event",
    "",
    "list.export",
)
