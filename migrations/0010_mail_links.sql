-- Links that are mailed: who asked for one, which of them live, and how many mails an address got.

-- When the password or the address was last replaced by a mailed link.
ALTER TABLE users ADD COLUMN credentials_changed_at TIMESTAMPTZ;

-- Asked for, not yet confirmed. The link is made when its mail is written. Confirming takes the password, too; `tries`
-- counts how often one was presented.
DROP TABLE registrations;
CREATE TABLE registrations (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT,
    password_hash TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    token_hash BYTEA UNIQUE,
    tries BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX registrations_by_email ON registrations (email, asked_at);
CREATE INDEX registrations_by_expiry ON registrations (expires_at);

-- Mails that strangers asked for. They are answered in the background, so that the request tells nothing about the
-- address it names. Leased like the outbox: a row's turn has come once `turn_at` has passed.
CREATE TABLE mail_requests (
    id UUID NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    registration_id UUID,
    request_id UUID,
    ip TEXT,
    user_agent TEXT,
    turn_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX mail_requests_by_turn ON mail_requests (turn_at);

-- One link a person and purpose: a new one takes the place of the one before.
CREATE TABLE mail_links (
    user_id UUID NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    new_email TEXT,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, purpose)
) /* clustered */;

-- Mails with links that an address got since a moment, by the address's keyed hash.
CREATE TABLE mail_quotas (
    address_hash BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    mails BIGINT NOT NULL,
    PRIMARY KEY (address_hash, purpose)
) /* clustered */;
CREATE INDEX mail_quotas_by_age ON mail_quotas (since);
