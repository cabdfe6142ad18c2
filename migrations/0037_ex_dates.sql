-- The trading day on which a split or a dividend takes effect, as 2026-06-01. A security has one action of a kind a day, so
-- an announcement that is repeated is not paid twice. Actions of before have none here.
ALTER TABLE corporate_actions ADD COLUMN ex_date TEXT;

CREATE UNIQUE INDEX corporate_actions_by_ex_date ON corporate_actions (symbol, kind, ex_date);
