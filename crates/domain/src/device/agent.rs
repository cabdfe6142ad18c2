//! Which browser or program a `User-Agent` header names (RFC 9110 §10.1.5), and which operating system.
//!
//! Only families are told apart, never versions or models: a family is what a person recognises ("Firefox on Linux")
//! and what an update leaves alone. The large tables of published parsers answer a different question, at the price of
//! a thousand regular expressions compiled at the start, and browsers have frozen the rest of the header.

use std::fmt;

use crate::text::words;

/// What names itself thus, in the order in which the marks must be looked for: most browsers also claim to be the
/// ones that came before them.
const BROWSERS: [(&str, &str); 17] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPX/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("Vivaldi/", "Vivaldi"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Trident/", "Internet Explorer"),
    ("Safari/", "Safari"),
];

/// Likewise: an Android device also says Linux, an iPhone also Mac OS X.
const SYSTEMS: [(&str, Os); 9] = [
    ("Windows", Os::Windows),
    ("iPhone", Os::Ios),
    ("iPad", Os::Ios),
    ("iPod", Os::Ios),
    ("Android", Os::Android),
    ("CrOS", Os::ChromeOs),
    ("Macintosh", Os::MacOs),
    ("Mac OS X", Os::MacOs),
    ("Linux", Os::Linux),
];

/// The longest name of a program that is kept, in characters.
const LONGEST_PROGRAM: usize = 40;

words! {
    /// An operating system, as people call it.
    Os, "os" {
        /// Windows, any.
        Windows = "Windows",
        /// Macs.
        MacOs = "macOS",
        /// Desktops and servers.
        Linux = "Linux",
        /// Phones and tablets of Google's system.
        Android = "Android",
        /// iPhones and iPads.
        Ios = "iOS",
        /// Chromebooks.
        ChromeOs = "ChromeOS",
    }
}

impl Os {
    /// Whether one device may say the one today and the other tomorrow: a phone's browser that asks for a page's
    /// desktop version gives itself out for a desktop.
    #[must_use]
    pub fn may_pass_for(self, other: Self) -> bool {
        self.on_a_desk() == other.on_a_desk()
    }

    /// What it says of itself when it asks for the desktop version.
    #[must_use]
    pub fn on_a_desk(self) -> Self {
        match self {
            Self::Android => Self::Linux,
            Self::Ios => Self::MacOs,
            same => same,
        }
    }
}

/// A browser or program and the system it runs on, as far as they are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agent<'a> {
    /// The family of the browser, or the name of a program.
    pub family: Option<&'a str>,
    /// The operating system.
    pub os: Option<Os>,
}

impl<'a> Agent<'a> {
    /// Reads a `User-Agent` header. Any text gives an answer.
    #[must_use]
    pub fn read(user_agent: &'a str) -> Self {
        let browser = BROWSERS.iter().find(|(mark, _)| user_agent.contains(mark));
        let system = SYSTEMS.iter().find(|(mark, _)| user_agent.contains(mark));
        Self {
            family: browser.map(|(_, name)| *name).or_else(|| program(user_agent)),
            os: system.map(|(_, os)| *os),
        }
    }
}

/// The first product's name, as programs such as `curl/8.5.0` give it.
fn program(user_agent: &str) -> Option<&str> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.+".contains(letter);
    let name = user_agent.split(['/', ' ']).next()?;
    let sound = (1..=LONGEST_PROGRAM).contains(&name.len()) && name.chars().all(allowed);
    (sound && name != "Mozilla").then_some(name)
}

/// As a person would call the device: "Firefox on Linux".
impl fmt::Display for Agent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.family, self.os) {
            (Some(family), Some(os)) => write!(f, "{family} on {os}"),
            (Some(family), None) => f.write_str(family),
            (None, Some(os)) => write!(f, "Unknown program on {os}"),
            (None, None) => f.write_str("Unknown device"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn browsers_and_programs_are_recognised() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
                "Firefox on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "Firefox on iOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0.7151.79 Mobile/15E148 Safari/604.1",
                "Chrome on iOS",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Safari/537.36 OPR/120.0.0.0",
                "Opera on Linux",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/137.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
                "Internet Explorer on Windows",
            ),
            ("curl/8.5.0", "curl"),
            ("python-requests/2.32.4", "python-requests"),
            ("okhttp/4.12.0", "okhttp"),
            ("Mozilla/5.0 (X11; Linux x86_64)", "Unknown program on Linux"),
            ("Mozilla/5.0", "Unknown device"),
            ("<script>", "Unknown device"),
            ("", "Unknown device"),
        ];
        for (header, name) in cases {
            assert_eq!(Agent::read(header).to_string(), name, "{header}");
        }
    }

    #[test]
    fn an_update_changes_nothing() {
        let version =
            |v: u32| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0");
        assert_eq!(Agent::read(&version(140)), Agent::read(&version(141)));
    }

    #[test]
    fn a_phone_may_pass_for_a_desktop_and_nothing_else_may() {
        for one in Os::ALL {
            for other in Os::ALL {
                let alike = one == other
                    || matches!((one, other), (Os::Android, Os::Linux) | (Os::Linux, Os::Android))
                    || matches!((one, other), (Os::Ios, Os::MacOs) | (Os::MacOs, Os::Ios));
                assert_eq!(one.may_pass_for(*other), alike, "{one} {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_harmless_name(text in "\\PC{0,600}") {
            let name = Agent::read(&text).to_string();
            prop_assert!(!name.is_empty() && name.len() < 80);
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+ ".contains(c)), "{}", name);
        }
    }
}
