-- Mail within limits, what people want to be told, and webhooks.

-- Mail waits here until the mailer has it; written in the unit of work that causes it, rendered when it goes out. What
-- cannot be delivered stays for a while with `failed_at`. `held_back` counts the mails of its kind that were not sent
-- before it, which it mentions.
DROP TABLE mail_outbox;
CREATE TABLE mail_outbox (
    id UUID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    letter TEXT NOT NULL,
    held_back BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    tries BIGINT NOT NULL,
    failed_at TIMESTAMPTZ
);
CREATE INDEX mail_outbox_by_turn ON mail_outbox (next_try_at) WHERE failed_at IS NULL;
CREATE INDEX mail_outbox_failed ON mail_outbox (failed_at) WHERE failed_at IS NOT NULL;

-- How many mails of a kind an address may still get: the instant, in microseconds, at which the allowance will be whole
-- again. `missed` counts those held back since the last that went out, `told` those that this one mentions.
CREATE TABLE mail_allowances (
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    whole_at BIGINT NOT NULL,
    missed BIGINT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (recipient, kind)
) /* clustered */;
CREATE INDEX mail_allowances_by_age ON mail_allowances (whole_at);

-- Where somebody departs from what is usual: whether a kind of notice goes to them by mail.
CREATE TABLE notification_choices (
    owner_id UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    by_mail BOOLEAN NOT NULL,
    PRIMARY KEY (owner_id, kind)
) /* clustered */;

-- Other programs that are told what happens. The secret is sealed under the platform's key. `failing_since` is the first
-- failure that no success has followed.
CREATE TABLE webhooks (
    id UUID NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    sealed_secret BYTEA NOT NULL,
    created_by UUID NOT NULL REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    failing_since TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    disabled_why TEXT
);

-- What a webhook is told, and what came of it. Settled ones are kept for a while.
CREATE TABLE webhook_deliveries (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    next_try_at TIMESTAMPTZ NOT NULL,
    tries BIGINT NOT NULL,
    status BIGINT,
    problem TEXT,
    delivered_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ
);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_by_turn ON webhook_deliveries (next_try_at)
    WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
