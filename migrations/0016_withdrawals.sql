-- Cash out, and where to.

-- Bank accounts that somebody pays out to. Name and numbers lie in `sealed`, under the owner's data key. One that was
-- removed stays, since withdrawals name it.
CREATE TABLE payees (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    usable_from TIMESTAMPTZ,
    removed_at TIMESTAMPTZ
);
CREATE INDEX payees_by_owner ON payees (owner_id, id);

-- Where a withdrawal goes, when the bank's turn comes, since when the transfer stands as it does, until when it is held
-- back, and why the bank sent it back.
ALTER TABLE transfers ADD COLUMN payee_id UUID;
ALTER TABLE transfers ADD COLUMN due_at TIMESTAMPTZ;
ALTER TABLE transfers ADD COLUMN updated_at TIMESTAMPTZ;
ALTER TABLE transfers ADD COLUMN held_until TIMESTAMPTZ;
ALTER TABLE transfers ADD COLUMN failure TEXT;
CREATE INDEX transfers_by_turn ON transfers (due_at) WHERE status = 'pending';
