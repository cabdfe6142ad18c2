//! What is refused, and that everything is said at once.

use insta::assert_snapshot;

use super::{Desk, key};
use crate::config::Flag;

#[test]
fn every_problem_is_reported_at_once_with_key_source_and_fix() {
    let mut desk = Desk::new()
        .file(
            "stockade.toml",
            "colour = 1\nlog = 5\n[server]\nbnid = \"x\"\nbind = \"nowhere\"\ntrusted_proxies = [1]\n[nothing]\n\
             [tokens]\naccess_minutes = 0\nrefresh_days = \"7\"\n[passwords]\nhash = \"md5\"\n",
        )
        .set("STOCKADE_DATABASE__READERS", "many")
        .set("STOCKADE_DATABASE__EXECUTORS", "60")
        .set("STOCKADE_SERVER_PUBLIC_URL", "https://x")
        .set("STOCKADE_SECRETS__TOKEN_KEE", "x")
        .set("STOCKADE_SECRETS__AUDIT_KEY_FILE", "missing")
        .set("STOCKADE_SERVER__BEHIND_PROXY", "maybe");
    desk.inputs.flags.push(Flag {
        name: "--public-url",
        key: "server.public_url",
        value: "localhost".to_owned(),
    });
    assert_snapshot!(desk.problems(), @r#"
    16 problems in the configuration:
      database.readers (STOCKADE_DATABASE__READERS): must be a whole number, not "many"; write digits, as in 10
      secrets.audit_key (STOCKADE_SECRETS__AUDIT_KEY_FILE): names the file "missing", which cannot be read: No such file or directory (os error 2)
      secrets.token_kee (STOCKADE_SECRETS__TOKEN_KEE): not a setting; did you mean STOCKADE_SECRETS__TOKEN_KEY?
      server_public_url (STOCKADE_SERVER_PUBLIC_URL): not a setting; did you mean STOCKADE_SERVER__PUBLIC_URL?
      server.behind_proxy (STOCKADE_SERVER__BEHIND_PROXY): must be true or false, not "maybe"; write one of the two
      colour (stockade.toml): not a setting; `stockade config env-example` lists them all
      log (stockade.toml): a section, not a setting; write [log] and its settings below
      nothing (stockade.toml): not a section; take it out
      server.bnid (stockade.toml): not a setting; did you mean server.bind?
      server.trusted_proxies (stockade.toml): must be a list of texts, not such a list; write ["one", "two"]
      tokens.refresh_days (stockade.toml): must be a whole number, not a text; write digits, as in 10
      passwords.hash (stockade.toml): cannot be `md5`; write `argon2id` or `bcrypt`
      server.bind (stockade.toml): "nowhere" is not an address with a port; write one, as in 127.0.0.1:8000
      tokens.access_minutes (stockade.toml): 0 is out of range; write 1 to 60
      server.public_url (--public-url): "localhost" is not the address of a site; write scheme and host, as in https://stockade.example.com
      database.executors (STOCKADE_DATABASE__EXECUTORS): wants 60 executors with 30 connections; lower it, or raise database.pool_size
    "#);
}

#[test]
fn production_needs_its_own_keys_and_an_encrypted_address() {
    assert_snapshot!(Desk::new().set("STOCKADE_ENV", "production").problems(), @r#"
    4 problems in the configuration:
      secrets.master_keys (default): must be set in production; put "2026:$(openssl rand -base64 32)" into a file and name it in STOCKADE_SECRETS__MASTER_KEYS_FILE
      secrets.token_key (default): must be set in production; put "$(openssl rand -base64 32)" into a file and name it in STOCKADE_SECRETS__TOKEN_KEY_FILE
      secrets.audit_key (default): must be set in production; put "$(openssl rand -base64 32)" into a file and name it in STOCKADE_SECRETS__AUDIT_KEY_FILE
      server.public_url (default): http://localhost:8000 is not encrypted; in production write https://, as in https://stockade.example.com
    "#);
}

#[test]
fn production_with_what_it_needs_starts() {
    assert!(!Desk::production().config().is_development());
}

#[test]
fn production_trusts_proxies_by_name_only() {
    let trusted = |network| Desk::production().set("STOCKADE_SERVER__TRUSTED_PROXIES", network);
    assert!(trusted("10.0.0.0/8").load().is_ok());
    assert!(trusted("10.0.0.0/8,::/0").problems().contains("everybody"));
}

#[test]
fn a_public_address_needs_tls_in_front_everywhere() {
    for desk in [Desk::new(), Desk::production()] {
        let desk = desk.set("STOCKADE_SERVER__BIND", "0.0.0.0:8000");
        assert!(
            desk.problems()
                .contains("server.bind (STOCKADE_SERVER__BIND): would serve 0.0.0.0:8000 without TLS")
        );
        assert!(
            desk.problems()
                .contains("set tls.certificate_file and tls.key_file")
        );
        assert!(desk.set("STOCKADE_SERVER__BEHIND_PROXY", "true").load().is_ok());
    }
}

#[test]
fn a_public_address_may_have_tls_of_its_own() {
    let desk = || {
        Desk::new()
            .set("STOCKADE_SERVER__BIND", "0.0.0.0:8443")
            .set("STOCKADE_TLS__CERTIFICATE_FILE", "certificate.pem")
    };
    let half = desk().problems();
    assert!(
        half.contains("tls.certificate_file (STOCKADE_TLS__CERTIFICATE_FILE): needs tls.key_file"),
        "{half}"
    );
    let whole = || desk().set("STOCKADE_TLS__KEY_FILE", "key.pem");
    let plain = whole().problems();
    assert!(
        plain.contains(
            "server.public_url (default): http://localhost:8000 is not encrypted, but TLS ends here"
        ),
        "{plain}"
    );
    assert!(
        whole()
            .set("STOCKADE_SERVER__PUBLIC_URL", "https://localhost:8443")
            .load()
            .is_ok()
    );
}

#[test]
fn limits_and_origins_are_refused_with_what_to_write() {
    let desk = Desk::new()
        .set("STOCKADE_RATE_LIMIT__SIGN_IN", "5/minute")
        .set("STOCKADE_RATE_LIMIT__SCALE", "0")
        .set("STOCKADE_SERVER__CORS_ORIGINS", "*");
    let problems = desk.problems();
    assert!(
        problems.contains("\"5/minute\" are no limits; write them as in"),
        "{problems}"
    );
    assert!(problems.contains("rate_limit.scale"), "{problems}");
    assert!(
        problems.contains("\"*\" is not the origin of a web site"),
        "{problems}"
    );
}

#[test]
fn a_protection_is_tuned_within_bounds_and_never_switched_off() {
    for (variable, value, wanted) in [
        ("LOCKOUT__FAILURES", "1000", "write 2 to 10"),
        ("LOCKOUT__FAILURES", "0", "write 2 to 10"),
        ("LOCKOUT__WINDOW_MINUTES", "0", "write 5 to 1440"),
        ("LOCKOUT__FIRST_LOCK_MINUTES", "0", "write 5 to 1440"),
        (
            "LOCKOUT__REPEATED_LOCK_MINUTES",
            "10",
            "write 15 or more, or lower lockout.first_lock_minutes",
        ),
        ("LOCKOUT__MEMORY_HOURS", "0", "write 1 to 720"),
        ("LOCKOUT__CONFIRM_AFTER", "101", "write 10 to 100"),
        ("PASSWORDS__LEAST_WITH_SECOND_FACTOR", "7", "write 8 to 64"),
        (
            "PASSWORDS__LEAST_WITH_SECOND_FACTOR",
            "20",
            "write 20 or more, or lower passwords.least_with_second_factor",
        ),
        ("PASSWORDS__LEAST_ALONE", "14", "write 15 to 64"),
        ("PASSWORDS__MOST", "32", "write 64 to 512"),
        ("PASSWORDS__ARGON2_MEMORY_KIB", "1024", "write 19456 to 262144"),
        ("PASSWORDS__ARGON2_PASSES", "1", "write 2 to 16"),
        ("PASSWORDS__BCRYPT_COST", "10", "write 12 to 16"),
        ("PASSWORDS__RESET_LINK_MINUTES", "1440", "write 1 to 60"),
        ("SECOND_FACTORS__TOTP_DRIFT_STEPS", "2", "write 0 to 1"),
        ("SECOND_FACTORS__BACKUP_CODES", "0", "write 5 to 20"),
        ("SECOND_FACTORS__STEP_UP_MINUTES", "60", "write 1 to 15"),
        ("DEVICES__UNUSED_DAYS", "0", "write 7 to 365"),
        ("TOKENS__ACCESS_MINUTES", "1440", "write 1 to 60"),
        ("TOKENS__REFRESH_RETRY_SECONDS", "3600", "write 0 to 300"),
        ("SIGNING__WINDOW_SECONDS", "3600", "write 1 to 300"),
    ] {
        let problems = Desk::new().set(&format!("STOCKADE_{variable}"), value).problems();
        assert!(problems.contains(wanted), "{variable} = {value}: {problems}");
    }
}

#[test]
fn one_key_serves_one_purpose() {
    let desk = Desk::production().set("STOCKADE_SECRETS__AUDIT_KEY", &key(2));
    assert!(
        desk.problems().contains("secrets.audit_key"),
        "{}",
        desk.problems()
    );
    let desk = Desk::new().set(
        "STOCKADE_SECRETS__MASTER_KEYS",
        &format!("a:{},b:{}", key(1), key(1)),
    );
    assert!(desk.problems().contains("already holds"));
}

#[test]
fn master_keys_keep_their_order() {
    let desk = Desk::new().set(
        "STOCKADE_SECRETS__MASTER_KEYS",
        &format!("new:{},old:{}", key(1), key(2)),
    );
    let ids: Vec<_> = desk
        .config()
        .secrets
        .master_keys
        .into_iter()
        .map(|named| named.id)
        .collect();
    assert_eq!(ids, ["new", "old"]);
}

#[test]
fn a_contradiction_that_rests_on_a_wrong_value_is_not_reported_beside_it() {
    let desk = Desk::production().set("STOCKADE_SERVER__PUBLIC_URL", "nonsense");
    assert!(desk.problems().starts_with("1 problem "), "{}", desk.problems());
}

#[test]
fn an_unreadable_file_is_the_only_problem_it_causes() {
    let desk = Desk::new()
        .file(
            "stockade.toml",
            "environment = \"production\"\n[secrets\ntoken_key = \"hush\"\n",
        )
        .set("STOCKADE_ENV", "production")
        .set("STOCKADE_WORKER__POLL_MS", "1");
    let problems = desk.problems();
    assert!(
        problems.contains("stockade.toml: not TOML") && problems.contains("in line 2"),
        "{problems}"
    );
    assert!(
        problems.contains("worker.poll_ms (STOCKADE_WORKER__POLL_MS): 1 is out of range; write 10 to 60000")
    );
    assert!(problems.starts_with("2 problems "), "{problems}");
    let mut desk = Desk::new();
    desk.inputs.config_file = Some("missing.toml".into());
    assert!(desk.problems().contains("missing.toml: does not exist"));
}

#[test]
fn a_value_and_its_file_cannot_both_be_set() {
    let desk = Desk::new()
        .file("issuer", "a\n")
        .set("STOCKADE_TOKENS__ISSUER", "b")
        .set("STOCKADE_TOKENS__ISSUER_FILE", "issuer");
    assert!(
        desk.problems().contains("also set by STOCKADE_TOKENS__ISSUER;"),
        "{}",
        desk.problems()
    );
}

#[test]
fn variables_of_others_are_left_alone() {
    let desk = Desk::new()
        .set("STOCKADE_PORT", "tcp://10.0.0.1:80")
        .set("STOCKADE_SERVICE_HOST", "10.0.0.1")
        .set("STOCKADE_TEST_POSTGRES_URL", "postgres://x")
        .set("STOCKADE_BIN", "x")
        .set("STOCKADE_PORT_8000_TCP_ADDR", "10.0.0.1")
        .set("STOCKADE_RATE_LIMIT__SCALE", "1000")
        .set("STOCKADE_GEO__CITY_DATABASE", "city.mmdb")
        .set("HOME", "/root");
    assert_eq!(desk.loaded().warnings, Vec::<String>::new());
}

/// Whoever means production gets production, or is told why not.
#[test]
fn a_setting_in_other_words_is_refused() {
    for (name, meant) in [
        ("STOCKADE_ENVIRONMENT", "STOCKADE_ENV"),
        ("STOCKADE__ENVIRONMENT", "STOCKADE_ENV"),
        ("STOCKADE_ENVIROMENT", "STOCKADE_ENV"),
        ("STOCKADE_BIND", "STOCKADE_SERVER__BIND"),
        ("STOCKADE_PUBLIC_URL", "STOCKADE_SERVER__PUBLIC_URL"),
        ("STOCKADE_TOKEN_KEY_FILE", "STOCKADE_SECRETS__TOKEN_KEY"),
    ] {
        let problems = Desk::new().set(name, "production").problems();
        assert!(
            problems.contains(&format!("({name}): not a setting; did you mean {meant}?")),
            "{problems}"
        );
    }
}

#[test]
fn what_is_no_setting_is_warned_of() {
    let loaded = Desk::new()
        .set("STOCKADE_TELEMETRY__SAMPLES_KEPT", "1")
        .set("STOCKADE_NONSENSE", "1")
        .loaded();
    let (known, other) = (
        "STOCKADE_NONSENSE is not a setting",
        "STOCKADE_TELEMETRY__SAMPLES_KEPT is not a",
    );
    assert!(
        loaded.warnings[0].starts_with(known) && loaded.warnings[1].starts_with(other),
        "{:?}",
        loaded.warnings
    );
    let proxied = |desk: Desk| {
        desk.set("STOCKADE_SERVER__BEHIND_PROXY", "true")
            .loaded()
            .warnings
    };
    assert!(proxied(Desk::new())[0].contains("this is development"));
    assert_eq!(proxied(Desk::production()), Vec::<String>::new());
}

/// A passphrase that a thief of the database could find is refused where there is something to steal.
#[test]
fn production_refuses_a_weak_passphrase() {
    let weak = |words: &str| format!("2026:{},2025:passphrase:{words}", key(1));
    for words in ["aaaaaaaaaaaaaaaa", "stockadestockade", "passwordpassword"] {
        let desk = Desk::production().set("STOCKADE_SECRETS__MASTER_KEYS", &weak(words));
        let problems = desk.problems();
        assert!(
            problems.contains("the passphrase of 2025 could be guessed"),
            "{problems}"
        );
        assert!(!problems.contains(words), "{problems}");
        let desk = Desk::new().set("STOCKADE_SECRETS__MASTER_KEYS", &weak(words));
        assert!(desk.load().is_ok());
    }
}

#[test]
fn ranges_and_forms_are_enforced_at_their_edges() {
    let accepted = |name: &str, value: &str| Desk::new().set(name, value).load().is_ok();
    for (name, good, bad) in [
        (
            "STOCKADE_TOKENS__ACCESS_MINUTES",
            &["1", "60"][..],
            &["0", "61", "-1", "1.5", "", "9999999999999999999"][..],
        ),
        ("STOCKADE_TRADING__COLLAR_BPS", &["1", "10000"], &["0", "10001"]),
        (
            "STOCKADE_SERVER__BIND",
            &["127.0.0.1:0", "[::1]:80"],
            &["127.0.0.1", "localhost:80", ":80", ""],
        ),
        (
            "STOCKADE_SERVER__PUBLIC_URL",
            &["http://a", "https://a.b:8443", "https://a/", "http://[::1]:8000"],
            &[
                "a.b",
                "ftp://a",
                "https://",
                "https://a/b",
                "https://a?b",
                "https://a#b",
                "https://u@a",
                "http://a:b",
                "",
            ],
        ),
        (
            "STOCKADE_MAIL__FROM",
            &["a@b", "A B <a@b.c>"],
            &["", "a", "<a@b", "a@", "a@b@c", "A <a@b> x", "a@b\nBcc: c@d"],
        ),
        (
            "STOCKADE_MAIL__KINDS",
            &["", "sign_ins", "sign_ins, step_up_failed"],
            &["gossip"],
        ),
        ("STOCKADE_MAIL__SMTP_PORT", &["1", "65535"], &["0", "65536", ""]),
        (
            "STOCKADE_MAIL__SMTP_ENCRYPTION",
            &["tls", "starttls", "none"],
            &["ssl", "", "TLS"],
        ),
        (
            "STOCKADE_AUDIT__ORIGIN",
            &["log.example.com/a"],
            &["", "a b", "a+b"],
        ),
        ("STOCKADE_TOKENS__ISSUER", &["x"], &["", " "]),
        ("STOCKADE_DATA_DIR", &["/srv"], &[""]),
        ("STOCKADE_LOG__LEVEL", &["off", "trace"], &["loud", ""]),
        (
            "STOCKADE_REDIS__URL",
            &["", "redis://h"],
            &["redis://", "rediss://h", "http://h"],
        ),
        (
            "STOCKADE_DATABASE__URL",
            &["", "sqlite:x"],
            &[
                "sqlite:",
                "sqlite::memory:",
                "sqlite:x?y",
                "mysql://h",
                "postgres://",
            ],
        ),
        ("STOCKADE_REGISTRATION__OPEN", &["true"], &["yes", "1", ""]),
        ("STOCKADE_ENV", &["development"], &["Development", "prod", ""]),
        ("STOCKADE_TOKENS__AUDIENCE", &["y"], &["\u{fffd}"]),
    ] {
        good.iter()
            .for_each(|value| assert!(accepted(name, value), "{name}={value} is refused"));
        bad.iter()
            .for_each(|value| assert!(!accepted(name, value), "{name}={value} is accepted"));
    }
}

#[test]
fn mail_leaves_this_machine_in_tls_only_and_with_a_whole_login() {
    let desk = |host: &str, encryption: &str| {
        Desk::new()
            .set("STOCKADE_MAIL__SMTP_HOST", host)
            .set("STOCKADE_MAIL__SMTP_ENCRYPTION", encryption)
    };
    for host in ["localhost", "127.0.0.1", "::1", ""] {
        assert!(desk(host, "none").load().is_ok(), "{host}");
    }
    let problems = desk("mail.example.com", "none").problems();
    assert!(
        problems.contains("mail.smtp_encryption") && problems.contains("without TLS"),
        "{problems}"
    );
    assert!(desk("mail.example.com", "starttls").load().is_ok());
    let half = desk("mail.example.com", "tls").set("STOCKADE_MAIL__SMTP_USER", "ana");
    assert!(half.problems().contains("set both or neither"));
    assert!(half.set("STOCKADE_MAIL__SMTP_PASSWORD", "secret").load().is_ok());
}
