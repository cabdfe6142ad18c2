-- Prices as they move, and what people keep an eye on.

-- Tickets that open a stream of prices, where a browser can send no header: each opens one, within a minute.
CREATE TABLE stream_tickets (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    session_id UUID NOT NULL,
    amr TEXT NOT NULL,
    auth_time TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX stream_tickets_by_age ON stream_tickets (expires_at);
-- What people keep an eye on.

CREATE TABLE watchlists (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX watchlists_by_owner ON watchlists (owner_id, id);

CREATE TABLE watchlist_symbols (
    watchlist_id UUID NOT NULL REFERENCES watchlists (id),
    symbol TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (watchlist_id, symbol)
) /* clustered */;

-- Prices that somebody waits for. An alert fires once; `fired_price` is the price that was met, in 10⁻⁶ currency units.
CREATE TABLE price_alerts (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    symbol TEXT NOT NULL,
    above BOOLEAN NOT NULL,
    price BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    fired_at TIMESTAMPTZ,
    fired_price BIGINT
);
CREATE INDEX price_alerts_by_owner ON price_alerts (owner_id, id);
CREATE INDEX price_alerts_waiting ON price_alerts (symbol, above, price) WHERE fired_at IS NULL;

-- Up to when the alerts were held against the market, so that nothing is missed while nobody looks.
CREATE TABLE price_alert_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    checked_until TIMESTAMPTZ NOT NULL
);
