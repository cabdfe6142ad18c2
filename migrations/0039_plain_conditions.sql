-- A list of values in the condition of an index, and a sort for want of an order in one, each have SQLite set up a table in
-- memory with every order that comes in.

DROP INDEX orders_open;
CREATE INDEX orders_open ON orders (account_id, id)
    WHERE (status = 'pending_review' OR status = 'accepted' OR status = 'partially_filled');

DROP INDEX risk_decisions_by_subject;
CREATE INDEX risk_decisions_by_subject ON risk_decisions (user_id, subject_id, decided_at, id)
    WHERE kind = 'sign_in' OR action <> 'allow';
