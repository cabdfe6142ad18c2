//! A customer: how they join, and the browsers they come with.

use serde_json::json;

use super::{
    DemoError, Done, authenticator,
    browser::{Ask, Browser},
    door::{Credentials, Entered, resume, text},
    people::Persona,
    places::HOMES,
    summary::count,
    world::World,
};

/// Somebody who invests here, or will.
pub(super) struct Customer {
    pub(super) persona: Persona,
    pub(super) who: Credentials,
    /// Once they have joined.
    pub(super) id: Option<String>,
    /// Their own, the usual one first.
    pub(super) browsers: Vec<Browser>,
    /// When they last brought in cash, in Unix seconds.
    pub(super) paid_in: i64,
    /// A bank account to pay out to.
    pub(super) payee: Option<String>,
    /// What they have put into each share, in dollars.
    pub(super) invested: Vec<(&'static str, i64)>,
}

impl Customer {
    pub(super) fn new(persona: Persona, password: &str) -> Self {
        let who = Credentials {
            email: persona.email.clone(),
            password: password.to_owned(),
            totp: None,
        };
        Self {
            persona,
            who,
            id: None,
            browsers: Vec::new(),
            paid_in: i64::MIN,
            payee: None,
            invested: Vec::new(),
        }
    }

    /// Opens an account: registers, confirms the mailed link, signs in, says who they are.
    pub(super) async fn join(&mut self, world: &mut World) -> Done {
        let chance = &mut self.persona.chance;
        let at = self.persona.home.address(chance);
        let mut browser = Browser::new(chance, self.persona.home, at);
        let ask =
            json!({ "email": self.who.email, "password": self.who.password, "name": self.persona.name });
        let registered = world.send(&browser, Ask::post("/v1/auth/register", ask)).await?;
        registered.expect(202)?;
        world.wait(self.persona.chance.within(25, 140)).await?;
        world.deliver().await?;
        let token = world.post.token(&self.who.email, "confirm");
        let token = token.ok_or_else(|| DemoError(format!("{} was mailed no link", self.who.email)))?;
        let ask = json!({ "token": token, "password": self.who.password });
        let user = world
            .send(&browser, Ask::post("/v1/auth/email/verify", ask))
            .await?
            .expect(201)?;
        self.id = Some(text(&user["id"])?);
        count(&mut world.tally, "customers");
        world.wait(9).await?;
        resume(world, &self.who, &mut browser).await?;
        world.wait(60).await?;
        let mut profile = json!({ "address": self.persona.address(), "birth_date": self.persona.born });
        if let Some(ssn) = &self.persona.ssn {
            profile["ssn"] = json!(ssn);
        }
        world
            .send(&browser, Ask::put("/v1/profile", profile))
            .await?
            .expect(200)?;
        if self.persona.uses_app {
            self.who.totp = Some(enrol(world, &self.who, &browser).await?);
            count(&mut world.tally, "second factors");
        }
        self.browsers.push(browser);
        Ok(())
    }

    /// Comes to the site, mostly as always; answers with which of their browsers, or nothing when they did not get in.
    pub(super) async fn come(&mut self, world: &mut World) -> Done<Option<Browser>> {
        if self.browsers.is_empty() {
            return Ok(None);
        }
        let chance = &mut self.persona.chance;
        let habit = chance.within(0, 100);
        let mut index = 0;
        if habit < 6 && self.browsers.len() < 3 {
            let at = self.browsers[0].at;
            self.browsers.push(Browser::new(chance, self.persona.home, at));
            index = self.browsers.len() - 1;
        } else if habit < 30 {
            index = usize::try_from(chance.within(0, self.browsers.len() as i64)).unwrap_or(0);
        }
        let home = self.browsers[index].at;
        // On the way, or at home with another address than before.
        match chance.within(0, 100) {
            0..3 => self.browsers[index].at = chance.one_of(HOMES).address(chance),
            3..15 => self.browsers[index].at = self.persona.home.address(chance),
            _ => {}
        }
        let entered = resume(world, &self.who, &mut self.browsers[index]).await?;
        let browser = self.browsers[index].clone();
        self.browsers[index].at = home;
        Ok((entered == Entered::In).then_some(browser))
    }

    /// Their usual browser, signed in at home.
    pub(super) async fn at_home(&mut self, world: &mut World) -> Done<Browser> {
        let browser = self.browsers.first_mut();
        let browser = browser.ok_or_else(|| DemoError(format!("{} has not joined", self.who.email)))?;
        match resume(world, &self.who, browser).await? {
            Entered::In => Ok(browser.clone()),
            other => Err(DemoError(format!(
                "{} does not get in: {other:?}",
                self.who.email
            ))),
        }
    }
}

/// Turns an authenticator app on; answers its secret.
pub(super) async fn enrol(world: &mut World, who: &Credentials, browser: &Browser) -> Done<String> {
    let ask = Ask::post("/v1/auth/2fa/enable", json!({ "password": who.password }));
    let pending = world.send(browser, ask).await?.expect(200)?;
    let secret = text(&pending["secret"])?;
    world.wait(20).await?;
    let ask = Ask::post(
        "/v1/auth/2fa/verify",
        json!({ "code": authenticator::code(&secret, world.now()) }),
    );
    world.send(browser, ask).await?.expect(200)?;
    // The code that turned it on is used up.
    world.wait(31).await?;
    Ok(secret)
}
