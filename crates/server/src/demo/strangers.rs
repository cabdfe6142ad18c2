//! Strangers: passwords tried on many accounts, a session taken over, a password known far away.

use serde_json::json;

use super::{
    Done,
    browser::{Ask, Browser},
    chance::Chance,
    customer::Customer,
    desk::Truth,
    door::{Credentials, enter, text},
    history::History,
    places::{FAR, HOMES},
    summary::count,
    world::World,
};

/// A password that nobody has.
const GUESS: &str = "Summer2026!Summer2026!";

impl History {
    /// Somebody tries one password on many addresses, from a network that no country's file knows (RFC 5737).
    pub(super) async fn spray(&mut self, network: [u8; 3], accounts: usize) -> Done {
        let mut chance = Chance::of(self.seed(), u64::from(network[0]) << 32);
        let mut addresses: Vec<String> = self.joined().map(|customer| customer.who.email.clone()).collect();
        addresses = chance.shuffled(addresses);
        addresses.truncate(accounts * 2 / 3);
        for number in addresses.len()..accounts {
            addresses.push(format!("user{}@example.com", 100 + number * 7));
        }
        let [a, b, c] = network;
        for (index, email) in addresses.into_iter().enumerate() {
            let host = 11 + u8::try_from(index % 9).unwrap_or(0);
            let mut browser = Browser::new(&mut chance, &HOMES[0], [a, b, c, host].into());
            let who = Credentials {
                email,
                password: GUESS.into(),
                totp: None,
            };
            enter(&mut self.world, &who, &mut browser, false).await?;
            self.world.wait(chance.within(20, 75)).await?;
        }
        count(&mut self.world.tally, "password sprays");
        Ok(())
    }
}

/// A thief has copied the owner's session and knows their password, and their mail. The owner is told of the sign-in and
/// says that it was not them.
pub(super) async fn take_over(world: &mut World, owner: &mut Customer) -> Done<Truth> {
    let theirs = owner.at_home(world).await?;
    world.wait(700).await?;
    let chance = &mut owner.persona.chance;
    let elsewhere = owner.persona.home.address(chance);
    let mut thief = Browser::new(chance, owner.persona.home, elsewhere);
    // A session that comes from another device is ended, and the thief is left with the password.
    let refresh = theirs
        .session
        .as_ref()
        .map(|session| session.refresh.as_str())
        .unwrap_or_default();
    let ask = Ask::post("/v1/auth/refresh", json!({ "refresh_token": refresh }));
    world.send(&thief, ask).await?.one_of(&[401])?;
    world.wait(400).await?;
    enter(world, &owner.who, &mut thief, true).await?;
    world.wait(120).await?;
    world
        .send(&thief, Ask::get("/v1/portfolio"))
        .await?
        .one_of(&[200])?;
    world
        .send(&thief, Ask::get("/v1/profile"))
        .await?
        .one_of(&[200])?;
    count(&mut world.tally, "takeovers");
    // The owner reads their mail.
    world.wait(900).await?;
    world.turn().await?;
    if let Some(token) = world.post.token(&owner.who.email, "not-me") {
        let browser = theirs.signed_out();
        let ask = Ask::post("/v1/auth/not-me", json!({ "token": token }));
        world.send(&browser, ask).await?.expect(204)?;
    }
    Ok(Truth::Fraud)
}

/// The owner chooses a new password with the link that they were mailed when the desk had given the account back; answers
/// whether there was one.
pub(super) async fn recover(world: &mut World, owner: &mut Customer) -> Done<bool> {
    world.deliver().await?;
    let Some(token) = world.post.token(&owner.who.email, "reset-password") else {
        return Ok(false);
    };
    let Some(browser) = owner.browsers.first().cloned() else {
        return Ok(false);
    };
    let browser = browser.signed_out();
    let password = format!("{}-renewed", owner.who.password);
    let ask = Ask::post(
        "/v1/auth/password/reset",
        json!({ "token": token, "password": password }),
    );
    world.send(&browser, ask).await?.expect(200)?;
    owner.who.password = password;
    for browser in &mut owner.browsers {
        browser.session = None;
    }
    count(&mut world.tally, "accounts restored");
    Ok(true)
}

/// Somebody has just signed in on a new device at home; three quarters of an hour later the right password comes from the
/// other side of the world.
pub(super) async fn far_away(world: &mut World, owner: &mut Customer) -> Done {
    let chance = &mut owner.persona.chance;
    let home = owner.persona.home.address(chance);
    let place = chance.one_of(FAR);
    let mut new = Browser::new(chance, owner.persona.home, home);
    let far = place.address(chance);
    let mut other = Browser::new(chance, place, far);
    enter(world, &owner.who, &mut new, true).await?;
    owner.browsers.push(new);
    world.wait(2_700).await?;
    enter(world, &owner.who, &mut other, false).await?;
    Ok(())
}

/// Somebody mistypes until they are locked out; the desk lets them try again when they ring.
pub(super) async fn locked_out(world: &mut World, owner: &mut Customer) -> Done<String> {
    let mistyping = Credentials {
        password: format!("{}?", owner.who.password),
        ..owner.who.clone()
    };
    if let Some(browser) = owner.browsers.first_mut() {
        for _ in 0..5 {
            enter(world, &mistyping, browser, true).await?;
            world.wait(17).await?;
        }
        enter(world, &owner.who, browser, true).await?;
    }
    count(&mut world.tally, "lockouts");
    text(&json!(owner.id))
}
