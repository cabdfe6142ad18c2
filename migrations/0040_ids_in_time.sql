-- What a request may do once is kept in the order of what the client chose, not of whose it is: ids that rise with the time
-- (UUIDv7) then come in side by side, where each had a page of its own among its owner's.

ALTER TABLE nonces RENAME TO nonces_by_owner;
CREATE TABLE nonces (
    era BIGINT NOT NULL,
    nonce UUID NOT NULL,
    key_id UUID NOT NULL,
    PRIMARY KEY (era, nonce, key_id)
) /* clustered */;
INSERT INTO nonces SELECT era, nonce, key_id FROM nonces_by_owner ORDER BY era, nonce, key_id;
DROP TABLE nonces_by_owner;

ALTER TABLE idempotency_keys RENAME TO idempotency_keys_by_owner;
CREATE TABLE idempotency_keys (
    key TEXT NOT NULL,
    owner_id UUID NOT NULL,
    request_hash BYTEA NOT NULL,
    resource_id UUID NOT NULL,
    PRIMARY KEY (key, owner_id)
) /* clustered */;
INSERT INTO idempotency_keys SELECT key, owner_id, request_hash, resource_id FROM idempotency_keys_by_owner ORDER BY key, owner_id;
DROP TABLE idempotency_keys_by_owner;
