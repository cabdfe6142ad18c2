-- Money and securities. Amounts are integers: cash in minor units, shares in 10^-9, prices in 10^-6.

CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL UNIQUE REFERENCES users (id),
    currency TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL
);

-- Always equal to the replay of the lines.
CREATE TABLE balances (
    account_id UUID NOT NULL,
    asset TEXT NOT NULL,
    available BIGINT NOT NULL CHECK (available >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    PRIMARY KEY (account_id, asset)
) /* clustered */;

-- Append-only. The lines of a posting sum to zero for each asset. House accounts have the nil account.
CREATE TABLE ledger_lines (
    posting_id UUID NOT NULL,
    line BIGINT NOT NULL,
    kind TEXT NOT NULL,
    cause_id UUID NOT NULL,
    account_id UUID NOT NULL,
    side TEXT NOT NULL,
    asset TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (posting_id, line)
) /* clustered */;

CREATE TABLE transfers (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX transfers_by_account ON transfers (account_id, id);

-- Kept together by account: an order touches one page of this table and, unless its owner named it, no index.
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
    status TEXT NOT NULL,
    filled_qty BIGINT NOT NULL,
    filled_amount BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    price_cap BIGINT,
    submitted_at TIMESTAMPTZ NOT NULL,
    filled_at TIMESTAMPTZ,
    canceled_at TIMESTAMPTZ,
    expired_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
) /* clustered */;
CREATE UNIQUE INDEX orders_by_client_order_id ON orders (account_id, client_order_id)
    WHERE client_order_id IS NOT NULL;
CREATE INDEX orders_resting ON orders (id) WHERE status IN ('accepted', 'partially_filled');

CREATE TABLE fills (
    order_id UUID NOT NULL,
    id UUID NOT NULL,
    qty BIGINT NOT NULL,
    price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    filled_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (order_id, id)
) /* clustered */;

-- Open lots. One that is sold whole leaves; what it earned stays in its closings.
CREATE TABLE lots (
    account_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    id UUID NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    quantity BIGINT NOT NULL,
    remaining BIGINT NOT NULL CHECK (remaining > 0),
    cost BIGINT NOT NULL,
    cost_remaining BIGINT NOT NULL,
    PRIMARY KEY (account_id, symbol, id)
) /* clustered */;

-- Append-only: shares of a lot that were sold, what they had cost and what they brought.
CREATE TABLE lot_closings (
    account_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    id UUID NOT NULL,
    lot_id UUID NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ NOT NULL,
    quantity BIGINT NOT NULL,
    basis BIGINT NOT NULL,
    proceeds BIGINT NOT NULL,
    PRIMARY KEY (account_id, symbol, id)
) /* clustered */;

-- The sum over open lots, kept current so that no query grows with history.
CREATE TABLE positions (
    account_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    cost_basis BIGINT NOT NULL,
    realized BIGINT NOT NULL,
    PRIMARY KEY (account_id, symbol)
) /* clustered */;
