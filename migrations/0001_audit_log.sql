-- The verifiable log, its followers, and the keys its payloads are sealed with.

-- Where the log stands. One row; whoever appends moves it from what they saw to what they made of it.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA,
    epoch BIGINT NOT NULL
);
INSERT INTO audit_head (id, size, root, epoch) VALUES (1, 0, NULL, 0);

-- The numbered log, append-only. `leaf` holds the canonical bytes that are hashed.
CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY,
    entry_id UUID NOT NULL UNIQUE,
    leaf BYTEA NOT NULL
);

-- Full tiles of 256 hashes (tlog-tiles); `root` is the hash of the subtree a tile spans.
CREATE TABLE audit_tiles (
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    root BYTEA NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, idx)
) /* clustered */;

-- Entries whose unit of work has committed and that wait for a number (PostgreSQL only).
CREATE TABLE audit_inbox (
    entry_id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    schema BIGINT NOT NULL,
    commitment BYTEA NOT NULL
) /* clustered */;

-- What an entry says, beside the log: salt and payload sealed under the subject's key.
CREATE TABLE audit_payloads (
    entry_id UUID NOT NULL PRIMARY KEY,
    subject_id UUID,
    sealed BYTEA NOT NULL
) /* clustered */;
CREATE INDEX audit_payloads_by_subject ON audit_payloads (subject_id, entry_id);

-- Heads that were signed, as signed notes.
CREATE TABLE audit_checkpoints (
    size BIGINT PRIMARY KEY,
    note TEXT NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL
);

-- How far each follower has read the log: the sequence it reads next.
CREATE TABLE followers (
    name TEXT NOT NULL PRIMARY KEY,
    next_seq BIGINT NOT NULL
) /* clustered */;

-- Work that one instance at a time does. `epoch` grows with each new holder and fences a stale one out.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder UUID NOT NULL,
    epoch BIGINT NOT NULL,
    until TIMESTAMPTZ NOT NULL
) /* clustered */;

-- One data key a person, wrapped by a master key. Destroying the row erases the person.
CREATE TABLE data_keys (
    subject_id UUID NOT NULL PRIMARY KEY,
    kek_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL
) /* clustered */;
