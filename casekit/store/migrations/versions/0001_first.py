"""The first version: its tables, indexes and triggers as they were."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

SCHEMA = """
CREATE TABLE custodian (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE custody (
    seq INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (seq)
);
CREATE TABLE finding (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE ingest_run (
    id INTEGER NOT NULL,
    started_us BIGINT NOT NULL,
    finished_us BIGINT,
    state TEXT NOT NULL,
    sources TEXT NOT NULL,
    report TEXT,
    confinement TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE matter (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
);
CREATE TABLE matter_party (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    side TEXT NOT NULL,
    role TEXT NOT NULL,
    short TEXT,
    counsel TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE original (
    id INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    size BIGINT NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    filed INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (sha256)
);
CREATE TABLE production (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    custody_seq INTEGER NOT NULL,
    plan_sha256 BLOB NOT NULL,
    pdf_sha256 BLOB NOT NULL,
    pages INTEGER NOT NULL,
    "plan" TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE saved_search (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    "query" TEXT NOT NULL,
    mode TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE tag (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    colour TEXT NOT NULL,
    "key" TEXT,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE act_detail (
    seq INTEGER NOT NULL,
    salt BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (seq),
    FOREIGN KEY(seq) REFERENCES custody (seq)
);
CREATE TABLE item (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    original_id INTEGER NOT NULL,
    parent_id INTEGER,
    root_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    collection TEXT NOT NULL,
    title TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    pointer TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    size BIGINT NOT NULL,
    sent_us BIGINT,
    sent_raw TEXT,
    sent_field TEXT,
    sent_zone TEXT,
    sent_resolution_us BIGINT,
    pages INTEGER,
    language TEXT NOT NULL,
    facts TEXT NOT NULL,
    digest BLOB NOT NULL,
    FOREIGN KEY(original_id) REFERENCES original (id),
    FOREIGN KEY(parent_id) REFERENCES item (id)
);
CREATE INDEX item_by_collection ON item (collection, sent_us, id);
CREATE INDEX item_by_date ON item (sent_us, id);
CREATE INDEX item_by_kind ON item (kind, sent_us, id);
CREATE INDEX item_by_original ON item (original_id, id);
CREATE INDEX item_by_parent ON item (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX item_by_root ON item (root_id) WHERE parent_id IS NOT NULL;
CREATE TABLE original_act (
    original_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (original_id, seq),
    FOREIGN KEY(original_id) REFERENCES original (id),
    FOREIGN KEY(seq) REFERENCES custody (seq)
)
 WITHOUT ROWID;
CREATE TABLE receipt (
    id INTEGER NOT NULL,
    original_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    custodian_id INTEGER,
    at_us BIGINT NOT NULL,
    path TEXT NOT NULL,
    modified_us BIGINT,
    role TEXT,
    model TEXT,
    received_from TEXT,
    received_at TEXT,
    medium TEXT,
    collected_by TEXT,
    collection_tool TEXT,
    authority TEXT,
    supplied_hash TEXT,
    supplied_match TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(original_id) REFERENCES original (id),
    FOREIGN KEY(run_id) REFERENCES ingest_run (id),
    FOREIGN KEY(custodian_id) REFERENCES custodian (id)
);
CREATE INDEX ix_receipt_custodian_id ON receipt (custodian_id);
CREATE INDEX ix_receipt_original_id ON receipt (original_id);
CREATE TABLE bates (
    item_id INTEGER NOT NULL,
    production_id INTEGER NOT NULL,
    prefix TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (item_id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(production_id) REFERENCES production (id)
);
CREATE UNIQUE INDEX bates_by_number ON bates (prefix, first);
CREATE TABLE exchange (
    item_id INTEGER NOT NULL,
    model TEXT,
    model_requested TEXT,
    provider TEXT,
    endpoint TEXT,
    account TEXT,
    api_key TEXT,
    request_id TEXT,
    conversation_id TEXT,
    ip TEXT,
    asn BIGINT,
    country TEXT,
    user_agent TEXT,
    ja4 TEXT,
    payment TEXT,
    status INTEGER,
    finish_reason TEXT,
    temperature FLOAT,
    top_p FLOAT,
    seed BIGINT,
    max_tokens BIGINT,
    input_tokens BIGINT,
    output_tokens BIGINT,
    latency_ms BIGINT,
    prompt_sha256 BLOB,
    messages TEXT,
    parameters TEXT,
    extra TEXT,
    completeness TEXT,
    PRIMARY KEY (item_id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX exchange_by_account ON exchange (account, item_id);
CREATE INDEX exchange_by_model ON exchange (model, item_id);
CREATE INDEX exchange_by_prompt ON exchange (prompt_sha256, item_id);
CREATE TABLE exhibit (
    id INTEGER NOT NULL,
    label TEXT NOT NULL,
    item_id INTEGER NOT NULL,
    title TEXT,
    designation TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (label),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX ix_exhibit_item_id ON exhibit (item_id);
CREATE TABLE item_party (
    item_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (item_id, no),
    FOREIGN KEY(item_id) REFERENCES item (id)
)
 WITHOUT ROWID;
CREATE INDEX item_party_by_address ON item_party (address, item_id);
CREATE TABLE item_tag (
    item_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    PRIMARY KEY (item_id, tag_id),
    FOREIGN KEY(item_id) REFERENCES item (id),
    FOREIGN KEY(tag_id) REFERENCES tag (id)
);
CREATE INDEX item_tag_by_tag ON item_tag (tag_id, item_id);
CREATE TABLE item_text (
    item_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    part TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (item_id, no),
    FOREIGN KEY(item_id) REFERENCES item (id)
)
 WITHOUT ROWID;
CREATE TABLE mail (
    item_id INTEGER NOT NULL,
    message_id TEXT,
    mih TEXT,
    in_reply_to TEXT,
    refs TEXT,
    subject TEXT,
    content_hash BLOB,
    headers TEXT,
    PRIMARY KEY (item_id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX mail_by_message_id ON mail (message_id);
CREATE TABLE mail_thread (
    item_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    PRIMARY KEY (item_id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX ix_mail_thread_thread_id ON mail_thread (thread_id);
CREATE TABLE note (
    id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    part TEXT,
    start INTEGER,
    stop INTEGER,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX ix_note_item_id ON note (item_id);
CREATE TABLE privilege (
    item_id INTEGER NOT NULL,
    basis TEXT NOT NULL,
    note TEXT,
    "by" TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (item_id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE TABLE problem (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    original_id INTEGER,
    item_id INTEGER,
    path TEXT NOT NULL,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    line BIGINT,
    "offset" BIGINT,
    length BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES ingest_run (id),
    FOREIGN KEY(original_id) REFERENCES original (id),
    FOREIGN KEY(item_id) REFERENCES item (id)
);
CREATE INDEX ix_problem_item_id ON problem (item_id);
CREATE TRIGGER custody_is_append_only_update BEFORE UPDATE ON custody
BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER custody_is_append_only_delete BEFORE DELETE ON custody
BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER act_detail_is_append_only_update BEFORE UPDATE ON act_detail
BEGIN SELECT RAISE(ABORT, 'act_detail is append-only'); END;
CREATE TRIGGER act_detail_is_append_only_delete BEFORE DELETE ON act_detail
BEGIN SELECT RAISE(ABORT, 'act_detail is append-only'); END;
CREATE TRIGGER item_is_append_only_update BEFORE UPDATE ON item
BEGIN SELECT RAISE(ABORT, 'item is append-only'); END;
CREATE TRIGGER item_is_append_only_delete BEFORE DELETE ON item
BEGIN SELECT RAISE(ABORT, 'item is append-only'); END;
CREATE TRIGGER item_text_is_append_only_update BEFORE UPDATE ON item_text
BEGIN SELECT RAISE(ABORT, 'item_text is append-only'); END;
CREATE TRIGGER item_text_is_append_only_delete BEFORE DELETE ON item_text
BEGIN SELECT RAISE(ABORT, 'item_text is append-only'); END;
CREATE TRIGGER exchange_is_append_only_update BEFORE UPDATE ON exchange
BEGIN SELECT RAISE(ABORT, 'exchange is append-only'); END;
CREATE TRIGGER exchange_is_append_only_delete BEFORE DELETE ON exchange
BEGIN SELECT RAISE(ABORT, 'exchange is append-only'); END;
CREATE TRIGGER mail_is_append_only_update BEFORE UPDATE ON mail
BEGIN SELECT RAISE(ABORT, 'mail is append-only'); END;
CREATE TRIGGER mail_is_append_only_delete BEFORE DELETE ON mail
BEGIN SELECT RAISE(ABORT, 'mail is append-only'); END;
CREATE TRIGGER item_party_is_append_only_update BEFORE UPDATE ON item_party
BEGIN SELECT RAISE(ABORT, 'item_party is append-only'); END;
CREATE TRIGGER item_party_is_append_only_delete BEFORE DELETE ON item_party
BEGIN SELECT RAISE(ABORT, 'item_party is append-only'); END;
"""


def upgrade() -> None:
    connection = op.get_bind()
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
