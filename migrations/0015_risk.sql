-- Risk: the policies that decide, what is known of how people act, and what was decided.

-- Texts are only ever added, so that any decision can be found again.
CREATE TABLE risk_policies (
    hash TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL
);

-- A row a person, of bounded size, sealed under their data key.
CREATE TABLE risk_profiles (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed BYTEA NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
) /* clustered */;

-- Facts, evidence and terms are personal: they lie sealed, the facts apart, since a backtest reads nothing else.
-- `subject_id` is what was decided on, such as a session or an order; none when it came to nothing.
CREATE TABLE risk_decisions (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    subject_id UUID,
    fate TEXT NOT NULL,
    score BIGINT NOT NULL,
    action TEXT NOT NULL,
    policy_hash TEXT NOT NULL REFERENCES risk_policies (hash),
    sealed_facts BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX risk_decisions_by_user ON risk_decisions (user_id, id);
CREATE INDEX risk_decisions_by_kind ON risk_decisions (kind, id);
CREATE INDEX risk_decisions_risky ON risk_decisions (kind, id) WHERE score > 500;
CREATE INDEX risk_decisions_by_subject ON risk_decisions (user_id, subject_id) WHERE subject_id IS NOT NULL;

-- What instances compare with what they remember: any change of lists or policies changes this row.
CREATE TABLE risk_state (
    id BIGINT NOT NULL PRIMARY KEY,
    lists_version BIGINT NOT NULL,
    live_hash TEXT,
    shadow_hash TEXT
);
INSERT INTO risk_state (id, lists_version) VALUES (1, 0);

-- What is blocked, watched or allowed, until when, and why. A line that was removed stays, with who removed it.
CREATE TABLE risk_lists (
    id UUID NOT NULL PRIMARY KEY,
    list TEXT NOT NULL,
    what TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    added_by UUID NOT NULL REFERENCES users (id),
    added_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    removed_by UUID REFERENCES users (id),
    removed_at TIMESTAMPTZ
);
CREATE INDEX risk_lists_in_force ON risk_lists (id) WHERE removed_at IS NULL;

-- Policies that people proposed, and what became of them. Nobody approves their own.
CREATE TABLE risk_proposals (
    id UUID NOT NULL PRIMARY KEY,
    policy_hash TEXT NOT NULL REFERENCES risk_policies (hash),
    note TEXT NOT NULL,
    status TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES users (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ
);

-- What a policy that is tried beside the live one would have said.
CREATE TABLE risk_shadow_decisions (
    decision_id UUID NOT NULL,
    policy_hash TEXT NOT NULL REFERENCES risk_policies (hash),
    user_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    live_action TEXT NOT NULL,
    action TEXT NOT NULL,
    live_score BIGINT NOT NULL,
    score BIGINT NOT NULL,
    PRIMARY KEY (policy_hash, decision_id)
) /* clustered */;
CREATE INDEX risk_shadow_decisions_by_user ON risk_shadow_decisions (user_id);

-- What was learnt from, without whose it was: values are keyed hashes.
CREATE TABLE risk_lessons (
    id UUID NOT NULL PRIMARY KEY,
    tags TEXT NOT NULL,
    is_sign_in BOOLEAN NOT NULL,
    is_first BOOLEAN NOT NULL,
    cents BIGINT
);

-- A code that was mailed for a sign-in, under a keyed hash, and the failures before the sign-in began, which count for
-- its risk until it ends.
ALTER TABLE sign_in_challenges ADD COLUMN mailed_code_hash BYTEA;
ALTER TABLE sign_in_challenges ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sign_in_challenges_by_user ON sign_in_challenges (user_id);
