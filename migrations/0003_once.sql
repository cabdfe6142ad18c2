-- What may happen once: a request's nonce, and the effect an idempotency key stands for.

-- `era` is the signature's time in tens of minutes, so what is pruned lies together, and no index of times is needed.
-- Rows are pruned once outside the window in which their timestamp would be accepted.
CREATE TABLE nonces (
    era BIGINT NOT NULL,
    key_id UUID NOT NULL,
    nonce UUID NOT NULL,
    PRIMARY KEY (era, key_id, nonce)
) /* clustered */;

-- Kept for ever: the same key stands for the same effect however late it is repeated.
CREATE TABLE idempotency_keys (
    owner_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    resource_id UUID NOT NULL,
    PRIMARY KEY (owner_id, key)
) /* clustered */;
