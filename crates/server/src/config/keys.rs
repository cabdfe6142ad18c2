//! The keys to work with. In development, what was not given is made once and kept in `data_dir/keys`, a file a key,
//! readable by its owner alone, holding just what the setting would hold.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretBox};
use stockade_platform::random;
use zeroize::Zeroizing;

use super::secrets::{Key, NamedKey, NotAKey, Secrets, key_text, parse_key, parse_named_keys};
use crate::core::keys::MasterKeySource;

/// All keys, none missing.
#[derive(Debug)]
pub struct Keys {
    /// Keys that wrap data keys, the current one first; at least one.
    pub master: Vec<NamedKey>,
    /// The key of access tokens (HS256).
    pub token: Key,
    /// The seed of the key that signs checkpoints (Ed25519).
    pub audit: Key,
}

/// A key file cannot be used. The message names the file and shows nothing of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or made.
    #[error("the key file {0} cannot be read or made: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// It does not hold a key.
    #[error(
        "the key file {0} holds no key; restore it, or delete it if nothing has been sealed or signed with it"
    )]
    NotAKey(PathBuf),
}

/// The keys given, and those of `data_dir/keys` for what was not given. Those that are missing there are made; two
/// processes that start together end up with the same ones.
///
/// # Errors
/// [`KeyFileError`] when a file that is needed cannot be used. A damaged file is never replaced.
pub fn load_or_create(given: &Secrets, data_dir: &Path) -> Result<Keys, KeyFileError> {
    let folder = data_dir.join("keys");
    let one = |given: &Option<Key>, name: &str| match given {
        Some(key) => Ok(copy(key)),
        None => kept(&folder.join(name), new_key, parse_key),
    };
    let master = if given.master_keys.is_empty() {
        let made = || Zeroizing::new(format!("local:{}", *new_key()));
        kept(&folder.join("master_keys"), made, parse_named_keys)?
    } else {
        let named = |named: &NamedKey| NamedKey {
            id: named.id.clone(),
            source: match &named.source {
                MasterKeySource::Key(key) => MasterKeySource::Key(copy(key)),
                MasterKeySource::Passphrase(words) => {
                    MasterKeySource::Passphrase(words.expose_secret().into())
                }
            },
        };
        given.master_keys.iter().map(named).collect()
    };
    Ok(Keys {
        master,
        token: one(&given.token_key, "token_key")?,
        audit: one(&given.audit_key, "audit_key")?,
    })
}

/// What the file holds; it is made first when it is missing.
fn kept<T>(
    path: &Path,
    new: impl FnOnce() -> Zeroizing<String>,
    parse: impl FnOnce(&str) -> Result<T, NotAKey>,
) -> Result<T, KeyFileError> {
    let io = |error| KeyFileError::Io(path.to_owned(), error);
    if !path.try_exists().map_err(io)? {
        create(path, &new()).map_err(io)?;
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
    parse(text.trim_end()).map_err(|_| KeyFileError::NotAKey(path.to_owned()))
}

/// Writes the whole file beside its place, then links it there: nobody ever sees half a key, and whoever comes second
/// finds the first one's.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = path.with_extension(hex::encode(random::bytes::<8>()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::File::open(folder)?.sync_all(),
    }
}

fn new_key() -> Zeroizing<String> {
    key_text(&Zeroizing::new(random::bytes::<32>()))
}

fn copy(key: &Key) -> Key {
    SecretBox::new(Box::new(*key.expose_secret()))
}
