-- Rows of some hundred bytes lie in the order in which they came, with their keys beside them: a tree of whole rows holds few
-- to a page, leaves half of each page free when they only come in at its end, and is deep.

DROP INDEX audit_payloads_by_subject;
ALTER TABLE audit_payloads RENAME TO payloads_by_key;
CREATE TABLE audit_payloads (
    entry_id UUID NOT NULL PRIMARY KEY,
    subject_id UUID,
    sealed BYTEA NOT NULL
);
INSERT INTO audit_payloads SELECT entry_id, subject_id, sealed FROM payloads_by_key ORDER BY entry_id;
DROP TABLE payloads_by_key;
CREATE INDEX audit_payloads_by_subject ON audit_payloads (subject_id, entry_id);

-- What every order writes refers to people and policies without a foreign key, which would look both up once more. People
-- and policies are never removed; what is known of somebody goes with their erasure.

ALTER TABLE risk_profiles RENAME TO profiles_checked;
CREATE TABLE risk_profiles (
    user_id UUID NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
INSERT INTO risk_profiles SELECT user_id, sealed, updated_at FROM profiles_checked;
DROP TABLE profiles_checked;

DROP INDEX risk_decisions_by_user;
DROP INDEX risk_decisions_of_sign_ins;
DROP INDEX risk_decisions_risky;
DROP INDEX risk_decisions_by_subject;
ALTER TABLE risk_decisions RENAME TO decisions_checked;
CREATE TABLE risk_decisions (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID,
    fate TEXT NOT NULL,
    score BIGINT NOT NULL,
    action TEXT NOT NULL,
    policy_hash TEXT NOT NULL,
    sealed_facts BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
INSERT INTO risk_decisions SELECT id, user_id, kind, subject_id, fate, score, action, policy_hash, sealed_facts, sealed,
    decided_at FROM decisions_checked ORDER BY id;
DROP TABLE decisions_checked;
CREATE INDEX risk_decisions_by_user ON risk_decisions (user_id, id);
CREATE INDEX risk_decisions_of_sign_ins ON risk_decisions (id) WHERE kind = 'sign_in';
CREATE INDEX risk_decisions_risky ON risk_decisions (kind, id) WHERE score > 500;
CREATE INDEX risk_decisions_by_subject ON risk_decisions (user_id, subject_id) WHERE kind = 'sign_in' OR action <> 'allow';
