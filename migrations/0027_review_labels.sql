-- A label is of an event, be it an entry of the log or a transaction that was held, and names the case in which it was
-- found out: an incident, or that transaction.
ALTER TABLE labels RENAME COLUMN entry_id TO event_id;
ALTER TABLE labels RENAME COLUMN incident_id TO case_id;
