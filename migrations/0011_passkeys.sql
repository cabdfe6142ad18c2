-- Passkeys: keys that people sign in with, and their ceremonies (WebAuthn).

-- What authenticators know a person by: random, so that it says nothing about them.
CREATE TABLE passkey_handles (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    handle UUID NOT NULL UNIQUE
);

-- The public key and the name its owner gave it lie in `sealed`, under the owner's data key and bound to this row.
-- `sign_count` is the highest count a signature has carried since the key was registered.
CREATE TABLE passkeys (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    credential_id BYTEA NOT NULL UNIQUE,
    sealed BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ
);
CREATE INDEX passkeys_by_owner ON passkeys (user_id, created_at);

-- Challenges that wait for their answer, one a purpose and token. The token is what the client names the ceremony by;
-- `id` tells it from one that took its place.
CREATE TABLE passkey_ceremonies (
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    id UUID NOT NULL,
    user_id UUID REFERENCES users (id),
    device_hash BYTEA NOT NULL,
    state TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (purpose, token_hash)
) /* clustered */;
CREATE INDEX passkey_ceremonies_by_expiry ON passkey_ceremonies (expires_at);
