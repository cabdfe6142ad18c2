-- What an order stores for risk, in fewer places: each place costs every order a page.

-- Only sign-ins and what did not simply pass are looked for by what they were decided on.
DROP INDEX risk_decisions_by_subject;
CREATE INDEX risk_decisions_by_subject ON risk_decisions (user_id, subject_id) WHERE kind = 'sign_in' OR action <> 'allow';

-- Transactions are nearly all there is, so that their ids alone lead to them.
DROP INDEX risk_decisions_by_kind;
CREATE INDEX risk_decisions_of_sign_ins ON risk_decisions (id) WHERE kind = 'sign_in';

-- Profiles are written down more briefly, a few to a page; they are learnt anew.
DROP TABLE risk_profiles;
CREATE TABLE risk_profiles (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed BYTEA NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- The same columns as before, kept in the order of their keys.
CREATE TABLE lessons (
    id UUID NOT NULL PRIMARY KEY,
    tags TEXT NOT NULL,
    is_sign_in BOOLEAN NOT NULL,
    is_first BOOLEAN NOT NULL,
    cents BIGINT
) /* clustered */;
INSERT INTO lessons SELECT id, tags, is_sign_in, is_first, cents FROM risk_lessons;
DROP TABLE risk_lessons;
ALTER TABLE lessons RENAME TO risk_lessons;

-- What passed without being flagged is found among the decisions alone.
DELETE FROM notable_transactions WHERE NOT flagged;
DROP INDEX notable_transactions_flagged;
ALTER TABLE notable_transactions DROP COLUMN flagged;
