-- Orders, withdrawals and payees that looked unusual, those that wait for an analyst among them.

-- A row for each whose score was above zero. `risk` is what its owner may know, as JSON; `score` is in thousandths, `amount`
-- in minor units. `state` is set for what was held: `open`, then how it ended.
CREATE TABLE notable_transactions (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL,
    account_id UUID NOT NULL,
    operation TEXT NOT NULL,
    amount BIGINT,
    currency TEXT NOT NULL,
    score BIGINT NOT NULL,
    flagged BOOLEAN NOT NULL,
    risk TEXT NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL,
    state TEXT,
    approvals_needed BIGINT NOT NULL,
    expires_at TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    closed_by UUID
);
CREATE INDEX notable_transactions_by_owner ON notable_transactions (owner_id, id);
CREATE INDEX notable_transactions_flagged ON notable_transactions (id) WHERE flagged;
CREATE INDEX notable_transactions_by_state ON notable_transactions (state, id) WHERE state IS NOT NULL;
CREATE INDEX notable_transactions_due ON notable_transactions (expires_at) WHERE state = 'open';

-- Who approved what is held. Nobody counts twice.
CREATE TABLE transaction_approvals (
    transaction_id UUID NOT NULL,
    analyst_id UUID NOT NULL,
    approved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (transaction_id, analyst_id)
) /* clustered */;

-- What was counted in each hour, numbered since 1970: all figures of a day come from a few hundred rows, however many
-- transactions there were. Written by a follower of the log.
CREATE TABLE transaction_hours (
    hour BIGINT NOT NULL,
    name TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (hour, name)
) /* clustered */;
