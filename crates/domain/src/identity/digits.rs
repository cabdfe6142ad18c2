//! Reading numbers that people write in groups, and hiding all but their end.

/// The digits of `text` when it is exactly `N` digits, written together or in groups of the given lengths with one and
/// the same separator, `-` or a blank, between all of them.
pub(super) fn grouped<const N: usize>(text: &str, groups: &[usize]) -> Option<[u8; N]> {
    let text = text.trim();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let digits: [u8; N] = digits.try_into().ok()?;
    let whole = std::str::from_utf8(&digits).ok()?;
    let sound = ["", "-", " "]
        .iter()
        .any(|separator| join(whole, groups, separator) == text);
    sound.then_some(digits)
}

/// Digits in groups, with a separator between them.
pub(super) fn join(digits: &str, groups: &[usize], separator: &str) -> String {
    let mut rest = digits;
    let mut parts = Vec::with_capacity(groups.len());
    for length in groups {
        let (part, after) = rest.split_at_checked(*length).unwrap_or((rest, ""));
        parts.push(part);
        rest = after;
    }
    parts.join(separator)
}

/// `X` for every digit but the last `shown`.
pub(super) fn masked(text: &str, shown: usize) -> String {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mut left = digits.saturating_sub(shown);
    let mask = |c: char| match c.is_ascii_digit() && left > 0 {
        true => {
            left -= 1;
            'X'
        }
        false => c,
    };
    text.chars().map(mask).collect()
}

/// The number that a run of digits stands for.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}
