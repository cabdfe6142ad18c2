//! Customers: who they are, where they live, what they use, how they invest, and what befalls them. All of it follows from
//! the seed. Their mail addresses lie below example domains (RFC 2606), so nobody is written to.

use serde_json::{Value, json};

use super::{
    chance::Chance,
    places::{HOMES, Place},
};

/// A customer to be.
#[derive(Clone, Debug)]
pub(super) struct Persona {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) home: &'static Place,
    pub(super) street: String,
    pub(super) town: (&'static str, Option<&'static str>, &'static str),
    pub(super) born: String,
    /// Of the United States only.
    pub(super) ssn: Option<String>,
    /// What they usually buy for, in whole dollars.
    pub(super) usual: i64,
    /// What they buy, the first most often.
    pub(super) favourites: Vec<&'static str>,
    pub(super) uses_app: bool,
    /// The day of the history on which they join.
    pub(super) joins: i64,
    /// Days between visits, about.
    pub(super) every: i64,
    pub(super) fate: Fate,
    /// What they themselves draw from.
    pub(super) chance: Chance,
}

/// What befalls somebody, beyond investing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Nothing,
    /// A stranger takes their session over; the account is frozen and given back.
    TakenOver,
    /// They move other people's money.
    Mule,
    /// They travel, and their company's network shows them in two places at once.
    Traveller,
    /// A stranger far away has their password.
    KnownPassword,
    /// A large order of theirs is let through.
    Inherits,
    /// One is let through by two.
    SellsAHouse,
    /// Theirs is stopped: somebody had told them to.
    TalkedInto,
    /// Nobody decides about theirs in time.
    Overlooked,
    /// They take theirs back.
    ChangesMind,
    /// They mistype until they are locked out.
    Forgetful,
    /// A large order of theirs waits now.
    Waits,
}

/// What befalls the first customers, in this order; the others only invest.
const FATES: [Fate; 11] = [
    Fate::Waits,
    Fate::TakenOver,
    Fate::Mule,
    Fate::Traveller,
    Fate::KnownPassword,
    Fate::Inherits,
    Fate::Forgetful,
    Fate::TalkedInto,
    Fate::Overlooked,
    Fate::SellsAHouse,
    Fate::ChangesMind,
];

const GIVEN: &[&str] = &[
    "Ada", "Bruno", "Carmen", "Daniel", "Elif", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Liam",
    "Maya", "Noah", "Olga", "Pablo", "Quinn", "Rosa", "Samir", "Tara", "Umar", "Vera", "Wanda", "Xenia",
    "Yusuf", "Zoe", "Astrid", "Boris", "Chloe", "Diego", "Emma", "Farid", "Gwen", "Henrik", "Iris", "Jakob",
    "Kofi", "Leila", "Marco", "Nadia", "Oscar", "Priya", "Rafael",
];

const FAMILY: &[&str] = &[
    "Abbott",
    "Berg",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gallagher",
    "Haddad",
    "Iversen",
    "Jansen",
    "Keller",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petersen",
    "Quist",
    "Romero",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Visser",
    "Walker",
    "Xu",
    "Young",
    "Zimmer",
    "Andersen",
    "Brandt",
    "Collins",
    "Dahl",
    "Evans",
    "Ferreira",
    "Grant",
    "Hoffmann",
    "Ito",
    "Jensen",
    "Kowalski",
    "Laurent",
    "Murphy",
    "Nilsen",
    "Osei",
];

const DOMAINS: &[&str] = &["example.com", "example.org", "example.net"];

/// What is traded here, by how well it is known.
const SHARES: &[&str] = &[
    "AAPL", "MSFT", "KO", "JNJ", "PG", "WMT", "XOM", "JPM", "HD", "PEP", "MRK", "CVX", "PFE", "BAC", "GE",
];

/// So many customers over so many days.
pub(super) fn personas(seed: u64, customers: usize, days: i64) -> Vec<Persona> {
    let mut chance = Chance::new(seed);
    let given = chance.shuffled(GIVEN.to_vec());
    let family = chance.shuffled(FAMILY.to_vec());
    (0..customers)
        .map(|index| {
            // Both lists are of coprime lengths, so the pairs repeat late.
            let pair = (given[index % given.len()], family[index % family.len()]);
            persona(seed, index, pair, days)
        })
        .collect()
}

fn persona(seed: u64, index: usize, (given, family): (&str, &str), days: i64) -> Persona {
    let mut chance = Chance::of(seed, index as u64 + 1);
    let fate = FATES.get(index).copied().unwrap_or(Fate::Nothing);
    let home = match fate {
        // Far from every place that strangers come from, and small enough for the distance to be certain.
        Fate::KnownPassword | Fate::Traveller => &HOMES[1],
        _ => {
            let (one, other) = (chance.one_of(HOMES), chance.one_of(&HOMES[..3]));
            if chance.percent(50) { one } else { other }
        }
    };
    let usual = match (fate, chance.within(0, 10)) {
        (Fate::Nothing, 4..8) => chance.within(20, 80) * 10,
        (Fate::Nothing, 8..10) => chance.within(16, 40) * 50,
        // What befalls the others is unusual for people of small means.
        _ => chance.within(4, 20) * 10,
    };
    let joins = match fate {
        Fate::Mule => days * 55 / 100,
        Fate::Nothing if chance.percent(60) => chance.within(1, (days * 2 / 3).max(2)),
        Fate::Nothing => chance.within(0, (days / 8).max(1)),
        _ => chance.within(0, 3),
    };
    let favourites = chance.shuffled(SHARES.to_vec());
    let serial = i64::try_from(index).unwrap_or_default();
    Persona {
        name: format!("{given} {family}"),
        email: format!(
            "{}.{}@{}",
            given.to_lowercase(),
            family.to_lowercase(),
            chance.one_of(DOMAINS)
        ),
        street: format!("{} {}", chance.within(2, 190), chance.one_of(home.streets)),
        town: *chance.one_of(home.towns),
        born: format!(
            "{}-{:02}-{:02}",
            chance.within(1948, 2003),
            chance.within(1, 13),
            chance.within(1, 29)
        ),
        ssn: (home.country == "US").then(|| {
            format!(
                "{:03}-{:02}-{:04}",
                501 + serial % 90,
                11 + serial % 80,
                chance.within(1_000, 9_999)
            )
        }),
        home,
        usual,
        favourites: favourites
            .into_iter()
            .take(usize::try_from(chance.within(2, 6)).unwrap_or(3))
            .collect(),
        uses_app: chance.percent(35) && fate == Fate::Nothing,
        joins,
        every: chance.within(4, 13),
        fate,
        chance,
    }
}

impl Persona {
    /// Their address as the API takes it.
    pub(super) fn address(&self) -> Value {
        let (city, region, postal_code) = self.town;
        json!({
            "line1": self.street, "city": city, "region": region, "postal_code": postal_code,
            "country": self.home.country,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_seed_makes_the_same_people_and_another_others() {
        let names = |seed| {
            personas(seed, 40, 180)
                .into_iter()
                .map(|persona| persona.email)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
    }

    #[test]
    fn no_two_have_one_address() {
        let all = personas(3, 400, 180);
        let distinct: BTreeSet<_> = all.iter().map(|persona| &persona.email).collect();
        assert_eq!(distinct.len(), all.len());
    }
}
