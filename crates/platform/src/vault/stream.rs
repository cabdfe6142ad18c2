//! Files of any length, sealed: AES-256-GCM in chunks, so that neither sealing nor opening holds a file in memory and no
//! byte is handed on before it is verified.
//!
//! The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each chunk's nonce is its number and whether
//! it is the last one, so chunks that are dropped, doubled, exchanged or cut off at the end do not open. Each file has
//! a key of its own, derived by HKDF-SHA256 (RFC 5869) from the given key and a random salt in the file's head.

use std::io::{self, Read, Write};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};

use crate::random;

/// What a sealed file begins with.
const MAGIC: &[u8] = b"stockade sealed file 1\n";
const SALT: usize = 32;
/// Clear bytes of a chunk; only the last one may be shorter.
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// Why a sealed file did not open.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// It cannot be read, or what it holds cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It was not sealed by this program.
    #[error("this is not a sealed file")]
    Foreign,
    /// Another key sealed it, or a byte of it was changed or is missing.
    #[error("the file does not open: it was sealed with another key, or changed, or cut off")]
    Tampered,
}

/// Seals everything that `from` gives.
///
/// # Errors
/// What reading and writing fail with.
pub fn seal(key: &[u8; 32], mut from: impl Read, mut into: impl Write) -> io::Result<()> {
    let salt = random::bytes::<SALT>();
    let key = key_of_file(key, &salt);
    into.write_all(MAGIC)?;
    into.write_all(&salt)?;
    let mut chunk = full_chunk(&mut from, CHUNK)?;
    for number in 0.. {
        let next = match chunk.len() {
            CHUNK => full_chunk(&mut from, CHUNK)?,
            _ => Vec::new(),
        };
        let last = next.is_empty();
        key.seal_in_place_append_tag(nonce(number, last), Aad::empty(), &mut chunk)
            .map_err(|_| io::Error::other("a chunk could not be sealed"))?;
        into.write_all(&chunk)?;
        if last {
            break;
        }
        chunk = next;
    }
    into.flush()
}

/// Opens what [`seal`] made. What was written before an error is to be thrown away.
///
/// # Errors
/// [`StreamError`].
pub fn open(key: &[u8; 32], mut from: impl Read, mut into: impl Write) -> Result<(), StreamError> {
    let head = full_chunk(&mut from, MAGIC.len() + SALT)?;
    let Some(salt) = head.strip_prefix(MAGIC).filter(|salt| salt.len() == SALT) else {
        return Err(StreamError::Foreign);
    };
    let key = key_of_file(key, salt);
    let mut chunk = full_chunk(&mut from, CHUNK + TAG)?;
    for number in 0.. {
        let next = full_chunk(&mut from, CHUNK + TAG)?;
        let last = next.is_empty();
        let clear = key
            .open_in_place(nonce(number, last), Aad::empty(), &mut chunk)
            .map_err(|_| StreamError::Tampered)?;
        into.write_all(clear)?;
        if last {
            break;
        }
        chunk = next;
    }
    into.flush()?;
    Ok(())
}

/// As many bytes as asked for, or fewer at the end.
fn full_chunk(from: &mut impl Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(bytes + TAG);
    from.take(bytes as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn key_of_file(key: &[u8; 32], salt: &[u8]) -> LessSafeKey {
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(key);
    let derived = secret
        .expand(&[MAGIC], &AES_256_GCM)
        .expect("32 bytes are no more than HKDF gives");
    LessSafeKey::new(UnboundKey::from(derived))
}

fn nonce(number: u64, last: bool) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[3..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed(clear: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::new();
        seal(&KEY, clear, &mut sealed).unwrap();
        sealed
    }

    fn opened(key: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, StreamError> {
        let mut clear = Vec::new();
        open(key, sealed, &mut clear).map(|()| clear)
    }

    #[test]
    fn files_of_every_length_come_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            let clear: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let sealed = sealed(&clear);
            assert!(length < 16 || !sealed.windows(16).any(|window| window == &clear[..16]));
            assert_eq!(opened(&KEY, &sealed).unwrap(), clear, "{length}");
        }
    }

    #[test]
    fn what_was_changed_cut_or_moved_does_not_open() {
        let clear = vec![1; 3 * CHUNK + 5];
        let whole = sealed(&clear);
        let (head, sealed_chunk) = (MAGIC.len() + SALT, CHUNK + TAG);
        let mut flipped = whole.clone();
        flipped[head + 10] ^= 1;
        let mut swapped = whole.clone();
        swapped[head..head + 2 * sealed_chunk].rotate_left(sealed_chunk);
        let mut doubled = whole.clone();
        doubled.extend_from_slice(&whole[head..head + sealed_chunk]);
        let at_a_chunk = &whole[..head + 2 * sealed_chunk];
        for bad in [
            &flipped,
            &swapped,
            &doubled,
            at_a_chunk,
            &whole[..whole.len() - 1],
        ] {
            assert!(matches!(opened(&KEY, bad), Err(StreamError::Tampered)));
        }
        assert!(matches!(opened(&[8; 32], &whole), Err(StreamError::Tampered)));
        assert!(matches!(opened(&KEY, b"PGDMP"), Err(StreamError::Foreign)));
    }
}
