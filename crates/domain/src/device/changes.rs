//! What changed between two fingerprints of one device, by name, and whether it can have.

use super::{agent::Os, fingerprint::Fingerprint};
use crate::text::words;

words! {
    /// Something a device says of itself.
    Attribute, "attribute" {
        /// The screen.
        Resolution = "resolution",
        /// The time zone.
        Timezone = "timezone",
        /// The browser's or program's family; a new version of it is no change.
        Browser = "browser",
        /// The operating system's family.
        Os = "os",
        /// The languages, or their order.
        Languages = "languages",
        /// What the browser calls the hardware and system.
        Platform = "platform",
        /// The plugins.
        Plugins = "plugins",
    }
}

/// The difference between two fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What both speak of and say differently, in the order of [`Attribute::ALL`].
    pub attributes: Vec<Attribute>,
    /// No device does this: its id has been copied to another one.
    pub impossible: bool,
}

impl Fingerprint {
    /// What is different in `other`, when both are said to be of one device.
    #[must_use]
    pub fn changes_to(&self, other: &Self) -> Changes {
        let differs = |attribute: &Attribute| match attribute {
            Attribute::Resolution => differ(&self.screen, &other.screen),
            Attribute::Timezone => differ(&self.timezone, &other.timezone),
            Attribute::Browser => differ(&self.agent().family, &other.agent().family),
            Attribute::Os => differ(&self.agent().os, &other.agent().os),
            Attribute::Languages => lists_differ(&self.languages, &other.languages),
            Attribute::Platform => differ(&self.platform, &other.platform),
            Attribute::Plugins => lists_differ(&self.plugins, &other.plugins),
        };
        Changes {
            attributes: Attribute::ALL.iter().copied().filter(differs).collect(),
            impossible: match (self.agent().os, other.agent().os) {
                (Some(one), Some(other)) => !Os::may_pass_for(one, other),
                _ => false,
            },
        }
    }
}

fn differ<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

fn lists_differ(one: &[String], other: &[String]) -> bool {
    !one.is_empty() && !other.is_empty() && one != other
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::fingerprint::tests::any_fingerprint, *};

    const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const NEWER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";
    const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
    const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) Chrome/137.0.0.0 Mobile Safari/537.36";
    const PHONE_ON_A_DESK: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/137.0.0.0 Safari/537.36";

    fn device() -> Fingerprint {
        let said = Fingerprint {
            languages: vec!["nb".into(), "en".into()],
            platform: Some("Linux x86_64".into()),
            plugins: vec!["PDF Viewer".into()],
            screen: Some("2560x1440x24".into()),
            timezone: Some("Europe/Oslo".into()),
            user_agent: Some(LINUX.into()),
        };
        said.normalized()
    }

    #[track_caller]
    fn assert_changes(change: impl FnOnce(&mut Fingerprint), attributes: &[Attribute], impossible: bool) {
        let mut other = device();
        change(&mut other);
        let changes = device().changes_to(&other.normalized());
        assert_eq!(
            (&*changes.attributes, changes.impossible),
            (attributes, impossible)
        );
    }

    #[test]
    fn each_change_has_its_name() {
        assert_changes(
            |d| d.screen = Some("1920x1080x24".into()),
            &[Attribute::Resolution],
            false,
        );
        assert_changes(
            |d| d.timezone = Some("Asia/Tokyo".into()),
            &[Attribute::Timezone],
            false,
        );
        assert_changes(|d| d.languages.reverse(), &[Attribute::Languages], false);
        assert_changes(
            |d| d.platform = Some("Win32".into()),
            &[Attribute::Platform],
            false,
        );
        assert_changes(|d| d.plugins.push("Other".into()), &[Attribute::Plugins], false);
        assert_changes(
            |d| d.user_agent = Some("curl/8".into()),
            &[Attribute::Browser],
            false,
        );
        assert_changes(|d| d.user_agent = Some(WINDOWS.into()), &[Attribute::Os], true);
    }

    #[test]
    fn an_update_a_turned_screen_and_silence_are_no_change() {
        assert_changes(|d| d.user_agent = Some(NEWER.into()), &[], false);
        assert_changes(|d| d.screen = Some("1440x2560x24".into()), &[], false);
        assert_changes(|d| *d = Fingerprint::default(), &[], false);
    }

    #[test]
    fn a_phone_that_asks_for_the_desktop_version_is_not_compromised() {
        let says = |agent: &str| Fingerprint {
            user_agent: Some(agent.into()),
            ..Fingerprint::default()
        };
        let changes = says(PHONE).changes_to(&says(PHONE_ON_A_DESK));
        assert_eq!(
            (&*changes.attributes, changes.impossible),
            (&[Attribute::Os][..], false)
        );
        assert!(says(PHONE).changes_to(&says(WINDOWS)).impossible);
    }

    proptest! {
        #[test]
        fn nothing_differs_from_itself_and_comparing_has_no_direction(one in any_fingerprint(), other in any_fingerprint()) {
            prop_assert_eq!(one.changes_to(&one), Changes::default());
            prop_assert_eq!(one.changes_to(&other), other.changes_to(&one));
        }

        #[test]
        fn what_is_impossible_is_also_a_change_of_system(one in any_fingerprint(), other in any_fingerprint()) {
            let changes = one.changes_to(&other);
            prop_assert!(!changes.impossible || changes.attributes.contains(&Attribute::Os));
        }

        #[test]
        fn once_said_it_is_known(one in any_fingerprint(), other in any_fingerprint()) {
            prop_assert_eq!(one.updated_by(other.clone()).changes_to(&other), Changes::default());
        }
    }
}
