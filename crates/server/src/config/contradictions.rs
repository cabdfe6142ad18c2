//! What no single value shows: settings that contradict each other, and what production needs.

use secrecy::ExposeSecret;

use super::{Config, Feed, NamedKey, Problem, layers::Layer, passphrase};
use crate::core::keys::MasterKeySource;

/// A contradiction and the settings it rests on; it is blamed on the first.
struct Contradiction {
    between: Vec<&'static str>,
    what: String,
}

/// Adds the contradictions. One that rests on a value already found wrong is left out: mending that may mend it.
pub(super) fn find(config: &Config, layers: &Layer, problems: &mut Vec<Problem>) {
    let mut found = Vec::new();
    found.extend(open_door(config));
    found.extend(half_a_certificate(config));
    found.extend(tls_by_another_name(config));
    found.extend(more_executors_than_connections(config));
    found.extend(one_key_twice(config));
    found.extend(shorter_alone(config));
    found.extend(milder_when_repeated(config));
    found.extend(mail_in_the_clear(config));
    found.extend(half_a_login(config));
    found.extend(unpaired_client_secrets(config));
    found.extend(provider_without_key(config));
    if !config.is_development() {
        found.extend(missing_keys(config));
        found.extend(guessable_passphrase(config));
        found.extend(unencrypted_address(config));
        found.extend(everybody_trusted(config));
        found.extend(unencrypted_provider(config));
    }
    found.retain(|one| {
        !problems
            .iter()
            .any(|problem| one.between.contains(&problem.key.as_str()))
    });
    for Contradiction { between, what } in found {
        let origin = layers[between[0]].origin.clone();
        problems.push(Problem {
            key: between[0].to_owned(),
            origin,
            what,
        });
    }
}

fn open_door(config: &Config) -> Option<Contradiction> {
    let server = &config.server;
    let encrypted = server.behind_proxy || config.tls.files().is_some();
    let open = !server.bind.ip().is_loopback() && !encrypted;
    open.then(|| Contradiction {
        between: vec![
            "server.bind",
            "server.behind_proxy",
            "tls.certificate_file",
            "tls.key_file",
        ],
        what: format!(
            "would serve {} without TLS; listen on 127.0.0.1, or set tls.certificate_file and tls.key_file, or put a \
             proxy that ends TLS in front and set server.behind_proxy = true",
            server.bind
        ),
    })
}

/// Development in others' reach: mails are kept in the clear, deposits are made up, keys were made by themselves.
pub(super) fn open_desk(config: &Config) -> Option<String> {
    let server = &config.server;
    let reached = !server.bind.ip().is_loopback() || server.behind_proxy;
    (config.is_development() && reached).then(|| {
        "this is development, in the reach of others; where people's money is, set STOCKADE_ENV=production".to_owned()
    })
}

fn half_a_certificate(config: &Config) -> Option<Contradiction> {
    let tls = &config.tls;
    let half = tls.certificate_file.is_some() != tls.key_file.is_some();
    half.then(|| Contradiction {
        between: vec!["tls.certificate_file", "tls.key_file"],
        what: "needs tls.key_file, and the other way round; set both or neither".to_owned(),
    })
}

/// Cookies, links and `Origin` all go by public_url, so it must say what is true.
fn tls_by_another_name(config: &Config) -> Option<Contradiction> {
    let plain = !config.server.public_url.starts_with("https://");
    (plain && config.tls.files().is_some()).then(|| Contradiction {
        between: vec!["server.public_url", "tls.certificate_file"],
        what: format!(
            "{} is not encrypted, but TLS ends here; write https://, as in https://stockade.example.com",
            config.server.public_url
        ),
    })
}

fn provider_without_key(config: &Config) -> Option<Contradiction> {
    let alpaca = &config.alpaca;
    let missing = config.market.feed == Feed::Alpaca && !(alpaca.has_key() && alpaca.url.is_some());
    (missing || alpaca.has_half_a_key()).then(|| Contradiction {
        between: vec!["alpaca.key", "alpaca.secret", "alpaca.url", "market.feed"],
        what: "needs alpaca.secret and alpaca.url, and market.feed = \"alpaca\" needs all three; set them together".to_owned(),
    })
}

fn more_executors_than_connections(config: &Config) -> Option<Contradiction> {
    let (executors, connections) = (config.database.executors, config.database.connections());
    (executors > connections).then(|| Contradiction {
        between: vec!["database.executors", "database.pool_size", "database.pool_overflow"],
        what: format!(
            "wants {executors} executors with {connections} connections; lower it, or raise database.pool_size"
        ),
    })
}

fn one_key_twice(config: &Config) -> Vec<Contradiction> {
    let secrets = &config.secrets;
    let mut seen: Vec<(&'static str, &[u8])> = Vec::new();
    let masters = secrets.master_keys.iter().map(|named| {
        let bytes: &[u8] = match &named.source {
            MasterKeySource::Key(key) => key.expose_secret(),
            MasterKeySource::Passphrase(words) => words.expose_secret().as_bytes(),
        };
        ("secrets.master_keys", bytes)
    });
    let token = secrets.token_key.iter().map(|key| ("secrets.token_key", key));
    let audit = secrets.audit_key.iter().map(|key| ("secrets.audit_key", key));
    let backup = config.backup.key.iter().map(|key| ("backup.key", key));
    let others = token
        .chain(audit)
        .chain(backup)
        .map(|(name, key)| (name, key.expose_secret().as_slice()));
    let mut found = Vec::new();
    for (name, key) in masters.chain(others) {
        match seen.iter().find(|(_, other)| *other == key) {
            Some((other, _)) => found.push(Contradiction {
                between: vec![name, *other],
                what: format!(
                    "holds a key that {other} already holds; make one with `openssl rand -base64 32`"
                ),
            }),
            None => seen.push((name, key)),
        }
    }
    found
}

fn shorter_alone(config: &Config) -> Option<Contradiction> {
    let passwords = &config.passwords;
    (passwords.least_alone < passwords.least_with_second_factor).then(|| Contradiction {
        between: vec!["passwords.least_alone", "passwords.least_with_second_factor"],
        what: format!(
            "{} is less than beside a second factor; write {} or more, or lower passwords.least_with_second_factor",
            passwords.least_alone, passwords.least_with_second_factor
        ),
    })
}

fn milder_when_repeated(config: &Config) -> Option<Contradiction> {
    let lockout = &config.lockout;
    (lockout.repeated_lock < lockout.first_lock).then(|| Contradiction {
        between: vec!["lockout.repeated_lock_minutes", "lockout.first_lock_minutes"],
        what: format!(
            "is shorter than the first lock; write {} or more, or lower lockout.first_lock_minutes",
            lockout.first_lock.as_secs() / 60
        ),
    })
}

fn mail_in_the_clear(config: &Config) -> Option<Contradiction> {
    config.mail.is_in_the_clear().then(|| Contradiction {
        between: vec!["mail.smtp_encryption", "mail.smtp_host"],
        what: format!(
            "would send mail to {} without TLS; write starttls or tls",
            config.mail.smtp_host
        ),
    })
}

fn half_a_login(config: &Config) -> Option<Contradiction> {
    config.mail.is_half_a_login().then(|| Contradiction {
        between: vec!["mail.smtp_user", "mail.smtp_password"],
        what: "needs mail.smtp_password, and the other way round; set both or neither".to_owned(),
    })
}

fn missing_keys(config: &Config) -> Vec<Contradiction> {
    let secrets = &config.secrets;
    let missing = [
        (
            "secrets.master_keys",
            secrets.master_keys.is_empty(),
            "2026:$(openssl rand -base64 32)",
        ),
        (
            "secrets.token_key",
            secrets.token_key.is_none(),
            "$(openssl rand -base64 32)",
        ),
        (
            "secrets.audit_key",
            secrets.audit_key.is_none(),
            "$(openssl rand -base64 32)",
        ),
    ];
    let missing = missing.into_iter().filter(|(_, missing, _)| *missing);
    missing
        .map(|(key, _, example)| Contradiction {
            between: vec![key, "environment"],
            what: format!(
                "must be set in production; put \"{example}\" into a file and name it in {}_FILE",
                super::catalogue::variable(key)
            ),
        })
        .collect()
}

/// A key may be stretched from a passphrase, but only as far as it takes long to guess.
fn guessable_passphrase(config: &Config) -> Option<Contradiction> {
    let is_guessable = |named: &NamedKey| match &named.source {
        MasterKeySource::Key(_) => false,
        MasterKeySource::Passphrase(words) => passphrase::is_guessable(words.expose_secret()),
    };
    let named = config
        .secrets
        .master_keys
        .iter()
        .find(|named| is_guessable(named))?;
    Some(Contradiction {
        between: vec!["secrets.master_keys", "environment"],
        what: format!(
            "the passphrase of {} could be guessed; take six words or more by chance, or make a key with `openssl rand -base64 32`",
            named.id
        ),
    })
}

fn unencrypted_address(config: &Config) -> Option<Contradiction> {
    (!config.server.public_url.starts_with("https://")).then(|| Contradiction {
        between: vec!["server.public_url", "environment"],
        what: format!(
            "{} is not encrypted; in production write https://, as in https://stockade.example.com",
            config.server.public_url
        ),
    })
}

fn everybody_trusted(config: &Config) -> Option<Contradiction> {
    config
        .server
        .trusted_proxies
        .iter()
        .any(super::Network::is_everybody)
        .then(|| Contradiction {
            between: vec!["server.trusted_proxies", "environment"],
            what: "believes the forwarding headers of everybody; name the proxies' own addresses".to_owned(),
        })
}

fn unpaired_client_secrets(config: &Config) -> Vec<Contradiction> {
    let oidc = &config.oidc;
    let between = || vec!["oidc.client_secrets", "oidc.providers"];
    let missing = oidc
        .providers
        .iter()
        .filter(|provider| oidc.secret(&provider.name).is_none());
    let missing = missing.map(|provider| Contradiction {
        between: between(),
        what: format!("has no secret of {name}; add {name}:SECRET", name = provider.name),
    });
    let idle = oidc
        .client_secrets
        .iter()
        .filter(|secret| oidc.provider(&secret.provider).is_none());
    let idle = idle.map(|_| Contradiction {
        between: between(),
        what:
            "has a secret of a provider that oidc.providers does not name; take it out, or name the provider"
                .to_owned(),
    });
    missing.chain(idle).collect()
}

fn unencrypted_provider(config: &Config) -> Option<Contradiction> {
    let plain = config
        .oidc
        .providers
        .iter()
        .find(|provider| !provider.issuer.starts_with("https://"))?;
    Some(Contradiction {
        between: vec!["oidc.providers", "environment"],
        what: format!(
            "the issuer of {} is not encrypted; in production write https://",
            plain.name
        ),
    })
}
