//! Who somebody is at a provider, whatever it speaks.

use serde::Deserialize;
use stockade_domain::email::EmailAddress;

use super::{
    departure, discovery,
    exchange::{self, ClientAuthentication},
    github,
    id_token::{self, Claims, Expected, Flag, NotVerified},
    not_believed,
};
use crate::{
    app::App,
    config::{OidcKind, OidcProvider},
    features::auth::opaque::sha256,
    http::error::ApiResult,
};

/// Longest name that is taken over, in characters.
const LONGEST_NAME: usize = 100;

/// Somebody, as a provider knows them.
#[derive(Clone)]
pub(super) struct Identity {
    /// Never changes and never passes to somebody else.
    pub(super) subject: String,
    /// An address that the provider vouches for. One that it does not vouch for is as good as none.
    pub(super) email: Option<EmailAddress>,
    pub(super) name: Option<String>,
}

impl Identity {
    /// What stands for issuer and subject in the database.
    pub(super) fn hash(&self, provider: &OidcProvider) -> [u8; 32] {
        sha256(format!("{}\n{}", provider.issuer, self.subject).as_bytes())
    }
}

/// What the userinfo endpoint says (OpenID Connect Core §5.3.2).
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: Flag,
    name: Option<String>,
}

/// Who brought this code.
///
/// # Errors
/// 401 `oidc.not_verified`, 503 `oidc.provider_unavailable`.
pub(super) async fn identify(
    app: &App,
    provider: &OidcProvider,
    code: &str,
    state: &str,
) -> ApiResult<Identity> {
    match provider.kind {
        OidcKind::Oidc => by_id_token(app, provider, code, state).await,
        OidcKind::GitHub => github::identify(app, provider, code, state).await,
    }
}

async fn by_id_token(app: &App, provider: &OidcProvider, code: &str, state: &str) -> ApiResult<Identity> {
    let known = discovery::of(app, provider).await?;
    let methods = known.metadata.token_endpoint_auth_methods_supported.as_deref();
    // Without a word about it, Basic is what a provider takes (OpenID Connect Discovery §3).
    let basic = methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
    let how = match basic {
        true => ClientAuthentication::Basic,
        false => ClientAuthentication::Post,
    };
    let tokens = exchange::turn_in(app, provider, &known.metadata.token_endpoint, how, code, state).await?;
    let Some(id_token) = &tokens.id_token else {
        return Err(not_believed(provider, "there is no ID token"));
    };
    let claims = verify(app, provider, id_token, state).await?;
    let Some(userinfo) = known
        .metadata
        .userinfo_endpoint
        .as_deref()
        .filter(|_| claims.email.is_none())
    else {
        return Ok(Identity {
            email: address(claims.email, claims.email_verified.0),
            name: name(claims.name),
            subject: claims.sub,
        });
    };
    let told: UserInfo = exchange::ask(app, provider, userinfo, &tokens.access_token).await?;
    // Core §5.3.2: an answer about somebody else must not be used.
    if told.sub != claims.sub {
        return Err(not_believed(provider, "userinfo speaks of somebody else"));
    }
    Ok(Identity {
        email: address(told.email, told.email_verified.0),
        name: name(claims.name.or(told.name)),
        subject: claims.sub,
    })
}

async fn verify(app: &App, provider: &OidcProvider, token: &str, state: &str) -> ApiResult<Claims> {
    let nonce = departure::nonce(app, state);
    let expected = Expected {
        issuer: &provider.issuer,
        client_id: &provider.client_id,
        nonce: nonce.as_str(),
    };
    let now = app.clock.now();
    let known = discovery::of(app, provider).await?;
    let mut verified = id_token::verify(token, &known.keys, &expected, now);
    if matches!(verified, Err(NotVerified::UnknownKey))
        && let Some(known) = discovery::anew(app, provider, &known).await?
    {
        verified = id_token::verify(token, &known.keys, &expected, now);
    }
    verified.map_err(|why| match why {
        NotVerified::UnknownKey => not_believed(provider, "the ID token names a key that nobody knows"),
        NotVerified::Refused(why) => not_believed(provider, why),
    })
}

/// An address that is one, and that the provider vouches for.
pub(super) fn address(text: Option<String>, verified: bool) -> Option<EmailAddress> {
    text.filter(|_| verified).and_then(|text| text.parse().ok())
}

/// A name that is one.
pub(super) fn name(text: Option<String>) -> Option<String> {
    let name = text?.trim().to_owned();
    let length = name.chars().count();
    ((1..=LONGEST_NAME).contains(&length) && !name.chars().any(char::is_control)).then_some(name)
}
