-- News from other people's feeds. Everybody's and nobody's: they have no owner.

-- Each feed's state. `next_try_at` is also the lease of whoever is fetching it. `etag` and `last_modified` are what the
-- server said of the last answer, sent back so that it may say that nothing has changed.
CREATE TABLE news_feeds (
    name TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    tried_at TIMESTAMPTZ,
    worked_at TIMESTAMPTZ,
    failures BIGINT NOT NULL,
    problem TEXT,
    etag TEXT,
    last_modified TEXT
);

-- Items, by the time they were published, which their ids begin with. `identity` is the hash of what the feed calls one,
-- `likeness` that of its link and title, so that two feeds do not tell one story twice. `symbols` has blanks between them.
CREATE TABLE news_items (
    id UUID NOT NULL PRIMARY KEY,
    feed TEXT NOT NULL,
    identity BYTEA NOT NULL,
    likeness BYTEA NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    link TEXT,
    published_at TIMESTAMPTZ NOT NULL,
    symbols TEXT NOT NULL,
    sample BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX news_items_by_identity ON news_items (feed, identity);
CREATE UNIQUE INDEX news_items_by_likeness ON news_items (likeness);
CREATE INDEX news_items_by_age ON news_items (published_at);

-- Which items are about a symbol.
CREATE TABLE news_symbols (
    symbol TEXT NOT NULL,
    item_id UUID NOT NULL REFERENCES news_items (id),
    PRIMARY KEY (symbol, item_id)
) /* clustered */;
CREATE INDEX news_symbols_by_item ON news_symbols (item_id);
