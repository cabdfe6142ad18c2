//! Equality search over sealed fields, without opening them.

use super::mac::{MacKey, MasterSecret};

/// A keyed and truncated hash of a field's normal form, stored beside the sealed field.
///
/// Three bytes on purpose: equal fields always have equal tags, but many other values share each tag, so that a tag
/// tells little even to somebody who has the key and tries every value. Whoever searches opens what was found and
/// compares.
#[derive(Clone, Debug)]
pub struct BlindIndex(MacKey);

impl BlindIndex {
    /// Bytes of a tag.
    pub const LENGTH: usize = 3;

    /// The tag of a value in the form in which equal values are equal bytes.
    pub fn tag(&self, normal: &[u8]) -> [u8; Self::LENGTH] {
        let whole = self.0.tag(normal);
        std::array::from_fn(|at| whole[at])
    }
}

impl MasterSecret {
    /// The index of one column, such as `profiles.ssn`. Another column's tags are unrelated.
    pub fn blind_index(&self, column: &str) -> BlindIndex {
        BlindIndex(self.mac_key(&format!("blind index {column}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> MasterSecret {
        MasterSecret::new(&(0..32).collect::<Vec<u8>>()).unwrap()
    }

    #[test]
    fn equal_values_of_one_column_have_equal_tags() {
        let index = secret().blind_index("profiles.ssn");
        assert_eq!(
            index.tag(b"219098765"),
            secret().blind_index("profiles.ssn").tag(b"219098765")
        );
        assert_ne!(index.tag(b"219098765"), index.tag(b"219098766"));
        assert_ne!(
            index.tag(b"219098765"),
            secret().blind_index("profiles.itin").tag(b"219098765")
        );
    }

    #[test]
    fn a_tag_is_shared_by_many_values() {
        let index = secret().blind_index("profiles.ssn");
        let tags: std::collections::HashSet<_> = (0..20_000_u32)
            .map(|value| index.tag(&value.to_be_bytes()))
            .collect();
        // 20,000 values over 2^24 tags: a dozen meet, where 2^256 would keep all apart.
        assert!(tags.len() < 20_000);
    }
}
