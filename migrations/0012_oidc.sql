-- Sign-in with other people's providers.

-- Somebody is on their way to a provider. `browser_hash` is the SHA-256 of a cookie: only the browser that left may
-- come back. Where `user_id` stands, the way leads to a link for that person, asked for in that session.
CREATE TABLE oidc_states (
    state_hash BYTEA NOT NULL PRIMARY KEY,
    browser_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    user_id UUID REFERENCES users (id),
    session_id UUID,
    expires_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX oidc_states_by_expiry ON oidc_states (expires_at);

-- Whom a provider's person is here: one account of each provider a person. `subject_hash` is the SHA-256 of issuer and
-- subject, which name somebody elsewhere and are of no other use here.
CREATE TABLE oidc_links (
    user_id UUID NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL,
    subject_hash BYTEA NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, provider)
);
