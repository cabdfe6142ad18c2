-- What may happen once: a request's nonce, and the effect an idempotency key stands for.

-- Rows are pruned once outside the window in which their timestamp would be accepted.
CREATE TABLE nonces (
    key_id UUID NOT NULL,
    nonce UUID NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (key_id, nonce)
) /* clustered */;
CREATE INDEX nonces_by_age ON nonces (signed_at);

-- Kept for ever: the same key stands for the same effect however late it is repeated.
CREATE TABLE idempotency_keys (
    owner_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    resource_id UUID NOT NULL,
    PRIMARY KEY (owner_id, key)
) /* clustered */;
