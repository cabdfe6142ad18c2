//! Secrets stay out of `Debug`, of `show`, and of problems.

use super::{Desk, key};
use crate::config::catalogue::Catalogue;

/// An acceptable value for every setting that is a text, holding something to look for.
fn samples() -> Vec<(&'static str, String, String)> {
    let plain = |key, value: &str| (key, value.to_owned(), value.to_owned());
    let rate = |key| (key, "address=4711/minute".to_owned(), "4711".to_owned());
    vec![
        plain("environment", "production"),
        plain("data_dir", "/canary"),
        plain("server.bind", "127.0.0.1:4711"),
        plain("server.public_url", "https://canary"),
        (
            "server.forwarded_header",
            "forwarded".to_owned(),
            "forwarded".to_owned(),
        ),
        plain("tls.certificate_file", "/canary.pem"),
        plain("tls.key_file", "/canary.pem"),
        rate("rate_limit.read"),
        rate("rate_limit.write"),
        rate("rate_limit.health"),
        rate("rate_limit.refresh"),
        rate("rate_limit.sign_in"),
        rate("rate_limit.second_factor"),
        rate("rate_limit.recovery"),
        rate("rate_limit.password_strength"),
        rate("rate_limit.sensitive"),
        rate("rate_limit.trade"),
        rate("rate_limit.cash"),
        rate("rate_limit.desk"),
        (
            "database.url",
            "postgres://u:canary@h/d".to_owned(),
            "canary".to_owned(),
        ),
        ("redis.url", "redis://u:canary@h".to_owned(), "canary".to_owned()),
        ("secrets.master_keys", format!("id:{}", key(10)), key(10)),
        ("secrets.token_key", key(20), key(20)),
        ("secrets.audit_key", key(30), key(30)),
        plain("audit.origin", "canary-log"),
        plain("backup.folder", "/canary"),
        ("backup.key", key(40), key(40)),
        plain("passwords.hash", "bcrypt"),
        plain("passwords.breached_url", "https://canary.example.com/range"),
        plain("tokens.algorithm", "EdDSA"),
        plain("tokens.issuer", "canary-issuer"),
        plain("tokens.audience", "canary-audience"),
        plain("market.feed", "replay"),
        plain("alpaca.url", "https://canary.example.com"),
        ("alpaca.key", "canary-key".to_owned(), "canary-key".to_owned()),
        (
            "alpaca.secret",
            "canary-secret".to_owned(),
            "canary-secret".to_owned(),
        ),
        plain("alpaca.feed", "canary-feed"),
        plain("trading.hours", "always"),
        plain("mail.from", "canary@host"),
        plain("mail.smtp_host", "canary-host"),
        plain("mail.smtp_encryption", "tls"),
        plain("mail.smtp_user", "canary-user"),
        ("mail.smtp_password", "canary".to_owned(), "canary".to_owned()),
        plain("mail.smtp_ca_file", "/canary.pem"),
        (
            "oidc.client_secrets",
            "acme:canary-secret".to_owned(),
            "canary-secret".to_owned(),
        ),
        plain("geo.city_database", "/canary.mmdb"),
        plain("geo.network_database", "/canary.mmdb"),
        plain("geo.anonymiser_database", "/canary.mmdb"),
        plain("outgoing.ca_file", "/canary.pem"),
        plain("log.format", "json"),
        plain("log.level", "debug"),
        plain("security_log.lines", "all"),
        plain("security_log.ocsf_file", "/canary.json"),
        (
            "security_log.syslog",
            "udp://canary-host:514".to_owned(),
            "canary-host".to_owned(),
        ),
        plain("security_log.syslog_ca_file", "/canary.pem"),
        (
            "observability.metrics_token",
            "canary-canary-canary".to_owned(),
            "canary".to_owned(),
        ),
        plain("observability.otlp_url", "http://canary:4318"),
    ]
}

#[test]
fn the_comment_and_the_type_agree_on_what_is_secret() {
    let catalogue = Catalogue::embedded();
    let texts: Vec<_> = catalogue
        .settings()
        .filter(|setting| setting.default.is_str())
        .collect();
    let samples = samples();
    assert!(
        texts
            .iter()
            .map(|setting| setting.key.as_str())
            .eq(samples.iter().map(|(key, ..)| *key))
    );
    for (setting, (_, value, looked_for)) in texts.iter().zip(&samples) {
        // A client secret is refused without its provider, a certificate without its key, and the other way round.
        let desk = Desk::production()
            .set("STOCKADE_TLS__CERTIFICATE_FILE", "/other.pem")
            .set("STOCKADE_TLS__KEY_FILE", "/other.pem")
            .set("STOCKADE_OIDC__PROVIDERS", "acme issuer=https://acme client_id=a")
            .set("STOCKADE_OIDC__CLIENT_SECRETS", "acme:other")
            .set("STOCKADE_ALPACA__KEY", "other")
            .set("STOCKADE_ALPACA__SECRET", "other");
        let loaded = desk.set(&setting.variable(), value).loaded();
        let shown = [
            format!("{:?}", loaded.config),
            loaded.show(),
            loaded.show_json().to_string(),
        ];
        for text in shown {
            let visible = text.to_lowercase().contains(&looked_for.to_lowercase());
            assert_eq!(visible, !setting.is_secret(), "{} in {text}", setting.key);
        }
    }
}

#[test]
fn key_bytes_do_not_show_either() {
    let shown = format!(
        "{:?} {:?}",
        Desk::production().config(),
        Desk::production().config().keys().unwrap()
    );
    assert!(
        shown.contains("REDACTED") && !shown.contains("1, 2, 3, 4"),
        "{shown}"
    );
}

#[test]
fn a_secret_that_is_refused_is_not_shown() {
    let catalogue = Catalogue::embedded();
    let secrets: Vec<_> = catalogue
        .settings()
        .filter(|setting| setting.is_secret())
        .collect();
    assert_eq!(secrets.len(), 11);
    for setting in secrets {
        // With a mail server, a password without a user is refused.
        let by_variable = Desk::new()
            .set("STOCKADE_MAIL__SMTP_HOST", "localhost")
            .set(&setting.variable(), "id:canary!")
            .problems();
        let name = setting.key.split_once('.').unwrap();
        let by_file = Desk::new()
            .file("stockade.toml", &format!("[{}]\n{} = 4711", name.0, name.1))
            .problems();
        let broken = Desk::new()
            .file("stockade.toml", &format!("[{}]\n{} = canary", name.0, name.1))
            .problems();
        for problems in [by_variable, by_file, broken] {
            assert!(
                !problems.contains("canary") && !problems.contains("4711"),
                "{problems}"
            );
        }
    }
}

#[test]
fn what_is_wrong_with_a_key_is_said() {
    let said = |value: &str| Desk::new().set("STOCKADE_SECRETS__MASTER_KEYS", value).problems();
    assert!(said(&key(1)).contains("id:base64"));
    assert!(said("a:???").contains("not base64"));
    assert!(said("a:c2hvcnQ=").contains("5 bytes instead of 32"));
    assert!(said("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").contains("placeholder"));
    assert!(said(&format!("a:{},a:{}", key(1), key(2))).contains("one name twice"));
}
