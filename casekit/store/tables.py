"""The whole schema of a case's database on one page, portable between SQLite and PostgreSQL.

Times are integers: microseconds since 1970 UTC (`*_us`). Hashes are 32 raw bytes. `journaled` tables
change only through `casekit.ops.journal`, which records every value before and after; the tables of
`ITEM_TABLES` are written once and covered by each item's canonical digest.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from casekit.store import columns
from casekit.store.canary_tables import CANARY_TABLES
from casekit.store.cluster_tables import CLUSTER_TABLES
from casekit.store.coding_tables import CODING_TABLES
from casekit.store.collect_tables import COLLECT_TABLES
from casekit.store.columns import id_column as _id
from casekit.store.columns import text_column as _text
from casekit.store.fact_tables import FACT_TABLES
from casekit.store.people_tables import PEOPLE_TABLES
from casekit.store.review_tables import REVIEW_TABLES
from casekit.store.search_tables import SEARCH_TABLES

APPLICATION_ID = 0x43415345  # "CASE"
REVISION = "0034"

metadata = columns.metadata


# -- the matter -----------------------------------------------------------------------------------

matter = Table(
    "matter", metadata, Column("key", Text, primary_key=True), _text("value", null=False)
)

matter_party = Table(
    "matter_party", metadata, _id(), _text("name", null=False), _text("side", null=False),
    _text("role", null=False), _text("short"), _text("counsel"),
)  # fmt: skip

# -- what was received ----------------------------------------------------------------------------

original = Table(
    "original",
    metadata,
    _id(),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    _text("format", null=False),  # as sniffed; empty until read
    _text("state", null=False),  # waiting, reading, read, failed
    Column(
        "filed", Integer, nullable=False
    ),  # top-level items so far: where a resumed import goes on
)

custodian = Table("custodian", metadata, _id(), Column("name", Text, nullable=False, unique=True))

ingest_run = Table(
    "ingest_run", metadata, _id(), Column("started_us", BigInteger, nullable=False),
    Column("finished_us", BigInteger), _text("state", null=False), _text("sources", null=False),
    _text("report"), _text("confinement"),
)  # fmt: skip

receipt = Table(
    "receipt",
    metadata,
    _id(),
    Column("original_id", ForeignKey("original.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("ingest_run.id"), nullable=False),
    Column("custodian_id", ForeignKey("custodian.id"), index=True),
    Column("at_us", BigInteger, nullable=False),
    _text("path", null=False),  # below the source, as displayed; never used as a path
    Column("modified_us", BigInteger),
    _text("role"),  # subject, source, control, other
    _text("model"),
    _text("received_from"), _text("received_at"), _text("medium"), _text("collected_by"),
    _text("collection_tool"), _text("authority"),
    _text("supplied_hash"),  # sha256:…, sha1:… or md5:… as supplied
    _text("supplied_match"),  # yes, no, or empty where none was supplied
)  # fmt: skip

# -- items ----------------------------------------------------------------------------------------

item = Table(
    "item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("original_id", ForeignKey("original.id"), nullable=False),
    Column("parent_id", ForeignKey("item.id")),
    Column("root_id", Integer, nullable=False),  # the family's head; its own id for a head
    _text("kind", null=False),
    _text("collection", null=False),
    _text("title", null=False),
    _text("name", null=False),
    _text("media_type", null=False),
    _text("pointer", null=False),  # canonical JSON of the steps from the original's bytes
    Column("sha256", LargeBinary(32), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sent_us", BigInteger),
    _text("sent_raw"), _text("sent_field"), _text("sent_zone"),
    Column("sent_resolution_us", BigInteger),
    Column("pages", Integer),
    _text("language", null=False),
    _text("facts", null=False),
    Column("digest", LargeBinary(32), nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip
Index("item_by_date", item.c.sent_us, item.c.id)
Index("item_by_collection", item.c.collection, item.c.sent_us, item.c.id)
Index("item_by_kind", item.c.kind, item.c.sent_us, item.c.id)
Index("item_by_original", item.c.original_id, item.c.id)
_has_parent = item.c.parent_id.is_not(None)  # heads are most items: their families need no index
Index("item_by_parent", item.c.parent_id, sqlite_where=_has_parent, postgresql_where=_has_parent)
Index("item_by_root", item.c.root_id, sqlite_where=_has_parent, postgresql_where=_has_parent)

item_text = Table(
    "item_text", metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    _text("part", null=False), _text("text", null=False),
    sqlite_with_rowid=False,
)  # fmt: skip

exchange = Table(
    "exchange",
    metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("model"), _text("model_requested"), _text("provider"), _text("endpoint"), _text("account"),
    _text("api_key"), _text("request_id"), _text("conversation_id"), _text("ip"),
    Column("asn", BigInteger), _text("country"), _text("user_agent"), _text("ja4"), _text("payment"),
    Column("status", Integer), _text("finish_reason"), Column("temperature", Float),
    Column("top_p", Float), Column("seed", BigInteger), Column("max_tokens", BigInteger),
    Column("input_tokens", BigInteger), Column("output_tokens", BigInteger),
    Column("latency_ms", BigInteger), Column("prompt_sha256", LargeBinary(32)), _text("messages"),
    _text("parameters"), _text("extra"), _text("completeness"),
    _text("organisation"), _text("project"), _text("end_user"), _text("operation"), _text("upstream_id"),
    _text("trace_id"), _text("parent_request"), _text("api_version"), _text("referer"), _text("ja3"),
    _text("sdk"), Column("stream", Integer), Column("answers", Integer), Column("turn", Integer),
    Column("sample", Integer), Column("top_k", BigInteger), Column("ttft_ms", BigInteger),
    Column("reasoning_tokens", BigInteger), Column("cache_read_tokens", BigInteger),
    Column("cache_write_tokens", BigInteger), Column("cost", Float), _text("currency"), _text("error"),
    _text("reasoning_signature"), _text("joint"),
)  # fmt: skip
Index("exchange_by_model", exchange.c.model, exchange.c.item_id)
_is_part = exchange.c.joint.is_not(None)  # few are: the others need no entry
Index("exchange_by_joint", exchange.c.joint, exchange.c.request_id, exchange.c.item_id,
      sqlite_where=_is_part, postgresql_where=_is_part)  # fmt: skip

exchange_join = Table(  # derived from `exchange`; `verify` computes it again
    "exchange_join", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("join_id", Integer, nullable=False, index=True),  # the first item of those that belong together
    _text("ground", null=False),  # what says so, or why an item could not be joined and is alone
)  # fmt: skip

mail = Table(
    "mail", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("message_id"), _text("mih"), _text("in_reply_to"), _text("refs"), _text("subject"),
    Column("content_hash", LargeBinary(32)), _text("headers"),
)  # fmt: skip
Index("mail_by_message_id", mail.c.message_id)

item_party = Table(
    "item_party", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("no", Integer, primary_key=True), _text("role", null=False), _text("name", null=False),
    _text("address", null=False),
    sqlite_with_rowid=False,
)  # fmt: skip
Index("item_party_by_address", item_party.c.address, item_party.c.item_id)

mail_thread = Table(  # derived from `mail`; `verify` computes it again
    "mail_thread", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("thread_id", Integer, nullable=False, index=True),
)  # fmt: skip

problem = Table(
    "problem", metadata, _id(), Column("run_id", ForeignKey("ingest_run.id"), nullable=False),
    Column("original_id", ForeignKey("original.id")), Column("item_id", ForeignKey("item.id"), index=True),
    _text("path", null=False), _text("stage", null=False), _text("kind", null=False),
    _text("text", null=False), Column("line", BigInteger), Column("offset", BigInteger),
    Column("length", BigInteger),
)  # fmt: skip

reread = Table(  # an original that a run read again from first byte to last: it settles what came before
    "reread", metadata, _id(), Column("original_id", ForeignKey("original.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("ingest_run.id"), nullable=False),
)  # fmt: skip

# -- work on items --------------------------------------------------------------------------------

tag = Table(
    "tag", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("colour", null=False), _text("key"),
)  # fmt: skip

item_tag = Table(
    "item_tag", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)  # fmt: skip
Index("item_tag_by_tag", item_tag.c.tag_id, item_tag.c.item_id)

note = Table(
    "note", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    _text("part"), Column("start", Integer), Column("stop", Integer), _text("text", null=False),
    _text("author", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

annotation = Table(  # of a passage of a part, drawn beside it and never in it
    "annotation", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    _text("part", null=False), Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("quote_sha256", LargeBinary(32), nullable=False),  # of the passage in UTF-8
    _text("colour", null=False), _text("text"), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

judgement = Table(  # what a person said of two items that are alike; the lower number first
    "judgement", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("other_id", ForeignKey("item.id"), primary_key=True), Column("by", Text, primary_key=True),
    _text("verdict", null=False),  # same, unsure, different
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip
Index("judgement_by_other", judgement.c.other_id)

time_decision = Table(  # how the times that one original wrote without a zone are to be read
    "time_decision", metadata, _id(),
    Column("original_id", ForeignKey("original.id"), nullable=False),
    _text("field", null=False), _text("rule", null=False),  # the items' sent_field and sent_zone
    _text("reading", null=False),  # as-assumed, left-out, an offset or a zone
    Column("swapped", Integer, nullable=False),  # 1: day and month are each other's
    _text("reason", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip
Index("time_decision_by_rule", time_decision.c.original_id, time_decision.c.field, time_decision.c.rule,
      unique=True)  # fmt: skip

time_shift = Table(  # what a decision adds to the instants as assumed, between two changes of the clock
    "time_shift", metadata, Column("decision_id", ForeignKey("time_decision.id"), primary_key=True),
    Column("from_us", BigInteger, primary_key=True), Column("until_us", BigInteger, nullable=False),
    Column("shift_us", BigInteger, nullable=False),
    Column("wide_us", BigInteger, nullable=False),  # how much later the instant may be all the same
    sqlite_with_rowid=False,
)  # fmt: skip

machine_text = Table(  # what a program made of pixels, beside the item's own text and never mixed with it
    "machine_text", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False),
    _text("part", null=False),  # page/n
    _text("text", null=False),  # empty where nothing was found
    _text("engine", null=False), _text("version", null=False), _text("language", null=False),
    Column("dpi", Integer, nullable=False),
    Column("confidence", Integer),  # the engine's own mean over its words, in percent
    Column("pixels_sha256", LargeBinary(32), nullable=False),  # of the PNG that was read
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip
Index("machine_text_by_item", machine_text.c.item_id, machine_text.c.id)

highlight_set = Table(  # terms that are marked in every text that is read, never in the evidence itself
    "highlight_set", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("colour", null=False), _text("pattern", null=False),  # words of `queries.highlights`
    _text("terms", null=False),  # a line each
    Column("shown", Integer, nullable=False), Column("position", Integer, nullable=False),
)  # fmt: skip

saved_spec = Table(  # what a dossier shall hold, as the file that the command line takes has it
    "saved_spec", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("spec", null=False),
)  # fmt: skip

privilege = Table(
    "privilege", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("basis", null=False), _text("note"), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

privilege_pass = Table(  # decided: the item gives this withheld item away and is not privileged for it
    "privilege_pass", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("withheld_id", ForeignKey("item.id"), primary_key=True), _text("why", null=False),
    _text("reason", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

privilege_cleared = Table(  # decided: the item is not privileged and may leave
    "privilege_cleared", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

notice = Table(  # of the other side: what it takes back of what it produced
    "notice", metadata, _id(), _text("party", null=False), _text("dated", null=False),
    _text("reference", null=False),
    Column("item_id", ForeignKey("item.id")),  # the notice itself, where it was received as an item
    _text("named", null=False),  # what it names, a line each, also what was not found
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

sequester = Table(  # hidden everywhere until a named person releases it
    "sequester", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("notice_id", ForeignKey("notice.id"), nullable=False), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False), _text("released_by"), _text("released_reason"),
    Column("released_us", BigInteger),
)  # fmt: skip

clawback = Table(  # of our own: taken back though it has left
    "clawback", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("basis", null=False), _text("reason", null=False), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

redaction = Table(  # characters of a part that no export may show
    "redaction", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    _text("part", null=False), Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False), _text("reason", null=False), _text("authority"),
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

redaction_box = Table(  # a rectangle of a page as it is shown; sides in millionths of its width and height
    "redaction_box", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("page", Integer, nullable=False),  # from 1
    _text("kind", null=False),  # hide: no export shows it; keep: of its page exports show nothing else
    Column("left", Integer, nullable=False), Column("top", Integer, nullable=False),
    Column("right", Integer, nullable=False), Column("bottom", Integer, nullable=False),
    Column("elsewhere", Integer, nullable=False),  # 1: the same words may be shown elsewhere
    _text("source", null=False),  # what knows the words: text, an engine, or empty for nobody
    _text("words", null=False),  # JSON of the words that it may withhold and where they stand
    _text("reason", null=False), _text("authority"), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

redaction_check = Table(  # what a second person said of a redaction, a box or a pseudonym
    "redaction_check", metadata, _id(), _text("kind", null=False),
    Column("subject_id", Integer, nullable=False),
    Column("seen", LargeBinary(32), nullable=False),  # of all that made it up: it holds for nothing else
    _text("verdict", null=False),  # approve, reject
    _text("reason"), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

pseudonym = Table(  # printed instead of values: its number is given once and never again
    "pseudonym", metadata, Column("id", Integer, primary_key=True), _text("kind", null=False),
    Column("in_use", Integer, nullable=False), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

pseudonym_value = Table(  # every spelling that a pseudonym stands for
    "pseudonym_value", metadata, Column("id", Integer, primary_key=True),
    Column("pseudonym_id", ForeignKey("pseudonym.id"), nullable=False, index=True),
    _text("value", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

exhibit = Table(
    "exhibit", metadata, _id(), Column("label", Text, nullable=False, unique=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True), _text("title"),
    _text("designation"), Column("position", Integer, nullable=False),
)  # fmt: skip

tier = Table(  # the confidentiality tiers of the matter's order, the mildest first
    "tier", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("stamp", null=False),  # as its pages are marked
    _text("sees", null=False),  # roles that may see it, spaces between
    Column("position", Integer, nullable=False),
)  # fmt: skip

item_tier = Table(  # by name: the mark stays when the order changes, and what it no longer names goes nowhere
    "item_tier", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    _text("tier", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

tier_pass = Table(  # decided: the item tells of this one, of a stricter tier, and may go where its own lets it
    "tier_pass", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("tiered_id", ForeignKey("item.id"), primary_key=True),
    _text("tier", null=False),  # that it had then: with another one it is asked again
    _text("why", null=False), _text("reason", null=False), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

trial_exhibit = Table(  # what the trial exhibit list says of an exhibit; dates as 2026-03-14
    "trial_exhibit", metadata, Column("exhibit_id", ForeignKey("exhibit.id"), primary_key=True),
    _text("witness"), _text("purpose"), _text("basis"), _text("objected_by"), _text("objection"),
    _text("response"), _text("stipulated"), _text("offered"), _text("admitted"),
)  # fmt: skip

translation = Table(  # which item is the translation of which; none where none is needed
    "translation", metadata, _id(), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("translation_id", ForeignKey("item.id"), index=True),
    _text("made", null=False),  # human, machine or not-needed
    _text("language"), _text("translator"), _text("certificate"),
    Column("certificate_id", ForeignKey("item.id")), _text("dated"), _text("reason"),
)  # fmt: skip

finding = Table(
    "finding", metadata, _id(), _text("kind", null=False), _text("title", null=False),
    _text("body", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

production = Table(
    "production", metadata, _id(), _text("kind", null=False), _text("title", null=False),
    Column("at_us", BigInteger, nullable=False), Column("custody_seq", Integer, nullable=False),
    Column("plan_sha256", LargeBinary(32), nullable=False),
    Column("pdf_sha256", LargeBinary(32), nullable=False), Column("pages", Integer, nullable=False),
    _text("plan", null=False),
)  # fmt: skip

sending = Table(  # to whom an issued version went
    "sending", metadata, _id(), Column("production_id", ForeignKey("production.id"), nullable=False),
    _text("recipient", null=False), _text("role"), _text("how", null=False),
    _text("sent", null=False),  # a day
    _text("note"), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

bates = Table(
    "bates", metadata, Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("production_id", ForeignKey("production.id"), nullable=False), _text("prefix", null=False),
    Column("first", Integer, nullable=False), Column("last", Integer, nullable=False),
)  # fmt: skip
Index("bates_by_number", bates.c.prefix, bates.c.first, unique=True)

# -- custody --------------------------------------------------------------------------------------

custody = Table(
    "custody", metadata, Column("seq", Integer, primary_key=True),
    Column("leaf", LargeBinary, nullable=False),  # canonical JSON
    Column("hash", LargeBinary(32), nullable=False),  # RFC 6962 leaf hash
)  # fmt: skip

act_detail = Table(
    "act_detail", metadata, Column("seq", ForeignKey("custody.seq"), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib over canonical JSON
)  # fmt: skip

checkpoint = Table(  # a state of the custody log that was signed or time-stamped
    "checkpoint", metadata, _id(), Column("seq", Integer, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("statement", LargeBinary, nullable=False),  # the exact bytes signed
    Column("signature", LargeBinary), Column("stamp", LargeBinary), _text("signer"),
    _text("certificate_sha256"), _text("authority"), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

original_act = (
    Table(  # which acts touched an original, derived from their details; `verify` compares
        "original_act",
        metadata,
        Column("original_id", ForeignKey("original.id"), primary_key=True),
        Column("seq", ForeignKey("custody.seq"), primary_key=True),
        sqlite_with_rowid=False,
    )
)

ITEM_TABLES = (item, item_text, exchange, mail, item_party)
JOURNALED = (
    matter, matter_party, original, custodian, ingest_run, receipt, problem, reread, tag, item_tag, note,
    annotation, time_decision, time_shift, machine_text, highlight_set, saved_spec, privilege,
    privilege_pass, privilege_cleared, notice, sequester, clawback, redaction, redaction_box,
    redaction_check, pseudonym, pseudonym_value, exhibit, tier, item_tier, trial_exhibit, translation, finding,
    production, sending, bates, checkpoint, *FACT_TABLES, *CODING_TABLES, *REVIEW_TABLES, *PEOPLE_TABLES,
    *CANARY_TABLES, tier_pass, judgement, *COLLECT_TABLES, *CLUSTER_TABLES, *SEARCH_TABLES,
)  # fmt: skip

_PLACE = (
    "coalesce(json_extract(facts, '$.channel'), json_extract(facts, '$.chat'), "
    "json_extract(facts, '$.channel_id'), json_extract(facts, '$.chat_id'))"
)
CONVERSATION = (
    "CASE WHEN json_valid(facts) THEN json_extract(facts, '$.service') || ': ' || "
    f"coalesce(json_extract(facts, '$.team') || ' / ', '') || {_PLACE} || "
    "coalesce(' (' || nullif(coalesce(json_extract(facts, '$.channel_id'), "
    f"json_extract(facts, '$.chat_id')), {_PLACE}) || ')', '') END"
)
"""The conversation that a message's facts name, such as `Slack: general (C012345)`; null where they name none.

An index of it, rather than a column, leaves every digest as it is and serves what older versions received.
"""

EXPRESSION_INDEXES = {
    "item_by_conversation": (
        f"CREATE INDEX item_by_conversation ON item ({CONVERSATION}, sent_us, id) WHERE kind = 'message'"
    )
}

TRIGGERS = {
    f"{table.name}_is_append_only_{verb.lower()}": (
        f"CREATE TRIGGER {table.name}_is_append_only_{verb.lower()} BEFORE {verb} ON {table.name} "
        f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
    )
    for table in (custody, act_detail, *ITEM_TABLES)
    for verb in ("UPDATE", "DELETE")
}
