//! Backup codes: 80 random bits in four groups that can be typed, stored under a keyed hash, each good once.

use stockade_domain::ids::UserId;
use stockade_platform::{db::DbResult, random, vault::MacKey};
use zeroize::Zeroizing;

use crate::{
    app::App,
    core::change::Change,
    features::auth::{events, store::backup_codes},
};

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, without the dashes.
const LENGTH: usize = 16;

/// Makes new codes, ten as it comes, in place of all earlier ones. They are shown once.
pub(in crate::features::auth) async fn renew(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
) -> DbResult<Vec<String>> {
    let codes: Vec<String> = (0..app.config.second_factors.backup_codes)
        .map(|_| new_code())
        .collect();
    let hashes: Vec<_> = codes
        .iter()
        .filter_map(|code| hash(&app.auth.backup_code_key, user, code))
        .collect();
    backup_codes::replace(change, user, &hashes).await?;
    Ok(codes)
}

/// Uses a code up; false when it is none of the person's, or was used before.
pub(in crate::features::auth) async fn verify(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    code: &str,
) -> DbResult<bool> {
    let Some(hash) = hash(&app.auth.backup_code_key, user, code) else {
        return Ok(false);
    };
    let now = change.now();
    if !backup_codes::take(change, user, hash, now).await? {
        return Ok(false);
    }
    let left = backup_codes::left(change, user).await?;
    change.also(events::backup_code_used(user, left));
    Ok(true)
}

/// Whether a text has the form of a backup code.
pub(in crate::features::auth) fn looks_like_one(code: &str) -> bool {
    normal(code).is_some()
}

fn new_code() -> String {
    let bits = Zeroizing::new(random::bytes::<LENGTH>());
    let letters: Vec<u8> = bits.iter().map(|byte| ALPHABET[usize::from(byte % 32)]).collect();
    let groups: Vec<_> = letters.chunks(4).map(String::from_utf8_lossy).collect();
    groups.join("-")
}

fn hash(key: &MacKey, user: UserId, code: &str) -> Option<[u8; 32]> {
    let code = normal(code)?;
    Some(key.tag_parts(&[user.as_uuid().as_bytes(), code.as_bytes()]))
}

/// As it was made: capitals without dashes. What people mistake for a digit is that digit.
fn normal(code: &str) -> Option<Zeroizing<String>> {
    let letters = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let letters = letters.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    let code = Zeroizing::new(letters.take(LENGTH + 1).collect::<String>());
    let known = code.bytes().all(|byte| ALPHABET.contains(&byte));
    (known && code.len() == LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_carelessly() {
        let code = new_code();
        assert_eq!((code.len(), code.matches('-').count()), (19, 3));
        let key = MacKey::new(&[7; 32]);
        let (ana, ben) = [1, 2].map(|n| UserId::from_uuid(uuid::Uuid::from_u128(n))).into();
        let typed = code
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(hash(&key, ana, &typed), hash(&key, ana, &code));
        assert_ne!(
            hash(&key, ana, &code),
            hash(&key, ben, &code),
            "codes belong to a person"
        );
        for other in [
            "",
            "123456",
            &code[1..],
            &format!("{code}A"),
            "UUUU-UUUU-UUUU-UUUU",
        ] {
            assert!(!looks_like_one(other), "{other}");
        }
    }
}
