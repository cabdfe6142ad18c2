//! A market full of people, from a seed: orders of every kind, replaced, canceled and repeated, over days with their
//! openings and closes, with restarts in between. At the end every invariant of money and orders is checked.
//!
//! The same seed is the same story, but for ids: people act at the same time, but each moves only what is their own, and
//! the orders that wait are served while nobody acts. `STOCKADE_TEST_SEED` tells another story; it is printed when a
//! story fails.

mod books;
mod chance;
mod person;

use futures_util::future::join_all;
use stockade::features::orders::match_resting;

use self::{chance::Chance, person::Person};
use crate::{
    on_both,
    support::{database::Database, shop::Shop},
};

/// How much of it there is.
#[derive(Clone, Copy)]
pub struct Size {
    pub people: usize,
    /// Each a stretch of time in which everybody acts once.
    pub rounds: usize,
}

/// What an ordinary run has time for.
const SHORT: Size = Size {
    people: 16,
    rounds: 60,
};

/// Fees, little liquidity and the exchange's hours make orders wait, fill in parts and expire.
const SETTINGS: [(&str, &str); 5] = [
    ("TRADING__HOURS", "xnys"),
    ("TRADING__LIQUIDITY_SHARES", "20"),
    ("TRADING__FEE_BPS", "7"),
    ("TRADING__SMALLEST_FEE_CENTS", "3"),
    ("TOKENS__ACCESS_MINUTES", "60"),
];

on_both! {
    /// Whatever people do, in whatever order, the books stay whole.
    async fn heavy_every_invariant_holds(database: Database) {
        simulate(database, SHORT).await;
    }
}

/// Plays a story of this size and checks what must hold afterwards.
#[expect(clippy::print_stdout, reason = "a story that fails is told again by its seed")]
pub async fn simulate(database: Database, size: Size) {
    let seed = seed();
    println!("STOCKADE_TEST_SEED={seed}");
    let mut chance = Chance::new(seed);
    let mut shop = Shop::start_with(database, &SETTINGS).await;
    let mut people = Vec::new();
    for number in 0..size.people {
        people.push(Person::join(&shop, number, chance.fork()).await);
    }
    let mut moved = 0;
    for round in 0..size.rounds {
        // From some minutes to some hours, so that sessions begin and end.
        shop.later(chance.below(5 * 3_600) + 60);
        moved += match_resting(&shop.app).await.expect("the orders that wait");
        join_all(people.iter_mut().map(|person| person.act(&shop))).await;
        if round % 20 == 10 {
            // The instance goes away without a word; another one goes on with what is durable.
            let next = shop.second().await;
            drop(std::mem::replace(&mut shop, next));
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
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests chooses the story"
)]
fn seed() -> u64 {
    std::env::var("STOCKADE_TEST_SEED").map_or(20_260_601, |seed| seed.parse().expect("a number"))
}
