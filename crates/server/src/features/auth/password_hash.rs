//! The forms a password hash may have, and the work behind each. Pure computing; [`super::hashing`] says where it runs.
//!
//! Made here, with the work that the settings say: `$argon2id$v=19$m=19456,t=2,p=1$…` (PHC string, RFC 9106; OWASP's first
//! choice, 19 MiB, two passes, one lane), or `$bcrypt-sha256$v=2,t=2b,r=12$…`, whose
//! bcrypt input is the base64 of HMAC-SHA256 of the password under the salt, so that 72 bytes is no cliff; it is the
//! form that Python's passlib writes. Verified as well: any other argon2 string and bcrypt's own `$2a$`, `$2b$`, `$2y$`.

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc};
use aws_lc_rs::{constant_time, hmac};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD as BASE64, STANDARD_NO_PAD as PHC64},
};
use bcrypt::HashParts;
use stockade_platform::random;

use crate::config::HashWork;

/// Most memory an imported argon2 hash may ask for, in KiB; more would let one row stall the program.
const ARGON2_MOST_MEMORY: u32 = 262_144;
/// Most passes times lanes an imported argon2 hash may ask for.
const ARGON2_MOST_WORK: u32 = 64;
/// Most rounds an imported bcrypt hash may ask for, as a power of two.
const BCRYPT_MOST_COST: u32 = 16;
/// What our bcrypt hashes start with, before the cost.
const BCRYPT_OURS: &str = "$bcrypt-sha256$v=2,t=2b,r=";

/// What argon2 computes in. One a thread, kept for the next hash: 19 MiB as it comes.
pub(super) struct Workspace {
    blocks: Vec<Block>,
    /// More than our own hashes take is given back.
    keep: usize,
}

impl Workspace {
    /// One that keeps as much as hashes of this work take.
    pub(super) fn keeping(work: HashWork) -> Self {
        let keep = match work {
            HashWork::Argon2id { memory_kib, passes } => params(memory_kib, passes).block_count(),
            HashWork::Bcrypt { .. } => 0,
        };
        let blocks = Vec::new();
        Self { blocks, keep }
    }
}

/// Hashes a normalised password. `None` only when memory is exhausted.
pub(super) fn make(work: HashWork, password: &str, workspace: &mut Workspace) -> Option<String> {
    match work {
        HashWork::Argon2id { memory_kib, passes } => {
            let salt: [u8; 16] = random::bytes();
            let params = params(memory_kib, passes);
            let output = argon2(
                &params,
                Algorithm::Argon2id,
                Version::V0x13,
                password,
                &salt,
                workspace,
            )?;
            phc_string(&params, &salt, &output)
        }
        HashWork::Bcrypt { cost } => {
            let salt = random::bytes();
            let parts = bcrypt::hash_with_salt(prehash(password, &salt), cost, salt).ok()?;
            // `$2b$12$`, then salt and hash of which the salt takes 22 characters.
            let text = parts.format_for_version(bcrypt::Version::TwoB);
            let (salt, hash) = text.get(7..)?.split_at_checked(22)?;
            Some(format!("{BCRYPT_OURS}{cost}${salt}${hash}"))
        }
    }
}

/// A hash that no password has, as costly to verify as one made with this work.
pub(super) fn dummy(work: HashWork) -> String {
    like(&work_of(work))
}

/// What a hash made with this work begins with: all that says how much verifying it takes.
pub(super) fn work_of(work: HashWork) -> String {
    match work {
        HashWork::Argon2id { memory_kib, passes } => format!("$argon2id$v=19$m={memory_kib},t={passes},p=1$"),
        HashWork::Bcrypt { cost } => format!("{BCRYPT_OURS}{cost}$"),
    }
}

/// A hash that no password has, as costly to verify as a stored one that begins with `work`.
pub(super) fn like(work: &str) -> String {
    let bcrypt = || (bcrypt64(random::bytes::<16>()), bcrypt64(random::bytes::<23>()));
    if work.starts_with("$argon2") {
        let (salt, output): ([u8; 16], [u8; 32]) = (random::bytes(), random::bytes());
        format!("{work}{}${}", PHC64.encode(salt), PHC64.encode(output))
    } else if work.starts_with(BCRYPT_OURS) {
        let (salt, hash) = bcrypt();
        format!("{work}{salt}${hash}")
    } else if work.starts_with("$2") {
        let (salt, hash) = bcrypt();
        format!("{work}{salt}{hash}")
    } else {
        // No form that is known, so verifying it is no work either.
        work.to_owned()
    }
}

/// Whether `password`, normalised, is the one behind `stored`. A stored text of no known form matches nothing.
pub(super) fn matches(stored: &str, password: &str, workspace: &mut Workspace) -> bool {
    if stored.starts_with("$argon2") {
        matches_argon2(stored, password, workspace).unwrap_or(false)
    } else if let Some(rest) = stored.strip_prefix(BCRYPT_OURS) {
        matches_ours(rest, password).unwrap_or(false)
    } else {
        matches_plain_bcrypt(stored, password).unwrap_or(false)
    }
}

/// Whether `stored` is other than a hash made now would be.
pub(super) fn is_outdated(work: HashWork, stored: &str) -> bool {
    !stored.starts_with(&work_of(work))
}

fn matches_argon2(stored: &str, password: &str, workspace: &mut Workspace) -> Option<bool> {
    let parsed = phc::PasswordHash::new(stored).ok()?;
    let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
    let version = match parsed.version {
        Some(version) => Version::try_from(version).ok()?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&parsed).ok()?;
    if params.m_cost() > ARGON2_MOST_MEMORY
        || params.t_cost().saturating_mul(params.p_cost()) > ARGON2_MOST_WORK
    {
        return None;
    }
    let (salt, expected) = (parsed.salt?, parsed.hash?);
    let output = argon2(&params, algorithm, version, password, &salt, workspace)?;
    Some(constant_time::verify_slices_are_equal(&output, expected.as_bytes()).is_ok())
}

fn argon2(
    params: &Params,
    algorithm: Algorithm,
    version: Version,
    password: &str,
    salt: &[u8],
    workspace: &mut Workspace,
) -> Option<Vec<u8>> {
    let blocks = params.block_count();
    if workspace.blocks.len() < blocks {
        workspace.blocks.resize(blocks, Block::new());
    }
    let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    Argon2::new(algorithm, version, params.clone())
        .hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            &mut output,
            &mut workspace.blocks[..blocks],
        )
        .ok()?;
    // An imported hash may have wanted more than ours do; that memory is given back.
    if blocks > workspace.keep {
        workspace.blocks = Vec::new();
    }
    Some(output)
}

fn params(memory_kib: u32, passes: u32) -> Params {
    Params::new(memory_kib, passes, 1, None).expect("the settings are within RFC 9106's bounds")
}

fn phc_string(params: &Params, salt: &[u8; 16], output: &[u8]) -> Option<String> {
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().ok()?,
        salt: Some(phc::Salt::new(salt).ok()?),
        hash: Some(phc::Output::new(output).ok()?),
    };
    Some(hash.to_string())
}

/// `cost$salt$hash` of our own form.
fn matches_ours(rest: &str, password: &str) -> Option<bool> {
    let (cost, rest) = rest.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    let plain = format!("$2b${cost:0>2}${salt}{hash}");
    let parts: HashParts = plain.parse().ok()?;
    if parts.get_cost() > BCRYPT_MOST_COST {
        return None;
    }
    bcrypt::verify(prehash(password, &parts.get_salt_raw()), &plain).ok()
}

/// bcrypt's own form, in which bytes after the 72nd do not count.
fn matches_plain_bcrypt(stored: &str, password: &str) -> Option<bool> {
    let parts: HashParts = stored.parse().ok()?;
    (parts.get_cost() <= BCRYPT_MOST_COST).then(|| bcrypt::verify(password, stored).ok())?
}

/// 44 characters without a zero byte, whatever the password's length. Keyed with the salt as it is written, so that
/// a list of plain SHA-256 hashes is of no use against it.
fn prehash(password: &str, salt: &[u8; 16]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, bcrypt64(*salt).as_bytes());
    BASE64.encode(hmac::sign(&key, password.as_bytes()))
}

/// bcrypt's own base64.
fn bcrypt64(bytes: impl AsRef<[u8]>) -> String {
    use base64::{
        alphabet,
        engine::{GeneralPurpose, general_purpose::NO_PAD},
    };
    GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD).encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARGON2: HashWork = HashWork::Argon2id {
        memory_kib: 19_456,
        passes: 2,
    };
    const BCRYPT: HashWork = HashWork::Bcrypt { cost: 12 };

    fn verify(stored: &str, password: &str) -> bool {
        matches(stored, password, &mut Workspace::keeping(ARGON2))
    }

    #[test]
    fn what_is_made_verifies_and_nothing_else_does() {
        let mut workspace = Workspace::keeping(ARGON2);
        for kind in [ARGON2, BCRYPT] {
            let stored = make(kind, "correct horse battery", &mut workspace).unwrap();
            assert!(
                matches(&stored, "correct horse battery", &mut workspace),
                "{stored}"
            );
            assert!(!matches(&stored, "correct horse batterz", &mut workspace));
            assert!(!is_outdated(kind, &stored));
            assert_ne!(
                stored,
                make(kind, "correct horse battery", &mut workspace).unwrap()
            );
        }
    }

    #[test]
    fn other_programs_hashes_verify() {
        // From argon2's reference implementation (2 passes, 64 MiB), passlib's documentation, and bcrypt's crypt_blowfish.
        for (stored, password) in [
            (
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password",
            ),
            (
                "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2",
                "password",
            ),
            (
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "U*U",
            ),
            (
                "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "U*U",
            ),
        ] {
            assert!(verify(stored, password), "{stored}");
            assert!(!verify(stored, "passwore"), "{stored}");
        }
    }

    #[test]
    fn a_long_password_counts_to_its_end() {
        let long = "x".repeat(100);
        let stored = make(BCRYPT, &long, &mut Workspace::keeping(ARGON2)).unwrap();
        assert!(verify(&stored, &long));
        assert!(!verify(&stored, &"x".repeat(99)));
    }

    #[test]
    fn dummies_have_the_form_of_real_ones_and_match_nothing() {
        let mut workspace = Workspace::keeping(ARGON2);
        for kind in [ARGON2, BCRYPT] {
            let (real, dummy) = (make(kind, "x", &mut workspace).unwrap(), dummy(kind));
            assert_eq!(real.len(), dummy.len(), "{real} {dummy}");
            assert!(!is_outdated(kind, &dummy));
            assert!(!matches(&dummy, "x", &mut workspace));
        }
        // The work was done, not skipped because the text could not be read.
        assert!(
            dummy(BCRYPT)[work_of(BCRYPT).len()..]
                .split_once('$')
                .is_some_and(|(salt, hash)| { format!("$2b$12${salt}{hash}").parse::<HashParts>().is_ok() })
        );
        assert!(phc::PasswordHash::new(&dummy(ARGON2)).is_ok());
    }

    #[test]
    fn a_dummy_is_like_what_it_stands_for() {
        for work in [
            "$2b$04$",
            "$2a$10$",
            "$argon2id$v=19$m=64,t=1,p=1$",
            "$argon2i$v=19$m=64,t=1,p=1$",
        ] {
            let dummy = like(work);
            assert!(dummy.starts_with(work) && !verify(&dummy, "x"), "{dummy}");
            let readable = dummy.parse::<HashParts>().is_ok() || phc::PasswordHash::new(&dummy).is_ok();
            assert!(readable, "{dummy}");
        }
        assert_eq!(like("plain"), "plain");
    }

    #[test]
    fn hashes_of_another_kind_or_strength_are_outdated() {
        let argon2 = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let plain = "$2b$12$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u";
        for stored in [argon2, plain, "$argon2i$v=19$m=19456,t=2,p=1$", ""] {
            assert!(
                is_outdated(ARGON2, stored) && is_outdated(BCRYPT, stored),
                "{stored}"
            );
        }
    }

    #[test]
    fn more_work_is_another_hash_and_the_one_before_still_verifies() {
        let more = [
            HashWork::Argon2id {
                memory_kib: 20_480,
                passes: 3,
            },
            HashWork::Bcrypt { cost: 13 },
        ];
        let mut workspace = Workspace::keeping(ARGON2);
        for (before, after) in [ARGON2, BCRYPT].into_iter().zip(more) {
            let (old, new) = (
                make(before, "x", &mut workspace).unwrap(),
                make(after, "x", &mut workspace).unwrap(),
            );
            assert!(
                is_outdated(after, &old) && !is_outdated(after, &new),
                "{old} {new}"
            );
            assert!(matches(&old, "x", &mut workspace) && matches(&new, "x", &mut workspace));
        }
    }

    #[test]
    fn hashes_that_would_stall_the_program_match_nothing() {
        for stored in [
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=8,t=4294967295,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$bcrypt-sha256$v=2,t=2b,r=31$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2",
            "$2b$31$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u",
            "plain text",
            "",
        ] {
            assert!(!verify(stored, "password"), "{stored}");
        }
    }
}
