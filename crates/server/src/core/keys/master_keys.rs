//! The vault from the keys that the settings give. A passphrase is stretched with a salt that the database keeps beside
//! what it wrapped, so that every process makes the same key and no two installations share one.

use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use stockade_platform::{
    db::{Db, DbError, DbResult, Reader, Tx},
    random,
    vault::{MasterKey, Vault, VaultError},
};

use super::{DataKeys, store};
use crate::core::bookkeeping::bookkeep;

/// What a master key is made from.
#[derive(Debug)]
pub enum MasterKeySource {
    /// The key itself.
    Key(SecretBox<[u8; 32]>),
    /// A passphrase of 16 characters or more.
    Passphrase(SecretString),
}

/// The vault of these master keys, the current one first. Stretching a passphrase takes some tenths of a second.
///
/// # Errors
/// When a key is unusable, or a salt cannot be read or stored.
pub async fn open_vault(db: &Db, masters: &[(String, MasterKeySource)]) -> DbResult<Vault> {
    let mut keys = Vec::with_capacity(masters.len());
    for (id, source) in masters {
        let key = match source {
            MasterKeySource::Key(bytes) => MasterKey::from_bytes(bytes.expose_secret()),
            MasterKeySource::Passphrase(words) => {
                MasterKey::from_passphrase(words.expose_secret(), &salt_of(db, id.clone()).await?)
            }
        };
        keys.push((id.clone(), key.map_err(|weak| fault(id, &weak))?));
    }
    let current = masters.first().map_or("", |(id, _)| id.as_str());
    Vault::new(keys, current).map_err(|error| fault(current, &error))
}

async fn salt_of(db: &Db, kek_id: String) -> DbResult<[u8; 32]> {
    let new = random::bytes();
    bookkeep(db, async move |tx: &mut Tx| store::salt(tx, &kek_id, new).await).await
}

fn fault(id: &str, error: &dyn std::fmt::Display) -> DbError {
    DbError::Fault(format!("the master key {id:?}: {error}"))
}

impl DataKeys {
    /// Tries every master key that wrapped something on one of the keys it wrapped.
    ///
    /// # Errors
    /// Names the first that is missing, or that is another key under the same name.
    pub async fn check(&self, reader: &mut Reader) -> DbResult<()> {
        for (kek_id, count) in store::counts(reader).await? {
            let Some(stored) = store::wrapped_by(reader, &kek_id, 1).await?.pop() else {
                continue;
            };
            let why = match self.vault.unwrap(&stored.wrapped) {
                Ok(_) => continue,
                Err(VaultError::UnknownKey(_)) => "it is not among the given keys",
                Err(VaultError::Tampered) => "the key given under this name does not open them",
            };
            return Err(DbError::Fault(format!(
                "{count} data keys are wrapped by the master key {kek_id:?}, but {why}; give it after the current \
                 key until `stockade keys rotate` has rewrapped them"
            )));
        }
        Ok(())
    }
}
