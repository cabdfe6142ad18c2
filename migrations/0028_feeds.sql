-- Prices that come from outside, as they came: adjustments are computed, never stored.

-- What is listed where the feed itself does not say. A listing is changed, never deleted, since orders name it.
CREATE TABLE market_listings (
    symbol TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    exchange TEXT NOT NULL,
    class TEXT NOT NULL,
    tradable BOOLEAN NOT NULL,
    fractionable BOOLEAN NOT NULL
);

-- Prices of whole days, in 10⁻⁶ currency units; `t` is the day's midnight in UTC.
CREATE TABLE market_bars (
    symbol TEXT NOT NULL,
    t TIMESTAMPTZ NOT NULL,
    o BIGINT NOT NULL,
    h BIGINT NOT NULL,
    l BIGINT NOT NULL,
    c BIGINT NOT NULL,
    v BIGINT,
    PRIMARY KEY (symbol, t)
) /* clustered */;

-- The newest quote of each symbol; `received_at` is when it came to us.
CREATE TABLE market_quotes (
    symbol TEXT NOT NULL PRIMARY KEY,
    bid BIGINT NOT NULL,
    ask BIGINT NOT NULL,
    last BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX market_quotes_by_arrival ON market_quotes (received_at);

-- Counts changes of listings and bars, so that each process knows when to read them anew.
CREATE TABLE market_version (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
