-- Orders lie in the order in which they came, with their keys beside them. In the order of their keys, each came between
-- others, and every few of them moved a page apart.

DROP INDEX orders_by_client_order_id;
DROP INDEX orders_waiting;
DROP INDEX orders_ending;
DROP INDEX orders_open;
ALTER TABLE orders RENAME TO orders_by_key;
CREATE TABLE orders (
    account_id UUID NOT NULL,
    id UUID NOT NULL,
    client_order_id TEXT,
    symbol TEXT NOT NULL,
    side TEXT NOT NULL,
    order_type TEXT NOT NULL,
    time_in_force TEXT NOT NULL,
    qty BIGINT,
    notional BIGINT,
    currency TEXT NOT NULL,
    limit_price BIGINT,
    stop_price BIGINT,
    status TEXT NOT NULL,
    filled_qty BIGINT NOT NULL,
    filled_amount BIGINT NOT NULL,
    filled_fees BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    reserved_fees BIGINT NOT NULL,
    price_cap BIGINT,
    replaces UUID,
    replaced_by UUID,
    submitted_at TIMESTAMPTZ NOT NULL,
    triggered_at TIMESTAMPTZ,
    filled_at TIMESTAMPTZ,
    canceled_at TIMESTAMPTZ,
    expired_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    good_until TIMESTAMPTZ,
    queue TEXT,
    queue_rank BIGINT,
    PRIMARY KEY (account_id, id)
);
INSERT INTO orders SELECT account_id, id, client_order_id, symbol, side, order_type, time_in_force, qty, notional, currency,
    limit_price, stop_price, status, filled_qty, filled_amount, filled_fees, reserved, reserved_fees, price_cap, replaces,
    replaced_by, submitted_at, triggered_at, filled_at, canceled_at, expired_at, updated_at, good_until, queue, queue_rank
    FROM orders_by_key;
DROP TABLE orders_by_key;
CREATE UNIQUE INDEX orders_by_client_order_id ON orders (account_id, client_order_id) WHERE client_order_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (symbol, queue, queue_rank, id) WHERE queue IS NOT NULL;
CREATE INDEX orders_ending ON orders (good_until) WHERE queue IS NOT NULL AND good_until IS NOT NULL;
CREATE INDEX orders_open ON orders (account_id, id) WHERE status IN ('pending_review', 'accepted', 'partially_filled');
