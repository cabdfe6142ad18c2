//! Checkpoints: the head of the log, signed (C2SP tlog-checkpoint over signed-note, Ed25519).
//!
//! The origin of the log is the name of its key. A note may carry further signatures, of witnesses or of a newer
//! key; those of unknown keys are passed over. A signature that claims to be the known key's and is not spoils
//! the whole note.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hash::{Hash, sha256};

const ED25519_TYPE: u8 = 1;
const SIGNATURE_MARK: &str = "\u{2014} ";

/// The head of a log: what is signed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why a checkpoint or key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a note whose text is a checkpoint.
    #[error("not a signed checkpoint")]
    Malformed,
    /// No signature line is the key's.
    #[error("not signed by the log's key")]
    NotSigned,
    /// A signature line claims to be the key's, and is not.
    #[error("the signature is wrong")]
    BadSignature,
    /// Signed by the key, but for another log.
    #[error("the checkpoint is another log's")]
    WrongOrigin,
    /// A key's name is empty or has a space, a plus or a control character.
    #[error("a key's name has no spaces, no plus sign and at least one character")]
    Name,
    /// The text is not a verifying key: name, `+`, eight hexadecimal digits, `+`, base64.
    #[error("not a verifying key of the form name+hash+key")]
    Key,
}

/// Signs checkpoints of the log that it names.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    verifying: VerifyingKey,
}

/// Checks checkpoints. Its text form is the one the C2SP tools read: `name+hash+base64(0x01 ‖ public key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    public: [u8; 32],
}

impl SigningKey {
    /// The key of the log `name` from its 32-byte seed (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// [`CheckpointError::Name`] when the name cannot stand in a signature line.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<SigningKey, CheckpointError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("every 32 bytes are an Ed25519 seed");
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .expect("an Ed25519 public key has 32 bytes");
        Ok(SigningKey {
            pair,
            verifying: VerifyingKey::new(name, public)?,
        })
    }

    /// The other half.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// The signed note for a head of the log.
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let name = &self.verifying.name;
        let text = format!("{name}\n{size}\n{root}\n");
        let mut signature = self.verifying.id().to_vec();
        signature.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n{SIGNATURE_MARK}{name} {}\n", STANDARD.encode(signature))
    }
}

/// Says whose key it is, never the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("verifying", &self.verifying)
            .finish_non_exhaustive()
    }
}

/// Reads a signed note and checks that the log's key signed it.
///
/// # Errors
/// See [`CheckpointError`]; nothing in an unsigned note is worth reading.
pub fn open(note: &str, key: &VerifyingKey) -> Result<Checkpoint, CheckpointError> {
    if note.chars().any(|c| c < ' ' && c != '\n') {
        return Err(CheckpointError::Malformed);
    }
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(CheckpointError::Malformed)?;
    let signatures = signatures.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
    let text = &note[..=text.len()];
    let mut signed = false;
    for line in signatures.split('\n') {
        signed |= is_signed(text, line, key)?;
    }
    if !signed {
        return Err(CheckpointError::NotSigned);
    }
    let checkpoint = parse(text).ok_or(CheckpointError::Malformed)?;
    if checkpoint.origin == key.name {
        Ok(checkpoint)
    } else {
        Err(CheckpointError::WrongOrigin)
    }
}

/// Whether a signature line is this key's; an error when it is not a signature line or its signature is wrong.
fn is_signed(text: &str, line: &str, key: &VerifyingKey) -> Result<bool, CheckpointError> {
    let line = line
        .strip_prefix(SIGNATURE_MARK)
        .ok_or(CheckpointError::Malformed)?;
    let (name, signature) = line.split_once(' ').ok_or(CheckpointError::Malformed)?;
    let signature = STANDARD
        .decode(signature)
        .map_err(|_| CheckpointError::Malformed)?;
    let (id, signature) = signature
        .split_first_chunk::<4>()
        .ok_or(CheckpointError::Malformed)?;
    if name != key.name || *id != key.id() {
        return Ok(false);
    }
    UnparsedPublicKey::new(&ED25519, &key.public)
        .verify(text.as_bytes(), signature)
        .map(|()| true)
        .map_err(|_| CheckpointError::BadSignature)
}

fn parse(text: &str) -> Option<Checkpoint> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
    let size = decimal(lines.next()?)?;
    let root = lines.next()?.parse().ok()?;
    lines
        .all(|extension| !extension.is_empty())
        .then_some(Checkpoint { origin, size, root })
}

/// A number in ASCII digits without leading zeros or sign.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

impl VerifyingKey {
    fn new(name: &str, public: [u8; 32]) -> Result<VerifyingKey, CheckpointError> {
        if name.is_empty()
            || name
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || c == '+')
        {
            return Err(CheckpointError::Name);
        }
        Ok(VerifyingKey {
            name: name.to_owned(),
            public,
        })
    }

    /// The key's name, which is the origin of its log.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.public].concat());
        [hash.0[0], hash.0[1], hash.0[2], hash.0[3]]
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519_TYPE][..], &self.public].concat());
        write!(f, "{}+{:08x}+{key}", self.name, u32::from_be_bytes(self.id()))
    }
}

impl FromStr for VerifyingKey {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<VerifyingKey, CheckpointError> {
        let mut parts = text.splitn(3, '+');
        let name = parts.next().ok_or(CheckpointError::Key)?;
        let id = parts.next().ok_or(CheckpointError::Key)?;
        let key = parts
            .next()
            .and_then(|key| STANDARD.decode(key).ok())
            .ok_or(CheckpointError::Key)?;
        let public = key
            .strip_prefix(&[ED25519_TYPE])
            .and_then(|public| public.try_into().ok());
        let key = VerifyingKey::new(name, public.ok_or(CheckpointError::Key)?)?;
        let same = id.len() == 8 && u32::from_str_radix(id, 16) == Ok(u32::from_be_bytes(key.id()));
        if same { Ok(key) } else { Err(CheckpointError::Key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed("example.com/log", &[3; 32]).unwrap()
    }

    #[test]
    fn a_signed_checkpoint_opens_with_the_key_and_no_other() {
        let root = sha256(b"root");
        let note = key().sign(12, root);
        let checkpoint = Checkpoint {
            origin: "example.com/log".into(),
            size: 12,
            root,
        };
        assert_eq!(open(&note, key().verifying_key()), Ok(checkpoint));
        let other = SigningKey::from_seed("example.com/log", &[4; 32]).unwrap();
        assert_eq!(
            open(&note, other.verifying_key()),
            Err(CheckpointError::NotSigned)
        );
        assert_eq!(
            open(&note.replace("\n12\n", "\n13\n"), key().verifying_key()),
            Err(CheckpointError::BadSignature)
        );
    }

    #[test]
    fn unknown_signatures_are_passed_over() {
        let witness = SigningKey::from_seed("witness.example", &[5; 32]).unwrap();
        let note = key().sign(1, sha256(b"x"));
        let text = &note[..note.find("\n\n").unwrap() + 2];
        let line = witness.sign(1, sha256(b"x")).lines().last().unwrap().to_owned();
        assert!(open(&format!("{note}{line}\n"), key().verifying_key()).is_ok());
        assert_eq!(
            open(&format!("{text}{line}\n"), key().verifying_key()),
            Err(CheckpointError::NotSigned)
        );
    }

    #[test]
    fn malformed_notes_are_refused() {
        let note = key().sign(1, sha256(b"x"));
        for bad in [
            "",
            "\n\n",
            &note[..note.len() - 1],
            &note.replace('\n', "\r\n"),
            &note.replace("\n\n", "\n"),
        ] {
            assert_eq!(
                open(bad, key().verifying_key()),
                Err(CheckpointError::Malformed),
                "{bad:?}"
            );
        }
        for text in [
            "example.com/log\n01\n",
            "example.com/log\n+1\n",
            "example.com/log\n1\nAAAA\n",
            "\n1\n",
        ] {
            assert_eq!(parse(&format!("{text}{}\n", sha256(b"x"))), None, "{text:?}");
        }
    }

    #[test]
    fn verifying_key_has_a_text_form() {
        let text = key().verifying_key().to_string();
        assert_eq!(text.parse().as_ref(), Ok(key().verifying_key()));
        // Made by another implementation, the key's hash too.
        let foreign = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(
            foreign
                .parse::<VerifyingKey>()
                .map(|key| key.to_string())
                .as_deref(),
            Ok(foreign)
        );
        let spoiled = text.replace("+A", "+B");
        for bad in ["", "a+b", "a b+00000000+AQ==", spoiled.as_str()] {
            assert!(bad.parse::<VerifyingKey>().is_err(), "{bad}");
        }
        assert_eq!(
            SigningKey::from_seed("two words", &[0; 32]).unwrap_err(),
            CheckpointError::Name
        );
    }
}
