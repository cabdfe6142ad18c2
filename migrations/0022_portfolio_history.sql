-- Portfolios over time. All but the methods is derived from the ledger's lines and can be made from them anew.

-- How an account's lots are closed, where its owner has chosen.
CREATE TABLE lot_methods (
    account_id UUID NOT NULL PRIMARY KEY,
    method TEXT NOT NULL,
    chosen_at TIMESTAMPTZ NOT NULL
);

-- What each posting did to an account, by account: cash and shares, held or not, and how much of the cash came from
-- outside or went there.
CREATE TABLE account_history (
    account_id UUID NOT NULL,
    posting_id UUID NOT NULL,
    kind TEXT NOT NULL,
    cause_id UUID NOT NULL,
    cash BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    flow BIGINT NOT NULL,
    symbol TEXT,
    shares BIGINT NOT NULL,
    PRIMARY KEY (account_id, posting_id)
) /* clustered */;

-- One row: up to which posting the history is written.
CREATE TABLE history_progress (
    name TEXT NOT NULL PRIMARY KEY,
    posting_id UUID NOT NULL
);

-- What an account came to at the end of each UTC day (days since 1970-01-01). No value where a price was missing.
CREATE TABLE daily_values (
    account_id UUID NOT NULL,
    day BIGINT NOT NULL,
    cash BIGINT NOT NULL,
    market_value BIGINT,
    inflow BIGINT NOT NULL,
    outflow BIGINT NOT NULL,
    traded BOOLEAN NOT NULL,
    holdings JSONB NOT NULL,
    PRIMARY KEY (account_id, day)
) /* clustered */;

-- Accounts that are not empty, and the first day that is still to be valued.
CREATE TABLE valued_accounts (
    account_id UUID NOT NULL PRIMARY KEY,
    next_day BIGINT NOT NULL
);
CREATE INDEX valued_accounts_by_day ON valued_accounts (next_day, account_id);
