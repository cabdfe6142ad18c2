//! Coming in: signing in with whatever is asked for, staying signed in, and proving it once more for what is sensitive.

use serde_json::{Value, json};

use super::{
    DemoError, Done, authenticator,
    browser::{Ask, Browser, Session},
    summary::count,
    world::{Answer, World},
};

/// A session lives a week unused; nobody waits for its last hours.
const STAYS: i64 = 6 * 86_400;

/// How somebody proves who they are.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    pub(super) email: String,
    pub(super) password: String,
    /// The secret of their authenticator app.
    pub(super) totp: Option<String>,
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    In,
    /// More was asked for than whoever tries has.
    Stuck,
    Refused,
}

/// Signs in. Whoever does not read the owner's mail is stuck where a mailed code is asked for.
pub(super) async fn enter(
    world: &mut World,
    who: &Credentials,
    browser: &mut Browser,
    reads_mail: bool,
) -> Done<Entered> {
    browser.session = None;
    let ask = json!({ "email": who.email, "password": who.password, "device": browser.report });
    let mut answer = world.send(browser, Ask::post("/v1/auth/login", ask)).await?;
    loop {
        if answer.status != 200 {
            answer.one_of(&[401, 403, 429])?;
            count(&mut world.tally, "sign-ins failed");
            return Ok(Entered::Refused);
        }
        if answer.body["access_token"].is_string() {
            browser.session = Some(session(&answer.body, world, None)?);
            count(&mut world.tally, "sign-ins");
            return Ok(Entered::In);
        }
        let challenge = text(&answer.body["challenge"])?;
        world.wait(14).await?;
        let Some(code) = code(world, who, &answer.body["methods"], reads_mail).await? else {
            count(&mut world.tally, "sign-ins stuck");
            return Ok(Entered::Stuck);
        };
        count(&mut world.tally, "second steps");
        let ask = json!({ "challenge": challenge, "code": code });
        answer = world.send(browser, Ask::post("/v1/auth/login/2fa", ask)).await?;
    }
}

/// Goes on with the session that is there, or signs in anew; with a key to sign with.
pub(super) async fn resume(world: &mut World, who: &Credentials, browser: &mut Browser) -> Done<Entered> {
    if let Some(held) = browser.session.take()
        && world.now().as_second() - held.used < STAYS
    {
        let ask = Ask::post("/v1/auth/refresh", json!({ "refresh_token": held.refresh }));
        let answer = world.send(browser, ask).await?;
        if answer.status == 200 {
            browser.session = Some(session(&answer.body, world, held.key)?);
        }
    }
    if browser.session.is_none() {
        let entered = enter(world, who, browser, true).await?;
        if entered != Entered::In {
            return Ok(entered);
        }
    }
    if browser
        .session
        .as_ref()
        .is_some_and(|session| session.key.is_none())
    {
        let answer = world.send(browser, Ask::act("/v1/auth/session-key")).await?;
        // A frozen account gets none, and only looks.
        if !answer.is_refused("account.restricted") {
            let made = answer.expect(201)?;
            let key = (text(&made["id"])?, text(&made["secret"])?);
            if let Some(session) = &mut browser.session {
                session.key = Some(key);
            }
        }
    }
    Ok(Entered::In)
}

/// Sends a signed request, and proves who asks where that is demanded.
pub(super) async fn signed(
    world: &mut World,
    who: &Credentials,
    browser: &Browser,
    ask: impl Fn() -> Ask,
) -> Done<Answer> {
    let answer = world.send(browser, ask().signed()).await?;
    if !answer.is_refused("step_up.required") {
        return Ok(answer);
    }
    let proof = prove(world, who, browser, &answer.body).await?;
    world.send(browser, ask().signed().proven(&proof)).await
}

async fn prove(world: &mut World, who: &Credentials, browser: &Browser, refused: &Value) -> Done<String> {
    count(&mut world.tally, "step-ups");
    // The code of this half minute may be used up.
    world.wait(31).await?;
    let ask = Ask::post("/v1/auth/step-up", json!({ "operation": refused["operation"] }));
    let begun = world.send(browser, ask).await?.expect(201)?;
    let code = code(world, who, &begun["methods"], true).await?;
    let mut ask = json!({ "challenge": begun["challenge"], "code": code });
    if who.totp.is_none() {
        ask["password"] = json!(who.password);
    }
    let proven = world
        .send(browser, Ask::post("/v1/auth/step-up/verify", ask))
        .await?
        .expect(200)?;
    text(&proven["proof"])
}

/// The code that is asked for.
async fn code(
    world: &mut World,
    who: &Credentials,
    methods: &Value,
    reads_mail: bool,
) -> Done<Option<String>> {
    let asks = |name: &str| {
        methods
            .as_array()
            .is_some_and(|all| all.iter().any(|method| method == name))
    };
    if asks("totp") {
        let now = world.now();
        return Ok(who.totp.as_ref().map(|secret| authenticator::code(secret, now)));
    }
    if !reads_mail {
        return Ok(None);
    }
    world.deliver().await?;
    Ok(world.post.code(&who.email))
}

fn session(body: &Value, world: &World, key: Option<(String, String)>) -> Done<Session> {
    Ok(Session {
        access: text(&body["access_token"])?,
        refresh: text(&body["refresh_token"])?,
        used: world.now().as_second(),
        key,
    })
}

/// A text of an answer.
pub(super) fn text(value: &Value) -> Done<String> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| {
        DemoError(format!(
            "the history does not go on: a text was expected, not {value}"
        ))
    })
}
