-- People, how they sign in, and the mail that reaches them.

CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    disabled_at TIMESTAMPTZ
);

-- Asked for, not yet confirmed by mail. The account comes into being when the token is presented.
CREATE TABLE registrations (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT,
    password_hash TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX registrations_by_email ON registrations (email);
CREATE INDEX registrations_by_expiry ON registrations (expires_at);

-- The one-time token with which the first administrator is made. At most one row.
CREATE TABLE setup_token (
    id BIGINT PRIMARY KEY,
    token_hash BYTEA NOT NULL
);

-- One row a sign-in: the family of refresh tokens that descend from it.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    device_hash BYTEA NOT NULL,
    amr TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- `used_by` is the device that turned the token in, which alone may repeat that.
CREATE TABLE refresh_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    used_by BYTEA
) /* clustered */;
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Secrets are sealed under the owner's data key. A key with a session dies with it.
CREATE TABLE signing_keys (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    session_id UUID REFERENCES sessions (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    sealed_secret BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX signing_keys_by_owner ON signing_keys (owner_id, created_at);
CREATE INDEX signing_keys_by_session ON signing_keys (session_id) WHERE session_id IS NOT NULL;

-- Mail waits here until the mailer has it; written in the unit of work that causes it. What cannot be delivered stays
-- for a while with `failed_at`.
CREATE TABLE mail_outbox (
    id UUID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    tries BIGINT NOT NULL,
    failed_at TIMESTAMPTZ
);
CREATE INDEX mail_outbox_by_turn ON mail_outbox (next_try_at) WHERE failed_at IS NULL;
CREATE INDEX mail_outbox_failed ON mail_outbox (failed_at) WHERE failed_at IS NOT NULL;
