-- Splits and cash dividends. The price is what a share is worth that is paid out in part, or the dividend of one.
CREATE TABLE corporate_actions (
    id UUID NOT NULL PRIMARY KEY,
    symbol TEXT NOT NULL,
    kind TEXT NOT NULL,
    new_shares BIGINT,
    old_shares BIGINT,
    price BIGINT,
    effective_at TIMESTAMPTZ NOT NULL,
    status TEXT NOT NULL,
    announced_at TIMESTAMPTZ NOT NULL,
    applied_at TIMESTAMPTZ,
    cursor_account UUID NOT NULL
);

-- What an action did to a holder: exactly one row each.
CREATE TABLE corporate_action_effects (
    action_id UUID NOT NULL,
    account_id UUID NOT NULL,
    shares_before BIGINT NOT NULL,
    shares_after BIGINT NOT NULL,
    cash BIGINT NOT NULL,
    PRIMARY KEY (action_id, account_id)
) /* clustered */;

-- Who holds a security. Written only when somebody buys it for the first time.
CREATE INDEX positions_by_symbol ON positions (symbol, account_id);
