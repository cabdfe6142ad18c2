-- Restricted accounts: their owners sign in and look, and change nothing until the desk has restored them.

-- `compromised_since` is when the first of the indicators was met that led to the restriction.
ALTER TABLE users ADD COLUMN restricted_at TIMESTAMPTZ;
ALTER TABLE users ADD COLUMN restricted_why TEXT;
ALTER TABLE users ADD COLUMN compromised_since TIMESTAMPTZ;
CREATE INDEX users_restricted ON users (id) WHERE restricted_at IS NOT NULL;
CREATE INDEX users_locked_to_recovery ON users (id) WHERE locked_to_recovery_at IS NOT NULL;

-- Signs, met after somebody had proven who they are, that it was not the owner: a row a person and sign.
CREATE TABLE compromise_indicators (
    user_id UUID NOT NULL REFERENCES users (id),
    indicator TEXT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, indicator)
) /* clustered */;

-- Restorations that one of the staff has asked for and another has not yet carried out, one a person.
CREATE TABLE restorations (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    asked_by UUID NOT NULL,
    by_administrator BOOLEAN NOT NULL,
    identity_check TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
