-- What is known of people beyond their account, sealed under their data key, and what the keys themselves need.

-- A row a person. Each sealed field is bound to its column and its row. The tags are blind indexes: keyed, truncated,
-- and gone with the row.
CREATE TABLE profiles (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    ssn BYTEA,
    ein BYTEA,
    itin BYTEA,
    bank_account BYTEA,
    birth_date BYTEA,
    address BYTEA,
    phone BYTEA,
    ssn_tag BYTEA,
    itin_tag BYTEA,
    updated_at TIMESTAMPTZ NOT NULL
) /* clustered */;
CREATE INDEX profiles_by_ssn ON profiles (ssn_tag) WHERE ssn_tag IS NOT NULL;
CREATE INDEX profiles_by_itin ON profiles (itin_tag) WHERE itin_tag IS NOT NULL;

-- Rotation finds what an older master key wrapped.
CREATE INDEX data_keys_by_kek ON data_keys (kek_id, subject_id);

-- Whose data key was destroyed. Rows are only ever added; each process holds what it remembers against their count.
CREATE TABLE erased_keys (
    subject_id UUID NOT NULL PRIMARY KEY,
    erased_at TIMESTAMPTZ NOT NULL
) /* clustered */;

-- The salt with which a passphrase is stretched to a master key. It is no secret.
CREATE TABLE master_key_salts (
    kek_id TEXT NOT NULL PRIMARY KEY,
    salt BYTEA NOT NULL
) /* clustered */;
