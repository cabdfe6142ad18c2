-- Transactions elsewhere, as their owners brought them. They count in no balance. An id begins with the time.
CREATE TABLE imported_transactions (
    account_id UUID NOT NULL,
    id UUID NOT NULL,
    identity BYTEA NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    symbol TEXT,
    shares BIGINT NOT NULL,
    price BIGINT,
    cash BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
) /* clustered */;
CREATE UNIQUE INDEX imported_transactions_by_identity ON imported_transactions (account_id, identity);
