-- Devices people sign in from, and what sessions know of theirs.

-- `id_hash` is the SHA-256 of a random id that only the device has. What the device says of itself, its address and
-- the name its owner gave it are personal: they lie in `sealed`, under the owner's data key.
CREATE TABLE devices (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    id_hash BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    trusted_at TIMESTAMPTZ,
    UNIQUE (user_id, id_hash)
);
CREATE INDEX devices_by_last_seen ON devices (last_seen_at);

-- A device may be gone while its sessions are still listed, so this is no reference.
ALTER TABLE sessions ADD COLUMN device_id UUID;
ALTER TABLE sessions ADD COLUMN last_seen_at TIMESTAMPTZ;
-- When its owner said that it was not them who signed in.
ALTER TABLE sessions ADD COLUMN disowned_at TIMESTAMPTZ;
CREATE INDEX sessions_by_device ON sessions (user_id, device_id) WHERE device_id IS NOT NULL;

-- Since then nobody signs in with the password alone; resetting it by mail sets this back to NULL.
ALTER TABLE users ADD COLUMN locked_to_recovery_at TIMESTAMPTZ;
