-- Stops, replacing, fees and the day's end; and the queues in which open orders wait for a price.

ALTER TABLE orders ADD COLUMN stop_price BIGINT;
ALTER TABLE orders ADD COLUMN reserved_fees BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN filled_fees BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN replaces UUID;
ALTER TABLE orders ADD COLUMN replaced_by UUID;
ALTER TABLE orders ADD COLUMN triggered_at TIMESTAMPTZ;
ALTER TABLE orders ADD COLUMN good_until TIMESTAMPTZ;

-- Set exactly while an order can fill. A quote reaches every rank up to one number, so the orders it concerns are found
-- in price-time order without a look at any other. An order that is filled as it is placed enters none of these indexes.
ALTER TABLE orders ADD COLUMN queue TEXT;
ALTER TABLE orders ADD COLUMN queue_rank BIGINT;

UPDATE orders SET queue = side,
    queue_rank = CASE side WHEN 'buy' THEN -COALESCE(price_cap, 9223372036854775807) ELSE COALESCE(limit_price, 0) END
WHERE status IN ('accepted', 'partially_filled');
-- The end of a day that has no end on record is when it began, so such orders expire.
UPDATE orders SET good_until = submitted_at WHERE queue IS NOT NULL AND time_in_force = 'day';

DROP INDEX orders_resting;
CREATE INDEX orders_waiting ON orders (symbol, queue, queue_rank, id) WHERE queue IS NOT NULL;
CREATE INDEX orders_ending ON orders (good_until) WHERE queue IS NOT NULL AND good_until IS NOT NULL;
CREATE INDEX orders_open ON orders (account_id, id)
    WHERE status IN ('pending_review', 'accepted', 'partially_filled');
