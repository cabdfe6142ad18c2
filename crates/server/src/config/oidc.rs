//! `[oidc]`: other people's accounts that sign in here. A provider is one line of words; its secret stands apart,
//! so that the line may be shown.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error};
use url::Url;
use zeroize::Zeroizing;

/// Providers and what they know us by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// Whose accounts sign in here.
    #[serde(deserialize_with = "providers")]
    pub providers: Vec<OidcProvider>,
    /// One for each provider.
    #[serde(deserialize_with = "client_secrets")]
    pub client_secrets: Vec<ClientSecret>,
}

/// Somebody whose word counts about who a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcProvider {
    /// Stands in addresses: small letters, digits and dashes.
    pub name: String,
    /// What it speaks.
    pub kind: OidcKind,
    /// Its address, exactly as it calls itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What we ask it for, with blanks between them.
    pub scopes: String,
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidcKind {
    /// OpenID Connect, with discovery.
    Oidc,
    /// OAuth 2 with GitHub's own interface.
    GitHub,
}

/// What a provider knows us by.
#[derive(Debug)]
pub struct ClientSecret {
    /// The provider's name.
    pub provider: String,
    secret: SecretString,
}

impl Oidc {
    /// The provider of this name.
    pub fn provider(&self, name: &str) -> Option<&OidcProvider> {
        self.providers.iter().find(|provider| provider.name == name)
    }

    /// The secret of the provider of this name.
    pub fn secret(&self, name: &str) -> Option<&str> {
        let found = self.client_secrets.iter().find(|secret| secret.provider == name);
        found.map(|found| found.secret.expose_secret())
    }
}

/// Names that stand in addresses for something else.
const TAKEN: [&str; 2] = ["links", "providers"];
const LONGEST_NAME: usize = 32;

/// All that is wrong is said at once.
fn providers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<OidcProvider>, D::Error> {
    let (mut found, mut wrong) = (Vec::<OidcProvider>::new(), Vec::new());
    for line in Vec::<String>::deserialize(from)? {
        match parse(&line) {
            Ok(provider) if found.iter().any(|other| other.name == provider.name) => {
                wrong.push(format!("{} is named twice; leave one of them", provider.name));
            }
            Ok(provider) => found.push(provider),
            Err(what) => wrong.push(what),
        }
    }
    if wrong.is_empty() {
        return Ok(found);
    }
    Err(D::Error::custom(wrong.join("; ")))
}

fn parse(line: &str) -> Result<OidcProvider, String> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(good) || TAKEN.contains(&name) {
        return Err(format!(
            "{name:?} is no provider's name; begin with one of small letters, digits and dashes, as in google client_id=ID"
        ));
    }
    let (mut kind, mut issuer, mut client_id, mut scopes) = (None, None, None, None);
    for word in words {
        let place = match word.split_once('=') {
            Some(("kind", _)) => &mut kind,
            Some(("issuer", _)) => &mut issuer,
            Some(("client_id", _)) => &mut client_id,
            Some(("scopes", _)) => &mut scopes,
            _ => {
                return Err(format!(
                    "{word:?} says nothing of {name}; write kind=, issuer=, client_id= or scopes="
                ));
            }
        };
        *place = word.split_once('=').map(|(_, value)| value);
    }
    let kind = match kind.unwrap_or(if name == "github" { "github" } else { "oidc" }) {
        "oidc" => OidcKind::Oidc,
        "github" => OidcKind::GitHub,
        other => {
            return Err(format!(
                "{name} cannot be of kind {other:?}; write oidc or github"
            ));
        }
    };
    let usual = match (name, kind) {
        ("google", OidcKind::Oidc) => Some("https://accounts.google.com"),
        ("github", OidcKind::GitHub) => Some("https://github.com"),
        _ => None,
    };
    let issuer = issuer
        .or(usual)
        .ok_or_else(|| format!("{name} has no issuer; write issuer=https://…"))?;
    if !is_issuer(issuer) {
        return Err(format!(
            "{issuer:?} is not the issuer of {name}; write its address without ? and #, as in issuer=https://login.example.com"
        ));
    }
    let client_id = client_id.filter(|id| !id.is_empty());
    let client_id = client_id.ok_or_else(|| {
        format!("{name} has no client_id; register Stockade there and write client_id= and what it answers")
    })?;
    let usual = match kind {
        OidcKind::Oidc => "openid email profile".to_owned(),
        OidcKind::GitHub => "read:user user:email".to_owned(),
    };
    let scopes = scopes.map_or(usual, |scopes| scopes.replace('+', " "));
    if kind == OidcKind::Oidc && !scopes.split(' ').any(|scope| scope == "openid") {
        return Err(format!(
            "the scopes of {name} lack openid; write scopes=openid+email"
        ));
    }
    Ok(OidcProvider {
        name: name.to_owned(),
        kind,
        issuer: issuer.to_owned(),
        client_id: client_id.to_owned(),
        scopes,
    })
}

/// OpenID Connect Discovery §3: an address without query and fragment.
fn is_issuer(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

fn client_secrets<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ClientSecret>, D::Error> {
    let text = Zeroizing::new(String::deserialize(from)?);
    let parts = text
        .split(['\n', ','])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut secrets: Vec<ClientSecret> = Vec::new();
    for part in parts {
        let pair = part.split_once(':').filter(|(_, secret)| !secret.is_empty());
        let (provider, secret) = pair.ok_or_else(|| {
            D::Error::custom("not named; write a provider's name before each secret, as in google:SECRET")
        })?;
        if secrets.iter().any(|other| other.provider == provider) {
            return Err(D::Error::custom("two secrets of one provider; leave one of them"));
        }
        secrets.push(ClientSecret {
            provider: provider.to_owned(),
            secret: secret.into(),
        });
    }
    Ok(secrets)
}
