//! GitHub's dialect: OAuth 2 without ID tokens; who somebody is, and which addresses are theirs, is asked for. The
//! same holds for a GitHub server of one's own, whose interface lies below `/api/v3`.

use serde::Deserialize;

use super::{
    exchange::{self, ClientAuthentication},
    identity::{self, Identity},
};
use crate::{app::App, config::OidcProvider, http::error::ApiResult};

/// What GitHub's own server is called.
const PUBLIC: &str = "https://github.com";
const PUBLIC_API: &str = "https://api.github.com";

#[derive(Deserialize)]
struct User {
    /// Stays when the login changes, and is never given to somebody else.
    id: u64,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

pub(super) fn authorization_endpoint(provider: &OidcProvider) -> String {
    format!("{}/login/oauth/authorize", base(provider))
}

/// Who brought this code.
pub(super) async fn identify(
    app: &App,
    provider: &OidcProvider,
    code: &str,
    state: &str,
) -> ApiResult<Identity> {
    let endpoint = format!("{}/login/oauth/access_token", base(provider));
    let tokens = exchange::turn_in(app, provider, &endpoint, ClientAuthentication::Post, code, state).await?;
    let api = match base(provider) {
        PUBLIC => PUBLIC_API.to_owned(),
        own => format!("{own}/api/v3"),
    };
    let user: User = exchange::ask(app, provider, &format!("{api}/user"), &tokens.access_token).await?;
    let emails = format!("{api}/user/emails");
    let addresses: Vec<Address> = exchange::ask(app, provider, &emails, &tokens.access_token).await?;
    let primary = addresses.into_iter().find(|address| address.primary);
    let verified = primary.as_ref().is_some_and(|address| address.verified);
    Ok(Identity {
        subject: user.id.to_string(),
        email: identity::address(primary.map(|address| address.email), verified),
        name: identity::name(user.name),
    })
}

fn base(provider: &OidcProvider) -> &str {
    provider.issuer.trim_end_matches('/')
}
