-- A nonce is looked for in the ten minutes before and after its own, too. These are never in the table that it goes into, so
-- that SQLite needs no copy in memory of what a statement reads from the table that it writes.

CREATE TABLE nonces_even (
    era BIGINT NOT NULL,
    nonce UUID NOT NULL,
    key_id UUID NOT NULL,
    PRIMARY KEY (era, nonce, key_id)
) /* clustered */;
CREATE TABLE nonces_odd (
    era BIGINT NOT NULL,
    nonce UUID NOT NULL,
    key_id UUID NOT NULL,
    PRIMARY KEY (era, nonce, key_id)
) /* clustered */;
INSERT INTO nonces_even SELECT era, nonce, key_id FROM nonces WHERE era % 2 = 0 ORDER BY era, nonce, key_id;
INSERT INTO nonces_odd SELECT era, nonce, key_id FROM nonces WHERE era % 2 = 1 ORDER BY era, nonce, key_id;
DROP TABLE nonces;
