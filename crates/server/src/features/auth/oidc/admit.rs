//! Who somebody is here whom a provider has recognised, and whether they may enter.
//!
//! A linked account is its owner's. Otherwise an address that the provider vouches for links the account that has
//! it, since ours are confirmed by mail; and where nobody has it and everybody may register, it makes an account,
//! without a password. Whom the provider does not vouch for is told the same whether or not there is an account.

use stockade_domain::{ids::UserId, roles::Role};

use super::identity::Identity;
use crate::{
    app::App,
    core::change::{Change, Outcome},
    features::{
        auth::{
            events::{self, SignInFailure},
            lockout::{self, Attempt, Authenticator},
            sign_in::{
                Recognised,
                enter::{Entry, Fate},
            },
            store::{oidc_links, registrations, restrictions, users},
            users::{self as people, Person},
        },
        devices::Seen,
    },
    http::error::{ApiResult, Problem},
};

/// How somebody proves who they are whose word is another server's. RFC 8176 has no word for it; this is the usual one.
const FEDERATED: &str = "fed";

/// Somebody at the door.
pub(super) struct Admission {
    pub(super) provider: String,
    pub(super) subject_hash: [u8; 32],
    pub(super) identity: Identity,
    pub(super) device: Seen,
    /// What stands for a password when an account is made.
    pub(super) no_password: String,
}

/// Whom the provider's word leads to.
enum Found {
    /// Linked before.
    Linked(UserId),
    /// To be linked once they are let in.
    Unlinked(UserId, &'static str),
    Nobody(Problem),
}

impl Admission {
    pub(super) async fn decide(
        &self,
        app: &App,
        change: &mut Change<'_>,
    ) -> ApiResult<Outcome<ApiResult<Fate>>> {
        let (user, how) = match self.find(app, change).await? {
            Found::Linked(user) => (user, None),
            Found::Unlinked(user, how) => (user, Some(how)),
            Found::Nobody(problem) => {
                return change.refuse(events::oidc_refused(&self.provider, problem.code), problem);
            }
        };
        let Some(current) = users::lock(change, user).await?.filter(|user| user.may_sign_in()) else {
            return turn_away(change, user, SignInFailure::AccountClosed);
        };
        let attempt = Attempt::on(app, change, user, &self.device).await?;
        let guard = lockout::guard(app, change, user, Authenticator::Password, attempt).await?;
        if !guard.is_open(change) {
            return turn_away(change, user, SignInFailure::Locked);
        }
        let now = change.now();
        if let Some(how) = how {
            if restrictions::is_restricted(change, user).await? {
                return turn_away(change, user, SignInFailure::AccountClosed);
            }
            if !oidc_links::insert(change, user, &self.provider, self.subject_hash, now).await? {
                // Linked to another account of this provider: only the owner may say which one counts.
                let problem = not_linked();
                let event = events::oidc_link_refused(user, &self.provider, problem.code);
                return change.refuse(event, problem);
            }
            users::credentials_changed(change, user, now)?;
            change.also(events::oidc_linked(user, &self.provider, how));
        }
        if !oidc_links::touch(change, user, self.subject_hash, now).await? {
            return turn_away(change, user, SignInFailure::AccountClosed);
        }
        change.also(events::oidc_recognised(user, &self.provider));
        let entry = Entry {
            user: &current,
            device: &self.device,
            attempt,
            recognised: Recognised {
                user,
                amr: FEDERATED.to_owned(),
                binding: self.device.binding(),
                report: None,
                failures: 0,
            },
            // Trust in a device stands beside a password, not beside somebody else's word.
            trust_counts: false,
            too_risky: not_now,
        };
        entry.decide(app, change).await
    }

    async fn find(&self, app: &App, change: &mut Change<'_>) -> ApiResult<Found> {
        if let Some(owner) = oidc_links::owner(change, self.subject_hash).await? {
            return Ok(Found::Linked(owner));
        }
        let Some(email) = &self.identity.email else {
            return Ok(Found::Nobody(not_linked()));
        };
        if let Some(user) = users::by_email(change, email).await? {
            return Ok(Found::Unlinked(user.id, "verified_address"));
        }
        if !app.config.registration.open {
            let detail = "nobody can register here at present";
            return Ok(Found::Nobody(Problem::forbidden("registration.closed", detail)));
        }
        let person = Person {
            email: email.clone(),
            name: self.identity.name.clone(),
            password_hash: self.no_password.clone(),
            role: Role::Customer,
        };
        let Some(made) = people::create(app, change, &person).await? else {
            // Somebody took the address at the same time.
            return Ok(Found::Nobody(not_linked()));
        };
        change.batch(vec![registrations::drop_all(email)]).await?;
        let user = UserId::from_uuid(made.id);
        change.also(events::user_registered(user, made.role, "oidc"));
        Ok(Found::Unlinked(user, "registration"))
    }
}

/// One answer for every account that may not be entered.
fn turn_away(
    change: &mut Change<'_>,
    user: UserId,
    why: SignInFailure,
) -> ApiResult<Outcome<ApiResult<Fate>>> {
    change.refuse(events::sign_in_failed(Some(user), why, ""), not_now())
}

fn not_now() -> Problem {
    Problem::unauthorized("sign_in.failed", "this account cannot be signed in to now")
}

fn not_linked() -> Problem {
    let detail =
        "no account is linked to this one; sign in with your password and link it on your security page";
    Problem::unauthorized("oidc.not_linked", detail)
}
