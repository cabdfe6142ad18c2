//! What a device says of itself, in one normal form, so that equal devices have equal texts.

use serde::{Deserialize, Serialize};

use super::agent::Agent;

/// What a device says of itself. Whatever it does not say is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fingerprint {
    // In alphabetical order, which is the canonical one (RFC 8785 §3.2.3).
    /// In the person's order of preference, as BCP 47 tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Such as `Linux x86_64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// In no particular order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
    /// Width, height and depth, as `2560x1440x24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// A name of the IANA time zone database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// As the header says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

impl Fingerprint {
    /// The normal form: no blanks around words, no empty words, plugins sorted, the screen as it stands upright,
    /// since a phone that is turned is no other phone.
    #[must_use]
    pub fn normalized(self) -> Self {
        let mut plugins = words(self.plugins);
        plugins.sort_unstable();
        plugins.dedup();
        Self {
            languages: words(self.languages),
            platform: self.platform.and_then(word),
            plugins,
            screen: self.screen.and_then(word).map(upright),
            timezone: self.timezone.and_then(word),
            user_agent: self.user_agent.and_then(word),
        }
    }

    /// Canonical JSON (RFC 8785): the text whose SHA-256 is the device's signature.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("texts and lists of texts are always JSON")
    }

    /// The browser or program, and the system.
    #[must_use]
    pub fn agent(&self) -> Agent<'_> {
        self.user_agent.as_deref().map(Agent::read).unwrap_or_default()
    }

    /// What is known once the device has said `newer`: it replaces what it speaks of, and leaves the rest.
    #[must_use]
    pub fn updated_by(self, newer: Self) -> Self {
        let list = |old: Vec<String>, new: Vec<String>| if new.is_empty() { old } else { new };
        Self {
            languages: list(self.languages, newer.languages),
            platform: newer.platform.or(self.platform),
            plugins: list(self.plugins, newer.plugins),
            screen: newer.screen.or(self.screen),
            timezone: newer.timezone.or(self.timezone),
            user_agent: newer.user_agent.or(self.user_agent),
        }
    }
}

fn word(text: String) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn words(list: Vec<String>) -> Vec<String> {
    list.into_iter().filter_map(word).collect()
}

/// The longer side first, when the text is numbers with `x` between them.
fn upright(screen: String) -> String {
    let sides: Option<Vec<u32>> = screen.split('x').map(|side| side.parse().ok()).collect();
    match sides.as_deref() {
        Some([width, height, rest @ ..]) if width < height => {
            let turned = [*height, *width].into_iter().chain(rest.iter().copied());
            turned.map(|side| side.to_string()).collect::<Vec<_>>().join("x")
        }
        _ => screen,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::{collection::vec, option::of, prelude::*};

    use super::*;

    /// Any fingerprint in its normal form.
    pub(in super::super) fn any_fingerprint() -> impl Strategy<Value = Fingerprint> {
        let agents = prop_oneof![
            Just("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
            Just(
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/137.0.0.0 Safari/537.36".to_owned()
            ),
            Just("Mozilla/5.0 (Linux; Android 10; K) Chrome/137.0.0.0 Mobile Safari/537.36".to_owned()),
            "\\PC{0,30}",
        ];
        let parts = (
            vec("[a-z]{0,2}", 0..3),
            of("\\PC{0,8}"),
            vec("[a-c ]{0,2}", 0..4),
            of("[0-9]{1,2}x[0-9]{1,2}(x24)?"),
            of("\\PC{0,8}"),
            of(agents),
        );
        parts.prop_map(|(languages, platform, plugins, screen, timezone, user_agent)| {
            let said = Fingerprint {
                languages,
                platform,
                plugins,
                screen,
                timezone,
                user_agent,
            };
            said.normalized()
        })
    }

    #[test]
    fn the_canonical_text_is_sorted_and_bare() {
        let said = Fingerprint {
            languages: vec!["nb".into(), " en ".into(), String::new()],
            plugins: vec!["b".into(), "a".into(), "b".into()],
            screen: Some("1440x2560x24".into()),
            timezone: Some("Europe/Oslo".into()),
            platform: Some("  ".into()),
            user_agent: Some("Stories/1 \"\u{e6}\"\u{7}".into()),
        };
        assert_eq!(
            said.normalized().canonical(),
            "{\"languages\":[\"nb\",\"en\"],\"plugins\":[\"a\",\"b\"],\"screen\":\"2560x1440x24\",\
             \"timezone\":\"Europe/Oslo\",\"user_agent\":\"Stories/1 \\\"\u{e6}\\\"\\u0007\"}"
        );
        assert_eq!(Fingerprint::default().canonical(), "{}");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_reached_at_once_and_its_text_is_its_own(one in any_fingerprint(), other in any_fingerprint()) {
            prop_assert_eq!(one.clone().normalized(), one.clone());
            prop_assert_eq!(one == other, one.canonical() == other.canonical());
            prop_assert_eq!(serde_json::from_str::<Fingerprint>(&one.canonical()).unwrap(), one);
        }

        #[test]
        fn saying_nothing_forgets_nothing(one in any_fingerprint(), other in any_fingerprint()) {
            prop_assert_eq!(one.clone().updated_by(Fingerprint::default()), one.clone());
            let now = one.updated_by(other.clone());
            prop_assert_eq!(now.clone().updated_by(other), now);
        }
    }
}
