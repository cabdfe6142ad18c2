//! Places on the earth, as far as an address tells them, and how far apart they must at least be.

use serde::{Deserialize, Serialize};

/// The earth's mean radius in kilometres (IUGG 1980).
const EARTH_KM: f64 = 6_371.008_8;

/// Beyond this the middle of a country says too little of the time of day there, in kilometres.
const TOO_WIDE_FOR_HOURS_KM: f64 = 1_000.0;

/// Where an address is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// ISO 3166-2 without the country, or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Degrees north and east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<(f64, f64)>,
    /// How far from there it may be, in kilometres.
    #[serde(default)]
    pub radius_km: f64,
}

impl Place {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.country.is_none() && self.region.is_none() && self.coordinates.is_none()
    }

    /// How many kilometres lie between two places at least: between their middles, less both radii.
    #[must_use]
    pub fn least_distance_km(&self, other: &Self) -> Option<f64> {
        let between = great_circle_km(self.coordinates?, other.coordinates?);
        Some((between - self.radius_km - other.radius_km).max(0.0))
    }

    /// The hour there, 0 to 23, by the sun: 15 degrees are an hour. Time zones are laws, and change; a decision must
    /// come out the same in ten years. Unknown where the place may be anywhere in a wide country.
    #[must_use]
    pub fn solar_hour(&self, at: jiff::Timestamp) -> Option<u8> {
        let (_, east) = self.coordinates?;
        if self.radius_km > TOO_WIDE_FOR_HOURS_KM || !(-180.0..=180.0).contains(&east) {
            return None;
        }
        // Degrees times 240 are seconds; whole seconds are exact.
        let seconds = at.as_second() + libm::round(east * 240.0) as i64;
        u8::try_from(seconds.rem_euclid(86_400) / 3_600).ok()
    }
}

/// The haversine formula, which is exact enough for near and far points alike.
fn great_circle_km((north_1, east_1): (f64, f64), (north_2, east_2): (f64, f64)) -> f64 {
    let radians = |degrees: f64| degrees * (std::f64::consts::PI / 180.0);
    let half_chord = |degrees: f64| libm::sin(radians(degrees) / 2.0);
    let (across, along) = (half_chord(north_2 - north_1), half_chord(east_2 - east_1));
    let haversine =
        across * across + libm::cos(radians(north_1)) * libm::cos(radians(north_2)) * along * along;
    2.0 * EARTH_KM * libm::asin(libm::sqrt(haversine.clamp(0.0, 1.0)))
}
