-- Forecasts of daily closes. Everybody's and nobody's: they have no owner.

-- Which symbols were evaluated as of a day's end, and on how many closes; too few make no forecast. A job that was
-- interrupted goes on with the symbols that are missing here.
CREATE TABLE forecast_days (
    as_of TIMESTAMPTZ NOT NULL,
    symbol TEXT NOT NULL,
    closes BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (as_of, symbol)
) /* clustered */;

-- What was found for a symbol at a horizon, in days: the forecast and every candidate's record, as JSON.
CREATE TABLE forecasts (
    symbol TEXT NOT NULL,
    horizon BIGINT NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (symbol, horizon, as_of)
) /* clustered */;
CREATE INDEX forecasts_by_age ON forecasts (as_of);
