-- Incidents: what somebody must look into, opened by rule from the log.

-- `id` is that of the entry that opened it. `severity` is 1 (low) to 4 (critical). `subject_id` is whom it is about, if
-- it is one person; `group_key` says which events of its rule belong together.
CREATE TABLE incidents (
    id UUID NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    group_key TEXT NOT NULL,
    severity BIGINT NOT NULL,
    status TEXT NOT NULL,
    subject_id UUID,
    network TEXT,
    assignee_id UUID,
    opened_at TIMESTAMPTZ NOT NULL,
    last_event_at TIMESTAMPTZ NOT NULL,
    events BIGINT NOT NULL,
    people BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ,
    resolved_by UUID,
    outcome TEXT
);
CREATE INDEX incidents_by_group ON incidents (rule, group_key, opened_at);
CREATE INDEX incidents_by_rule ON incidents (rule, opened_at);
CREATE INDEX incidents_by_subject ON incidents (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX incidents_by_assignee ON incidents (assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX incidents_unresolved ON incidents (due_at) WHERE resolved_at IS NULL;
CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;

-- What happened, in order: linked events of the log (`seq`) and the work of people (`by_id`). What an event says stays
-- in the log. `decision_id` is the risk decision that the event names.
CREATE TABLE incident_timeline (
    incident_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    what TEXT NOT NULL,
    seq BIGINT,
    kind TEXT,
    user_id UUID,
    decision_id UUID,
    by_id UUID,
    words TEXT,
    PRIMARY KEY (incident_id, id)
) /* clustered */;

-- Whom its events concern.
CREATE TABLE incident_people (
    incident_id UUID NOT NULL,
    user_id UUID NOT NULL,
    PRIMARY KEY (incident_id, user_id)
) /* clustered */;
CREATE INDEX incident_people_by_user ON incident_people (user_id, incident_id);

-- Events that are no incident yet: the newest of each account, so that a rule's threshold bounds the rows of a group.
CREATE TABLE incident_signals (
    rule TEXT NOT NULL,
    group_key TEXT NOT NULL,
    about TEXT NOT NULL,
    entry_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    user_id UUID,
    PRIMARY KEY (rule, group_key, about)
) /* clustered */;
CREATE INDEX incident_signals_by_time ON incident_signals (at);

-- Days whose summary has gone out.
CREATE TABLE incident_summaries (
    day TEXT NOT NULL PRIMARY KEY,
    sent_at TIMESTAMPTZ NOT NULL
);

-- What people found out about events: `fraud` or `legitimate`.
CREATE TABLE labels (
    entry_id UUID NOT NULL PRIMARY KEY,
    verdict TEXT NOT NULL,
    user_id UUID,
    decision_id UUID,
    kind TEXT NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL,
    incident_id UUID NOT NULL,
    labelled_by UUID NOT NULL,
    labelled_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX labels_by_decision ON labels (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX labels_by_time ON labels (happened_at);

CREATE INDEX users_staff ON users (role) WHERE role <> 'customer';
