-- Second factors, proofs of who is asking, and how often somebody got it wrong.

-- One authenticator app a person. Pending until a code was shown to be right; `last_step` is the newest time step that
-- was accepted, so that none is accepted twice. The secret is sealed under its owner's key.
CREATE TABLE totp_secrets (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed_secret BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    activated_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL
);

-- Keyed hashes. A code that was used stays, so that its reuse can be told.
CREATE TABLE backup_codes (
    user_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, code_hash)
) /* clustered */;

-- Sign-ins whose first factor was right and that wait for the second.
CREATE TABLE sign_in_challenges (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    device_hash BYTEA NOT NULL,
    device TEXT,
    amr TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX sign_in_challenges_by_expiry ON sign_in_challenges (expires_at);

-- Proofs bound to one operation of one session: first asked for, then proven, then used once.
CREATE TABLE step_ups (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id),
    challenge_hash BYTEA NOT NULL UNIQUE,
    operation TEXT NOT NULL,
    mailed_code_hash BYTEA,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    proof_hash BYTEA UNIQUE,
    used_at TIMESTAMPTZ
);
CREATE INDEX step_ups_by_expiry ON step_ups (expires_at);

-- Failures of one authenticator of one person. `device_id` is nil for all devices nobody trusts; a trusted device, and a
-- session that is asked to prove itself, has a counter of its own.
CREATE TABLE failure_counters (
    user_id UUID NOT NULL,
    authenticator TEXT NOT NULL,
    device_id UUID NOT NULL,
    recent TEXT NOT NULL,
    in_a_row BIGINT NOT NULL,
    locked_until TIMESTAMPTZ,
    locked_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, authenticator, device_id)
) /* clustered */;
CREATE INDEX failure_counters_by_failures ON failure_counters (in_a_row) WHERE in_a_row > 0;
CREATE INDEX failure_counters_locked ON failure_counters (locked_until) WHERE locked_until IS NOT NULL;
