//! Where an address is, as far as files in MaxMind's format say it: places, networks, and whether it hides who uses it.
//!
//! Addresses that no public network has are never looked up: what a file says of them would be wrong. The program brings
//! a file of countries along; what a file of cities does not know, it says, with the circle around the whole country as
//! the place.

mod countries;

use std::{net::IpAddr, path::Path};

use maxminddb::Reader;
use serde::Deserialize;

/// Coordinates are kept to this part of a degree, some eleven metres, so that they are the same however they are written.
const PER_DEGREE: f64 = 10_000.0;

/// A place whose file gives no accuracy may be this far away, in kilometres.
const USUAL_RADIUS_KM: u16 = 100;

/// Countries of addresses, from registries and the networks themselves; `data/PROVENANCE.md` says whose words these are.
static COUNTRIES: &[u8] = include_bytes!("../data/geo-whois-asn-country.mmdb");

/// Files that were opened; each may be missing.
pub struct Places {
    countries: Option<Reader<&'static [u8]>>,
    cities: Option<Reader<Vec<u8>>>,
    networks: Option<Reader<Vec<u8>>>,
    anonymisers: Option<Reader<Vec<u8>>>,
}

/// Everything that the files say of an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// ISO 3166-2 without the country.
    pub region: Option<String>,
    /// Degrees north and east.
    pub coordinates: Option<(f64, f64)>,
    /// How far from there it may be, in kilometres.
    pub radius_km: u16,
    /// The number of the autonomous system that announces the address.
    pub network: Option<u32>,
    /// Whether the address hides who uses it; `None` without a file that says so.
    pub anonymiser: Option<bool>,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct GeoError {
    path: String,
    source: maxminddb::MaxMindDbError,
}

impl Places {
    /// Reads the files into memory.
    ///
    /// # Errors
    /// For the first that cannot be read or has another form.
    pub fn open(
        cities: Option<&Path>,
        networks: Option<&Path>,
        anonymisers: Option<&Path>,
    ) -> Result<Self, GeoError> {
        let open = |path: Option<&Path>| match path {
            None => Ok(None),
            Some(path) => Reader::open_readfile(path).map(Some).map_err(|source| GeoError {
                path: path.display().to_string(),
                source,
            }),
        };
        Ok(Self {
            countries: Reader::from_source(COUNTRIES).ok(),
            cities: open(cities)?,
            networks: open(networks)?,
            anonymisers: open(anonymisers)?,
        })
    }

    /// What is known of an address; nothing of one that is not public, or that the files do not have.
    pub fn find(&self, address: IpAddr) -> Found {
        let address = address.to_canonical();
        if !crate::web_client::is_public(address) {
            return Found::default();
        }
        let mut city: City = look_up(self.cities.as_ref(), address).unwrap_or_default();
        let network: AutonomousSystem = look_up(self.networks.as_ref(), address).unwrap_or_default();
        let hides =
            |reader| look_up::<Anonymous, _>(Some(reader), address).is_some_and(|found| found.hides());
        if city.country.is_none() {
            let country: Country = look_up(self.countries.as_ref(), address).unwrap_or_default();
            city.country = country.country_code.map(|code| Named { iso_code: Some(code) });
        }
        let country = city.country.and_then(|country| country.iso_code);
        let location = city.location.unwrap_or_default();
        let rounded = |degrees: f64| (degrees * PER_DEGREE).round() / PER_DEGREE;
        let exact = location.latitude.zip(location.longitude);
        let place = match exact {
            Some(coordinates) => Some((coordinates, location.accuracy_radius.unwrap_or(USUAL_RADIUS_KM))),
            None => country.as_deref().and_then(countries::circle),
        };
        Found {
            country,
            region: city.subdivisions.into_iter().find_map(|region| region.iso_code),
            coordinates: place.map(|((north, east), _)| (rounded(north), rounded(east))),
            radius_km: place.map_or(0, |(_, radius)| radius),
            network: network.autonomous_system_number,
            anonymiser: self.anonymisers.as_ref().map(hides),
        }
    }
}

/// A record that is damaged, or of another form, is none.
fn look_up<'r, T: Deserialize<'r>, S: AsRef<[u8]>>(
    reader: Option<&'r Reader<S>>,
    address: IpAddr,
) -> Option<T> {
    reader?.lookup(address).ok()?.decode().ok()?
}

#[derive(Default, Deserialize)]
struct City {
    #[serde(default)]
    country: Option<Named>,
    #[serde(default)]
    subdivisions: Vec<Named>,
    #[serde(default)]
    location: Option<Location>,
}

/// A record of the file that the program brings along.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Country {
    country_code: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    iso_code: Option<String>,
}

#[derive(Default, Deserialize)]
struct Location {
    #[serde(default)]
    latitude: Option<f64>,
    #[serde(default)]
    longitude: Option<f64>,
    #[serde(default)]
    accuracy_radius: Option<u16>,
}

#[derive(Default, Deserialize)]
struct AutonomousSystem {
    #[serde(default)]
    autonomous_system_number: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Anonymous {
    is_anonymous: bool,
    is_anonymous_vpn: bool,
    is_hosting_provider: bool,
    is_public_proxy: bool,
    is_residential_proxy: bool,
    is_tor_exit_node: bool,
}

impl Anonymous {
    fn hides(&self) -> bool {
        self.is_anonymous
            || self.is_anonymous_vpn
            || self.is_hosting_provider
            || self.is_public_proxy
            || self.is_residential_proxy
            || self.is_tor_exit_node
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    mod vectors {
        use super::*;

        /// MaxMind's own test files, where they are at hand.
        fn places() -> Option<Places> {
            #[expect(
                clippy::disallowed_methods,
                reason = "the environment says where the data lies"
            )]
            let folder = PathBuf::from(std::env::var_os("STOCKADE_TEST_DATA")?).join("geoip");
            let file = |name: &str| folder.join(name);
            let places = Places::open(
                Some(&file("GeoIP2-City-Test.mmdb")),
                Some(&file("GeoLite2-ASN-Test.mmdb")),
                Some(&file("GeoIP2-Anonymous-IP-Test.mmdb")),
            );
            Some(places.expect("the files"))
        }

        #[test]
        fn known_addresses_are_found() {
            let Some(places) = places() else { return };
            let find = |address: &str| places.find(address.parse().expect("an address"));
            let london = find("81.2.69.142");
            assert_eq!(
                (london.country.as_deref(), london.region.as_deref()),
                (Some("GB"), Some("ENG"))
            );
            assert_eq!(london.coordinates, Some((51.5142, -0.0931)));
            assert_eq!(find("::ffff:81.2.69.142"), london);
            assert_eq!(find("89.160.20.112").country.as_deref(), Some("SE"));
            assert_eq!(find("216.160.83.56").region.as_deref(), Some("WA"));
            assert_eq!(find("1.128.0.0").network, Some(1_221));
            assert_eq!(find("1.2.0.1").anonymiser, Some(true));
            assert_eq!(find("89.160.20.112").anonymiser, Some(false));
        }

        #[test]
        fn private_addresses_are_unknown() {
            let Some(places) = places() else { return };
            for address in [
                "10.0.0.1",
                "127.0.0.1",
                "192.168.1.1",
                "::1",
                "fe80::1",
                "fd00::1",
            ] {
                assert_eq!(
                    places.find(address.parse().expect("an address")),
                    Found::default(),
                    "{address}"
                );
            }
        }
    }

    #[test]
    fn the_file_that_is_brought_along_knows_countries_and_a_broken_one_is_named() {
        let places = Places::open(None, None, None).expect("no file is named");
        let find = |address: &str| places.find(address.parse().expect("an address"));
        let found = find("193.0.6.139");
        assert_eq!(
            (found.country.as_deref(), found.region, found.anonymiser),
            (Some("NL"), None, None)
        );
        assert_eq!(
            found.coordinates.zip(Some(found.radius_km)),
            countries::circle("NL")
        );
        assert_eq!(find("8.8.8.8").country.as_deref(), Some("US"));
        assert_eq!(find("2001:67c:2e8:22::c100:68b").country.as_deref(), Some("NL"));
        assert_eq!(find("127.0.0.1"), Found::default());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("city.mmdb");
        std::fs::write(&path, "no database").expect("a file");
        let error = Places::open(Some(&path), None, None)
            .err()
            .expect("an error")
            .to_string();
        assert!(error.contains("city.mmdb"), "{error}");
    }
}
