//! A population out of nothing, for trying a policy where none was recorded. It is a made-up world: good for comparing
//! policies and for finding mistakes, no proof of how real attackers fare.
//!
//! People live in one of eight countries, in one of its regions, use one of its four networks at home, where the address
//! changes now and then, and a mobile network on the way; own one to three devices, a new one every few months; sign
//! in every one to four days at hours of their own; travel abroad one time in sixty; mistype their password one
//! time in thirty. They prove a second factor whenever they are asked for one, so their sign-ins say so.
//!
//! One sign-in in twenty-five is an attacker's with the right password, a quarter of each kind. *Naive*: any country,
//! network and program. *VPN*: the victim's country, a hosting network there, a common program. *Targeted*: the victim's
//! region and network, and the very browser and system of one of their devices. *Takeover*: as VPN or naive,
//! half of them with the victim's user agent, and followed by two to five transactions. None of them has the victim's
//! device or second factor.
//!
//! Amounts are spread log-normally around each person's own usual; one in fifty is honestly large. Fraud moves 3 to 40
//! times the usual, to a new payee, often in a category that the victim does not use. Everything follows from the seed.

use jiff::{SignedDuration, Timestamp};

use super::record::{Label, Record, RecordedSignIn, RecordedTransaction};

const COUNTRIES: [(&str, f64, f64); 8] = [
    ("NO", 60.0, 10.0),
    ("US", 40.0, -95.0),
    ("DE", 51.0, 10.0),
    ("GB", 53.0, -1.5),
    ("FR", 47.0, 2.5),
    ("JP", 36.0, 138.0),
    ("BR", -15.0, -48.0),
    ("IN", 21.0, 78.0),
];
const REGIONS: u64 = 5;
const NETWORKS: u64 = 4;
const BROWSERS: [&str; 5] = ["Chrome", "Firefox", "Safari", "Edge", "Opera"];
const SYSTEMS: [(&str, &str); 5] = [
    ("Windows", "desktop"),
    ("macOS", "desktop"),
    ("Linux", "desktop"),
    ("Android", "mobile"),
    ("iOS", "mobile"),
];
const CATEGORIES: [&str; 6] = ["stock", "etf", "withdrawal", "transfer", "crypto", "option"];
const PEOPLE_SIGN_IN_TIMES: u64 = 50;

/// Makes about this many records, in time order, the same ones for the same seed.
#[must_use]
pub fn generate(records: usize, seed: u64) -> Vec<Record> {
    let mut chance = Chance(seed ^ 0x9e37_79b9_7f4a_7c15);
    // A person makes some fifty sign-ins, two attacks on them, and seventy-five transactions.
    let people = (records as u64 / 127).max(1);
    let mut made: Vec<Record> = (0..people)
        .flat_map(|index| Life::of(index, &mut chance).events())
        .collect();
    made.sort_by_key(Record::at);
    made
}

struct Life<'c> {
    chance: &'c mut Chance,
    name: String,
    home: (usize, u64, u64),
    hour: u64,
    devices: Vec<Thing>,
    new_devices: u64,
    usual_cents: f64,
    tastes: [usize; 2],
    payees: u64,
    made: Vec<Record>,
}

#[derive(Clone)]
struct Thing {
    id: String,
    browser: usize,
    system: usize,
    version: u64,
}

impl<'c> Life<'c> {
    fn of(index: u64, chance: &'c mut Chance) -> Self {
        let home = (
            chance.skewed(COUNTRIES.len() as u64) as usize,
            chance.below(REGIONS),
            chance.below(NETWORKS),
        );
        let tastes = [chance.below(3) as usize, chance.below(4) as usize];
        let usual_cents = libm::exp(libm::log(20_000.0) + 0.8 * chance.normal());
        let mut life = Self {
            hour: 7 + chance.below(15),
            name: format!("person-{index}"),
            devices: Vec::new(),
            new_devices: 0,
            payees: 1 + chance.below(4),
            made: Vec::new(),
            home,
            usual_cents,
            tastes,
            chance,
        };
        for _ in 0..=life.chance.below(3) {
            let thing = life.new_device();
            life.devices.push(thing);
        }
        life
    }

    fn events(mut self) -> Vec<Record> {
        let start = Timestamp::from_second(1_735_689_600).unwrap_or_default();
        let mut day = self.chance.below(30) as i64;
        let mut address = self.chance.below(250);
        for _ in 0..PEOPLE_SIGN_IN_TIMES {
            day += 1 + self.chance.below(4) as i64;
            let minutes = self.hour * 60 + self.chance.below(180);
            let (_, _, east) = COUNTRIES[self.home.0];
            let at = start + SignedDuration::from_mins(day * 1_440 + minutes as i64 - (east * 4.0) as i64);
            if self.chance.one_in(12) {
                address = self.chance.below(250);
            }
            if self.chance.one_in(45) {
                let thing = self.new_device();
                let replaced = self.chance.below(self.devices.len() as u64) as usize;
                self.devices[replaced] = thing;
            }
            self.own_sign_in(at, address);
            self.own_transactions(at);
            if self.chance.one_in(25) {
                let later = 30 + self.chance.below(2_000) as i64;
                self.attack(at + SignedDuration::from_mins(later));
            }
        }
        self.made
    }

    fn own_sign_in(&mut self, at: Timestamp, address: u64) {
        let thing = self.devices[self.chance.skewed(self.devices.len() as u64) as usize].clone();
        let (country, region, network) = match (self.chance.one_in(60), self.chance.one_in(5)) {
            (true, _) => (
                self.chance.below(8) as usize,
                self.chance.below(REGIONS),
                self.chance.below(NETWORKS),
            ),
            (false, true) => (self.home.0, self.home.1, NETWORKS),
            (false, false) => self.home,
        };
        let address = if network == NETWORKS {
            self.chance.below(250)
        } else {
            address
        };
        if self.chance.one_in(30) {
            let mistyped = self.sign_in(at, (country, region, network), address, &thing, Label::Legitimate);
            self.made.push(Record::SignIn(RecordedSignIn {
                success: Some(false),
                second_factor: None,
                ..mistyped
            }));
        }
        let at = at + SignedDuration::from_secs(40);
        let own = self.sign_in(at, (country, region, network), address, &thing, Label::Legitimate);
        self.made.push(Record::SignIn(own));
    }

    fn own_transactions(&mut self, at: Timestamp) {
        for index in 0..self.chance.below(4) {
            let at = at + SignedDuration::from_mins(5 + 20 * index as i64);
            let large = if self.chance.one_in(50) {
                4.0 + self.chance.below(8) as f64
            } else {
                1.0
            };
            let cents = large * self.usual_cents * libm::exp(0.5 * self.chance.normal());
            let taste = match self.chance.below(20) {
                0 => self.chance.below(6) as usize,
                1..=5 => self.tastes[1],
                _ => self.tastes[0],
            };
            let payee = self.chance.below(self.payees);
            self.transaction(
                at,
                cents,
                taste,
                format!("payee-{payee}-of-{}", self.name),
                Label::Legitimate,
            );
        }
    }

    fn attack(&mut self, at: Timestamp) {
        let kinds = [Label::Naive, Label::Vpn, Label::Targeted, Label::Takeover];
        let kind = kinds[self.chance.below(4) as usize];
        let victims = self.devices[self.chance.below(self.devices.len() as u64) as usize].clone();
        let anywhere = (
            self.chance.below(8) as usize,
            self.chance.below(REGIONS),
            self.chance.below(NETWORKS + 2),
        );
        let hosting = (self.home.0, self.chance.below(REGIONS), NETWORKS + 1);
        let random = Thing {
            id: String::new(),
            browser: self.chance.skewed(5) as usize,
            system: self.chance.skewed(5) as usize,
            version: 100 + self.chance.below(20),
        };
        let (place, mut thing) = match kind {
            Label::Naive => (anywhere, random),
            Label::Vpn => (hosting, random),
            Label::Targeted => (self.home, victims),
            _ => {
                let place = if self.chance.one_in(2) { hosting } else { anywhere };
                (place, if self.chance.one_in(2) { victims } else { random })
            }
        };
        thing.id = format!("attacker-{}", self.chance.below(u64::MAX));
        let address = 250 + self.chance.below(4_000);
        let sign_in = self.sign_in(at, place, address, &thing, kind);
        self.made.push(Record::SignIn(RecordedSignIn {
            second_factor: Some(false),
            ..sign_in
        }));
        if kind == Label::Takeover {
            for index in 0..2 + self.chance.below(4) {
                let at = at + SignedDuration::from_mins(3 + 4 * index as i64);
                let cents = self.usual_cents * (3.0 + self.chance.below(38) as f64);
                let taste = [2, 3, 4][self.chance.below(3) as usize];
                let payee = format!("payee-of-a-thief-{}", self.chance.below(1_000_000));
                self.transaction(at, cents, taste, payee, Label::Fraud);
            }
        }
    }

    fn sign_in(
        &mut self,
        at: Timestamp,
        (country, region, network): (usize, u64, u64),
        address: u64,
        thing: &Thing,
        label: Label,
    ) -> RecordedSignIn {
        let (code, north, east) = COUNTRIES[country];
        let asn = 64_500 + country as u64 * 10 + network;
        let (system, device_type) = SYSTEMS[thing.system];
        let browser = BROWSERS[thing.browser];
        let (version, step) = (thing.version, region as f64);
        RecordedSignIn {
            user: self.name.clone(),
            at,
            ip: Some(format!(
                "10.{}.{}.{}",
                asn - 64_500,
                (region * 17 + address / 250) % 256,
                address % 250
            )),
            asn: Some(asn.to_string()),
            country: Some(code.to_owned()),
            region: Some(format!("{code}-{region}")),
            lat: Some(north + step * 0.75),
            lon: Some(east + step * 0.5),
            user_agent: Some(format!("Mozilla/5.0 ({system}) {browser}/{version}.0")),
            browser: Some(format!("{browser} {version}")),
            os: Some(system.to_owned()),
            device_type: Some(device_type.to_owned()),
            device_id: Some(thing.id.clone()),
            success: Some(true),
            second_factor: Some(true),
            label: Some(label),
        }
    }

    fn transaction(&mut self, at: Timestamp, cents: f64, taste: usize, payee: String, label: Label) {
        let cents = (cents as i64).max(100);
        self.made.push(Record::Transaction(RecordedTransaction {
            user: self.name.clone(),
            at,
            amount: Some(format!("{}.{:02}", cents / 100, cents % 100)),
            category: Some(CATEGORIES[taste].to_owned()),
            payee: Some(payee),
            label: Some(label),
        }));
    }

    fn new_device(&mut self) -> Thing {
        self.new_devices += 1;
        Thing {
            id: format!("{}-device-{}", self.name, self.new_devices),
            browser: self.chance.skewed(5) as usize,
            system: self.chance.skewed(5) as usize,
            version: 100 + self.chance.below(20),
        }
    }
}

/// SplitMix64: small, well mixed, and the same for ever.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// Small numbers more often.
    fn skewed(&mut self, limit: u64) -> u64 {
        self.below(limit).min(self.below(limit))
    }

    /// Normally distributed, as the sum of twelve evenly distributed ones nearly is.
    fn normal(&mut self) -> f64 {
        (0..12)
            .map(|_| self.below(1 << 32) as f64 / 4_294_967_296.0)
            .sum::<f64>()
            - 6.0
    }
}
