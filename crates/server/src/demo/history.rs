//! The history: what happens when. The agenda is made from the seed and lived in order of time; some of what happens puts
//! more on it.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::tz::TimeZone;
use stockade_platform::random;

use super::{
    Done, Progress, Wanted,
    chance::Chance,
    customer::Customer,
    desk::Desk,
    people::{Fate, personas},
    summary::{SignIn, Summary},
    world::{World, beginning},
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// Customers whose passwords are told; all have the same but those who changed it.
const TOLD: usize = 5;

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// A customer joins.
    Join(usize),
    /// They come to do what they do.
    Visit(usize),
    /// The next step of what befalls them.
    Befall(usize, u8),
    /// Passwords are tried on so many accounts.
    Spray([u8; 3], usize),
    /// One of the staff is at work; whether there is time to bring cases to their end.
    Shift(usize, bool),
    /// The auditor is.
    Audit,
    /// An administrator proposes another risk policy.
    Propose,
}

/// Everybody, and what is still to happen.
pub(super) struct History {
    wanted: Wanted,
    pub(super) world: World,
    pub(super) customers: Vec<Customer>,
    pub(super) desk: Desk,
    /// Customers who do not come at present.
    pub(super) away: BTreeSet<usize>,
    /// By time, then in the order of being put there.
    agenda: BTreeMap<(i64, usize), Act>,
    put: usize,
}

impl History {
    pub(super) fn new(world: World, wanted: Wanted) -> Self {
        let password = secret();
        let people = personas(wanted.seed, wanted.customers, wanted.days);
        let customers = people
            .into_iter()
            .map(|persona| Customer::new(persona, &password));
        let mut history = Self {
            wanted,
            world,
            customers: customers.collect(),
            desk: Desk::default(),
            away: BTreeSet::new(),
            agenda: BTreeMap::new(),
            put: 0,
        };
        history.plan();
        history
    }

    /// Lives it to its end.
    pub(super) async fn live(mut self, progress: impl Fn(Progress)) -> Done<Summary> {
        let (start, end) = (self.start(), self.wanted.until.as_second());
        let mut chance = Chance::of(self.seed(), 0);
        self.desk = Desk::begin(&mut self.world, &mut chance, &secret()).await?;
        while let Some(((second, _), act)) = self.agenda.pop_first() {
            // What took its time makes the next late, never early.
            self.world.reach(second.max(self.world.now().as_second())).await?;
            let done = (self.world.now().as_second() - start).clamp(0, end - start);
            progress(Progress {
                thousandths: u64::try_from(done * 1_000 / (end - start)).unwrap_or(0),
                day: self.world.now().to_zoned(TimeZone::UTC).date().to_string(),
            });
            self.happen(act).await?;
        }
        self.world.reach(end.max(self.world.now().as_second())).await?;
        self.world.close().await?;
        Ok(self.summary())
    }

    pub(super) fn seed(&self) -> u64 {
        self.wanted.seed
    }

    /// Those who have joined.
    pub(super) fn joined(&self) -> impl Iterator<Item = &Customer> {
        self.customers.iter().filter(|customer| customer.id.is_some())
    }

    /// Puts something on the agenda, so many seconds from now; nothing happens after the end.
    pub(super) fn later(&mut self, seconds: i64, act: Act) {
        self.at(self.world.now().as_second() + seconds, act);
    }

    async fn happen(&mut self, act: Act) -> Done {
        match act {
            Act::Join(index) => {
                self.customers[index].join(&mut self.world).await?;
                self.later(600, Act::Visit(index));
                Ok(())
            }
            Act::Visit(index) if self.customers[index].id.is_none() || self.away.contains(&index) => Ok(()),
            Act::Visit(index) => self.customers[index].visit(&mut self.world).await,
            Act::Befall(index, step) => self.befall(index, step).await,
            Act::Spray(network, accounts) => self.spray(network, accounts).await,
            Act::Shift(member, closes) => self.shift(member, closes).await,
            Act::Audit => self.audit().await,
            Act::Propose => self.propose().await,
        }
    }

    fn start(&self) -> i64 {
        beginning(self.wanted).as_second()
    }

    fn at(&mut self, second: i64, act: Act) {
        if second < self.wanted.until.as_second() {
            self.put += 1;
            self.agenda.insert((second, self.put), act);
        }
    }

    fn plan(&mut self) {
        let (start, days, until) = (self.start(), self.wanted.days, self.wanted.until.as_second());
        let part = |percent: i64| start + days * percent / 100 * DAY;
        for index in 0..self.customers.len() {
            self.plan_visits(index, start);
            let when = match self.customers[index].persona.fate {
                Fate::Nothing => continue,
                Fate::Traveller => part(30) + 10 * HOUR,
                Fate::Inherits => part(40) + 9 * HOUR,
                Fate::Forgetful => part(48) + 12 * HOUR,
                Fate::Overlooked => part(56) + 17 * HOUR,
                Fate::TakenOver => part(62) + 18 * HOUR + 300,
                Fate::TalkedInto => part(66) + 11 * HOUR,
                Fate::SellsAHouse => part(70) + 10 * HOUR,
                Fate::ChangesMind => part(74) + 15 * HOUR,
                // They join at 55 of a hundred.
                Fate::Mule => part(60) + 8 * HOUR,
                Fate::KnownPassword => part(85) + 14 * HOUR,
                Fate::Waits => until - 3 * HOUR,
            };
            self.at(when, Act::Befall(index, 0));
        }
        self.at(part(45) + 2 * HOUR, Act::Spray([203, 0, 113], 28));
        self.at(until - 2 * HOUR, Act::Spray([198, 51, 100], 14));
        for day in 1..days - 1 {
            let morning = start + day * DAY + 7 * HOUR + 40 * 60;
            let analyst = usize::from(day % 2 == 0);
            self.at(morning, Act::Shift(analyst, true));
            self.at(morning + 5 * HOUR, Act::Shift(1 - analyst, true));
            self.at(morning + 9 * HOUR, Act::Shift(2 + analyst, true));
            if day % 30 == 15 {
                self.at(morning + 2 * HOUR, Act::Audit);
            }
        }
        self.at(until - 26 * HOUR, Act::Propose);
        self.at(until - 40 * 60, Act::Shift(0, false));
    }

    /// When somebody joins and comes: at hours when they are awake, and some in the last hours of the history, whatever
    /// the time of day is at its end.
    fn plan_visits(&mut self, index: usize, start: i64) {
        let (days, until) = (self.wanted.days, self.wanted.until.as_second());
        let persona = &mut self.customers[index].persona;
        let (joins, every, ahead) = (persona.joins, persona.every, persona.home.hours_ahead);
        let chance = &mut persona.chance;
        let mut awake = |day: i64, night_owl: bool| {
            let hour = match night_owl {
                true => chance.within(2, 5),
                false => (chance.within(7, 23) + chance.within(7, 23)) / 2,
            };
            start + day * DAY + (hour - ahead) * HOUR + chance.within(0, HOUR)
        };
        let mut times = vec![awake(joins, false)];
        let mut day = joins + every;
        while day < days - 1 {
            times.push(awake(day, day % 37 == 0));
            day += (every / 2).max(1) + day % every.max(1);
        }
        let late = persona
            .chance
            .percent(22)
            .then(|| until - persona.chance.within(300, 20 * HOUR));
        // A little after the beginning, when the staff has its accounts.
        let mut times = times.into_iter().map(|time| time.max(start + 2 * HOUR));
        if let Some(first) = times.next() {
            self.at(first, Act::Join(index));
        }
        for time in times.chain(late) {
            self.at(time, Act::Visit(index));
        }
    }

    fn summary(&self) -> Summary {
        let customers = self.customers.iter().filter(|customer| customer.id.is_some());
        let usual = customers.filter(|customer| {
            matches!(
                customer.persona.fate,
                Fate::Nothing | Fate::Inherits | Fate::Waits | Fate::SellsAHouse
            )
        });
        let told = usual.take(TOLD).map(|customer| SignIn {
            role: "customer",
            email: customer.who.email.clone(),
            password: customer.who.password.clone(),
            totp_secret: customer.who.totp.clone(),
        });
        Summary {
            seed: self.wanted.seed,
            days: self.wanted.days,
            happened: self.world.tally.clone(),
            sign_ins: self.desk.sign_ins().chain(told).collect(),
        }
    }
}

/// A password that nobody guesses, of the operating system's chance.
fn secret() -> String {
    BASE64.encode(random::bytes::<15>())
}
