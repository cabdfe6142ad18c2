//! Places that people live in and come from: addresses that the file of countries knows to be there, and words for postal
//! addresses. Nobody in particular is meant by an address: its end is drawn.

use std::net::{IpAddr, Ipv4Addr};

use super::chance::Chance;

/// A country, as far as somebody who lives there shows it.
#[derive(Debug)]
pub(super) struct Place {
    /// ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
    /// The first two bytes of a network for homes.
    network: [u8; 2],
    /// Hours that the sun is ahead of Greenwich.
    pub(super) hours_ahead: i64,
    pub(super) timezone: &'static str,
    pub(super) language: &'static str,
    /// Town, region, postal code.
    pub(super) towns: &'static [(&'static str, Option<&'static str>, &'static str)],
    pub(super) streets: &'static [&'static str],
}

/// Where customers live, the first more often.
#[rustfmt::skip]
pub(super) const HOMES: &[Place] = &[
    Place { country: "US", network: [73, 162], hours_ahead: -6, timezone: "America/Chicago", language: "en-US",
        towns: &[("Madison", Some("WI"), "53703"), ("Portland", Some("OR"), "97205"), ("Austin", Some("TX"), "78704"), ("Ithaca", Some("NY"), "14850")],
        streets: &["Maple Avenue", "Lakeview Drive", "Cedar Street", "Hillcrest Road"] },
    Place { country: "GB", network: [86, 150], hours_ahead: 0, timezone: "Europe/London", language: "en-GB",
        towns: &[("Bristol", None, "BS1 4ST"), ("Leeds", None, "LS1 5DL"), ("York", None, "YO1 7HH")],
        streets: &["Station Road", "Orchard Close", "Mill Lane", "Victoria Terrace"] },
    Place { country: "DE", network: [84, 150], hours_ahead: 1, timezone: "Europe/Berlin", language: "de-DE",
        towns: &[("Freiburg", None, "79098"), ("Bremen", None, "28195"), ("Leipzig", None, "04109")],
        streets: &["Lindenstraße", "Gartenweg", "Am Markt", "Schillerstraße"] },
    Place { country: "NO", network: [88, 88], hours_ahead: 1, timezone: "Europe/Oslo", language: "nb-NO",
        towns: &[("Bergen", None, "5003"), ("Trondheim", None, "7011")],
        streets: &["Storgata", "Kirkegata", "Fjellveien"] },
    Place { country: "SE", network: [90, 230], hours_ahead: 1, timezone: "Europe/Stockholm", language: "sv-SE",
        towns: &[("Uppsala", None, "753 20"), ("Malmö", None, "211 22")],
        streets: &["Drottninggatan", "Parkvägen", "Skolgatan"] },
    Place { country: "FR", network: [90, 5], hours_ahead: 1, timezone: "Europe/Paris", language: "fr-FR",
        towns: &[("Nantes", None, "44000"), ("Annecy", None, "74000")],
        streets: &["rue des Lilas", "avenue de la Gare", "rue du Moulin"] },
    Place { country: "NL", network: [84, 24], hours_ahead: 1, timezone: "Europe/Amsterdam", language: "nl-NL",
        towns: &[("Utrecht", None, "3511 AB"), ("Groningen", None, "9711 LM")],
        streets: &["Kerkstraat", "Molenweg", "Dorpsstraat"] },
    Place { country: "CA", network: [99, 224], hours_ahead: -5, timezone: "America/Toronto", language: "en-CA",
        towns: &[("Toronto", Some("ON"), "M5V 2T6"), ("Kingston", Some("ON"), "K7L 3N6")],
        streets: &["King Street West", "Queen Street", "Elm Crescent"] },
];

/// Far from all of them: where people travel, and where strangers say they are.
#[rustfmt::skip]
pub(super) const FAR: &[Place] = &[
    Place { country: "SG", network: [116, 86], hours_ahead: 7, timezone: "Asia/Singapore", language: "en-SG",
        towns: &[("Singapore", None, "238823")], streets: &["Orchard Road"] },
    Place { country: "JP", network: [126, 70], hours_ahead: 9, timezone: "Asia/Tokyo", language: "ja-JP",
        towns: &[("Kyoto", None, "600-8216")], streets: &["Karasuma-dori"] },
    Place { country: "AU", network: [1, 136], hours_ahead: 9, timezone: "Australia/Melbourne", language: "en-AU",
        towns: &[("Melbourne", Some("VIC"), "3000")], streets: &["Swanston Street"] },
];

impl Place {
    /// Somewhere in its network.
    pub(super) fn address(&self, chance: &mut Chance) -> IpAddr {
        let [a, b] = self.network;
        let mut byte = |start, end| u8::try_from(chance.within(start, end)).unwrap_or(1);
        IpAddr::V4(Ipv4Addr::new(a, b, byte(0, 256), byte(1, 255)))
    }
}

#[cfg(test)]
mod tests {
    use stockade_platform::geo::Places;

    use super::*;

    #[test]
    fn the_file_that_is_brought_along_knows_every_place() {
        let places = Places::open(None, None, None).expect("no file is named");
        let mut chance = Chance::new(7);
        for place in HOMES.iter().chain(FAR) {
            for _ in 0..300 {
                let address = place.address(&mut chance);
                assert_eq!(
                    places.find(address).country.as_deref(),
                    Some(place.country),
                    "{address}"
                );
            }
        }
    }
}
