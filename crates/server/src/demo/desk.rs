//! The desk: people of the staff, and what they do in a shift. They act as the API lets them; what they find out about a
//! case is what in truth befell its person.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stockade_domain::roles::Role;

use super::{
    Done,
    browser::{Ask, Browser},
    chance::Chance,
    customer::enrol,
    door::{Credentials, resume, text},
    history::History,
    places::HOMES,
    summary::{SignIn, count},
    world::World,
};
use crate::features::auth;

/// Who works here: two analysts, two administrators, an auditor.
const STAFF: [(&str, Role); 5] = [
    ("tomas.reyes@stockade.example", Role::Analyst),
    ("mei.lin@stockade.example", Role::Analyst),
    ("grace.holm@stockade.example", Role::Admin),
    ("arne.vik@stockade.example", Role::Admin),
    ("ruth.bauer@stockade.example", Role::Auditor),
];
/// The auditor among them.
const AUDITOR: usize = 4;

/// What in truth befell somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Harmless,
    Fraud,
    /// Their account is not only another's prey.
    Mule,
    /// It is nobody's turn.
    NobodyLooks,
}

/// The staff, and what they know.
#[derive(Default)]
pub(super) struct Desk {
    staff: Vec<(Credentials, Browser, Role)>,
    /// By customer.
    pub(super) truths: BTreeMap<String, Truth>,
    /// Networks on the list already.
    listed: BTreeSet<String>,
}

impl Desk {
    /// Everybody gets an account from the command line, signs in and turns an authenticator app on.
    pub(super) async fn begin(world: &mut World, chance: &mut Chance, password: &str) -> Done<Self> {
        let mut desk = Self::default();
        for (email, role) in STAFF {
            auth::create_staff(world.app(), email, password, role).await?;
            let at = HOMES[1].address(chance);
            let mut browser = Browser::new(chance, &HOMES[1], at);
            let mut who = Credentials {
                email: email.to_owned(),
                password: password.to_owned(),
                totp: None,
            };
            resume(world, &who, &mut browser).await?;
            who.totp = Some(enrol(world, &who, &browser).await?);
            // Cases are worked in sessions that were opened with it.
            browser.session = None;
            desk.staff.push((who, browser, role));
            world.wait(40).await?;
        }
        Ok(desk)
    }

    /// Who can sign in with what.
    pub(super) fn sign_ins(&self) -> impl Iterator<Item = SignIn> {
        self.staff.iter().map(|(who, _, role)| SignIn {
            role: role.as_str(),
            email: who.email.clone(),
            password: who.password.clone(),
            totp_secret: who.totp.clone(),
        })
    }
}

impl History {
    /// Somebody's shift: incidents, held transactions, frozen accounts.
    pub(super) async fn shift(&mut self, member: usize, closes: bool) -> Done {
        self.work_incidents(member, closes).await?;
        self.decide(member).await?;
        self.give_back(member).await
    }

    /// The auditor looks at the log and verifies it.
    pub(super) async fn audit(&mut self) -> Done {
        let browser = self.at_work(AUDITOR).await?;
        let ask = Ask::get("/admin/security/audit-logs?kind=review.*&limit=50");
        self.world.send(&browser, ask).await?.expect(200)?;
        let ask = Ask::act("/admin/security/audit-logs/verify-chain");
        self.world.send(&browser, ask).await?.expect(200)?;
        count(&mut self.world.tally, "audits");
        Ok(())
    }

    /// Lets somebody who rang try again.
    pub(super) async fn unlock(&mut self, user: &str) -> Done {
        self.world.wait(240).await?;
        let browser = self.at_work(0).await?;
        let ask = Ask::act(format!("/admin/security/accounts/{user}/unlock"));
        self.world.send(&browser, ask).await?.expect(200)?;
        Ok(())
    }

    pub(super) async fn at_work(&mut self, member: usize) -> Done<Browser> {
        let (who, browser, _) = &mut self.desk.staff[member];
        resume(&mut self.world, who, browser).await?;
        Ok(browser.clone())
    }

    async fn work_incidents(&mut self, member: usize, closes: bool) -> Done {
        let browser = self.at_work(member).await?;
        let list = Ask::get("/admin/security/incidents?unresolved=true&limit=100");
        let found = self.world.send(&browser, list).await?.expect(200)?;
        for incident in items(&found) {
            let id = text(&incident["id"])?;
            let path = |act: &str| format!("/admin/security/incidents/{id}/{act}");
            let (outcome, words) = self.finding(incident);
            // Each case takes its time, and a token lives a quarter of an hour.
            let browser = &self.at_work(member).await?;
            self.world.wait(60).await?;
            if incident["status"] == "open" {
                let ask = Ask::post(path("assign"), json!({}));
                self.world.send(browser, ask).await?.expect(200)?;
                count(&mut self.world.tally, "incidents");
                if incident["rule"] == "password_spray" {
                    self.block(browser, incident).await?;
                }
            } else if closes {
                let ask = Ask::post(path("note"), json!({ "text": words }));
                self.world.send(browser, ask).await?.expect(201)?;
                self.world.wait(240).await?;
                let ask = Ask::post(path("resolve"), json!({ "outcome": outcome, "note": words }));
                self.world.send(browser, ask).await?.expect(200)?;
                let name = match outcome {
                    "confirmed" => "incidents confirmed",
                    _ => "incidents that were false alarms",
                };
                count(&mut self.world.tally, name);
            }
        }
        Ok(())
    }

    /// What an incident turns out to be, and how that is noted.
    fn finding(&self, incident: &Value) -> (&'static str, &'static str) {
        let truth = incident["subject"]["id"]
            .as_str()
            .and_then(|id| self.desk.truths.get(id));
        match (incident["rule"].as_str(), truth) {
            (Some("password_spray"), _) => (
                "confirmed",
                "One password tried on many accounts; nobody got in. The network is on the list.",
            ),
            (_, Some(Truth::Fraud)) => (
                "confirmed",
                "Rang the owner: it was not them. They have been told what to do next.",
            ),
            (_, Some(Truth::Mule)) => (
                "confirmed",
                "The cash came in parts just under the limit and was to leave at once. Reported.",
            ),
            (Some("lockout_burst"), _) => (
                "false_positive",
                "Everybody locked had mistyped; no common network.",
            ),
            _ => (
                "false_positive",
                "Rang the owner: it was them. They were travelling, or had just come into money.",
            ),
        }
    }

    async fn block(&mut self, browser: &Browser, incident: &Value) -> Done {
        let network = text(&incident["network"])?;
        if !self.desk.listed.insert(network.clone()) {
            return Ok(());
        }
        let reason = "passwords tried on many accounts";
        let line = json!({ "list": "block", "what": "address", "value": network, "reason": reason });
        self.world
            .send(browser, Ask::post("/admin/security/lists", line))
            .await?
            .expect(201)?;
        Ok(())
    }

    /// Decides about what is held.
    async fn decide(&mut self, member: usize) -> Done {
        let browser = self.at_work(member).await?;
        let list = Ask::get("/admin/security/transactions?state=open&limit=100");
        let found = self.world.send(&browser, list).await?.expect(200)?;
        for held in items(&found) {
            let (id, user) = (text(&held["id"])?, text(&held["user_id"])?);
            let truth = self.desk.truths.get(&user).copied().unwrap_or(Truth::Harmless);
            if truth == Truth::NobodyLooks {
                continue;
            }
            let path = |verb: &str| format!("/admin/security/transactions/{id}{verb}");
            let browser = &self.at_work(member).await?;
            self.world.send(browser, Ask::get(path(""))).await?.expect(200)?;
            self.world.wait(420).await?;
            if truth == Truth::Harmless {
                let ask =
                    json!({ "note": "Spoke to the owner, who knew the amount and where it came from." });
                let answer = self.world.send(browser, Ask::post(path("/approve"), ask)).await?;
                // The second pair of eyes is a colleague's.
                if !answer.is_refused("review.already_approved") {
                    let decided = answer.expect(200)?;
                    let what = if decided["state"] == "open" {
                        "reviews half approved"
                    } else {
                        "reviews approved"
                    };
                    count(&mut self.world.tally, what);
                }
                continue;
            }
            let ask = json!({ "note": "The owner was told to do this by somebody on the telephone." });
            self.world
                .send(browser, Ask::post(path("/reject"), ask))
                .await?
                .expect(200)?;
            count(&mut self.world.tally, "reviews rejected");
            if truth == Truth::Mule {
                let ask = json!({ "reason": "Cash passes through: three deposits just under the limit, all to leave at once." });
                let path = format!("/admin/security/accounts/{user}/restrict");
                self.world
                    .send(browser, Ask::post(path, ask))
                    .await?
                    .expect(200)?;
                count(&mut self.world.tally, "accounts restricted by the desk");
            }
        }
        Ok(())
    }

    /// Gives frozen accounts back to their owners, two of the staff together. A mule's stays frozen.
    async fn give_back(&mut self, member: usize) -> Done {
        let browser = self.at_work(member).await?;
        let list = Ask::get("/admin/security/accounts?state=restricted");
        let found = self.world.send(&browser, list).await?.expect(200)?;
        for account in items(&found) {
            let id = text(&account["account"]["id"])?;
            if self.desk.truths.get(&id) != Some(&Truth::Fraud) {
                continue;
            }
            let browser = &self.at_work(member).await?;
            self.world.wait(600).await?;
            let ask = json!({ "identity_check": "Video call; passport and face agree with the file." });
            let path = format!("/admin/security/accounts/{id}/restore");
            let answer = self.world.send(browser, Ask::post(path, ask)).await?;
            if answer.status != 403 {
                answer.one_of(&[200, 202])?;
            }
        }
        Ok(())
    }
}

fn items(list: &Value) -> &[Value] {
    list["items"].as_array().map_or(&[], Vec::as_slice)
}
