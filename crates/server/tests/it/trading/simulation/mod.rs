//! A market full of people, from a seed: orders of every kind, replaced, canceled and repeated, over days with their
//! openings and closes, with splits and dividends, and with processes killed in the middle of it. At the end every
//! invariant of money and orders is checked.
//!
//! The same seed is the same story, but for ids, on either database and wherever a kill strikes: those who act at the
//! same instant trade in different securities, and what a killed process was asked for is asked for again.
//! `STOCKADE_TEST_SEED` tells another story; it is printed when a story fails.

mod actions;
mod books;
mod chance;
mod doomed;
mod person;

use std::sync::Mutex;

use futures_util::future::join_all;
use stockade::features::orders::match_resting;
use stockade_domain::roles::Role;

use self::{
    chance::Chance,
    person::{Person, Wish},
};
use crate::{
    on_both,
    support::{
        database::{Database, Kind, run},
        http::Ask,
        shop::Shop,
    },
};

/// How much of it there is.
#[derive(Clone, Copy)]
pub struct Size {
    pub people: usize,
    /// Each a stretch of time in which everybody acts once.
    pub rounds: usize,
    /// Every so many rounds a process is killed while people ask.
    pub rounds_to_kill: usize,
    /// Every so many rounds a company splits its shares or pays a dividend.
    pub rounds_to_action: usize,
}

/// What an ordinary run has time for.
const SHORT: Size = Size {
    people: 18,
    rounds: 48,
    rounds_to_kill: 12,
    rounds_to_action: 8,
};

/// Enough to differ if anything does.
const TWICE: Size = Size {
    people: 12,
    rounds: 12,
    rounds_to_kill: 5,
    rounds_to_action: 4,
};

/// Those who join at the same time.
const JOINING: usize = 8;

/// Fees, little liquidity and the exchange's hours make orders wait, fill in parts and expire.
const SETTINGS: [(&str, &str); 5] = [
    ("TRADING__HOURS", "xnys"),
    ("TRADING__LIQUIDITY_SHARES", "20"),
    ("TRADING__FEE_BPS", "7"),
    ("TRADING__SMALLEST_FEE_CENTS", "3"),
    ("TOKENS__ACCESS_MINUTES", "60"),
];

on_both! {
    /// Whatever people do, in whatever order, and wherever the power fails: the books stay whole.
    async fn heavy_every_invariant_holds(database: Database) {
        simulate(database, SHORT).await;
    }
}

/// Everybody ends with the same money and the same shares, at the same cost.
#[test]
fn heavy_the_same_seed_is_the_same_story() {
    let ends = Mutex::new(Vec::new());
    for kind in [Kind::Sqlite, Kind::Postgres] {
        run(kind, async |database: Database| {
            let end = simulate(database, TWICE).await;
            ends.lock().expect("one story at a time").push(end);
        });
    }
    let ends = ends.into_inner().expect("both stories ended");
    assert_eq!(ends[0], ends[1]);
}

/// Plays a story of this size, checks what must hold afterwards, and answers what everybody ends with.
#[expect(clippy::print_stdout, reason = "a story that fails is told again by its seed")]
pub async fn simulate(database: Database, size: Size) -> Vec<String> {
    let seed = seed();
    println!("STOCKADE_TEST_SEED={seed}");
    let mut chance = Chance::new(seed);
    let mut shop = Shop::start_with(database, &SETTINGS).await;
    shop.staff(Role::Operator).await;
    let mut people = population(&shop, size.people, &mut chance).await;
    let mut moved = 0;
    for round in 1..=size.rounds {
        // From some minutes to some hours, so that sessions begin and end.
        shop.later(chance.below(5 * 3_600) + 60);
        moved += match_resting(&shop.app).await.expect("the orders that wait");
        let is_fatal = round % size.rounds_to_kill == 0;
        if round % size.rounds_to_action == 0 {
            let is_fatal = chance.once_in(2);
            actions::happen(&mut shop, &mut chance, is_fatal).await;
        }
        let fatal = is_fatal.then(|| chance.below(people.len().div_ceil(person::SHARES) as i64));
        for (number, some) in (0..).zip(people.chunks_mut(person::SHARES)) {
            shop.later(1);
            let wishes = decide(&shop, some).await;
            if fatal == Some(number) {
                // What is answered before the power fails is chance, and makes no difference to how it ends.
                doomed::send(&shop, &asks(&shop, some, &wishes));
                shop = shop.second().await;
            }
            let asked = some.iter_mut().zip(wishes);
            join_all(asked.map(|(person, wish)| person.make(&shop, wish))).await;
        }
    }
    for person in &mut people {
        person.ask_again(&shop).await;
    }
    let orders: usize = people.iter().map(Person::orders).sum();
    println!(
        "{orders} orders of {} people, {moved} moves of those that waited",
        size.people
    );
    assert!(
        orders > size.rounds && moved > size.rounds / 4,
        "too little happened"
    );
    books::hold(&shop, &people).await;
    let mut ends = Vec::new();
    for person in &mut people {
        ends.push(person.ends_with(&shop).await);
    }
    ends
}

async fn population(shop: &Shop, count: usize, chance: &mut Chance) -> Vec<Person> {
    let mut people = Vec::new();
    while people.len() < count {
        let numbers = people.len()..count.min(people.len() + JOINING);
        let joining = numbers.map(|number| Person::join(shop, number, chance.fork()));
        people.extend(join_all(joining.collect::<Vec<_>>()).await);
    }
    people
}

/// What each of them is going to do.
async fn decide(shop: &Shop, people: &mut [Person]) -> Vec<Option<Wish>> {
    join_all(people.iter_mut().map(|person| person.decide(shop))).await
}

fn asks<'s>(shop: &'s Shop, people: &[Person], wishes: &[Option<Wish>]) -> Vec<Ask<'s>> {
    let wishing = people.iter().zip(wishes);
    wishing
        .filter_map(|(person, wish)| Some(person.ask(shop, wish.as_ref()?)))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests chooses the story"
)]
fn seed() -> u64 {
    std::env::var("STOCKADE_TEST_SEED").map_or(20_260_601, |seed| seed.parse().expect("a number"))
}
