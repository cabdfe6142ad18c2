-- Keys that people's programs show instead of a session. `secret_hash` is the SHA-256 of the key as it was shown once;
-- `hint` is its beginning, for its owner's eyes. `networks` are addresses and networks with blanks between them; none
-- means from anywhere.
CREATE TABLE api_keys (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    secret_hash BYTEA NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX api_keys_by_owner ON api_keys (owner_id, created_at);
CREATE INDEX api_keys_revoked ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
