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
CREATE INDEX risk_decisions_by_subject ON risk_decisions (user_id, subject_id) WHERE subject_id IS NOT NULL;

-- A code that was mailed for a sign-in, under a keyed hash, and the failures before the sign-in began, which count for
-- its risk until it ends.
ALTER TABLE sign_in_challenges ADD COLUMN mailed_code_hash BYTEA;
ALTER TABLE sign_in_challenges ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sign_in_challenges_by_user ON sign_in_challenges (user_id);
