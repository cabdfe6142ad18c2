//! Defaults < file < environment < flags, and which file.

use std::{path::Path, time::Duration};

use stockade_domain::calendar::Hours;
use stockade_platform::db::Location;

use super::{Desk, key};
use crate::config::{Flag, HashKind, LogFormat};

#[test]
fn without_anything_the_defaults_count() {
    let config = Desk::new().config();
    assert!(config.is_development());
    assert_eq!(config.data_dir, Path::new("./data"));
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8000");
    assert_eq!(config.server.public_url, "http://localhost:8000");
    assert_eq!(config.server.body_limit_bytes, 65_536);
    assert_eq!(config.server.header_timeout, Duration::from_secs(10));
    assert_eq!(config.passwords.hash, HashKind::Argon2id);
    assert!(config.passwords.threads() >= 1);
    assert_eq!(config.tokens.access, Duration::from_secs(15 * 60));
    assert_eq!(config.tokens.refresh, Duration::from_secs(7 * 24 * 3600));
    assert_eq!(config.signing.window, Duration::from_secs(300));
    assert_eq!(config.trading.hours, Hours::Always);
    assert_eq!(config.worker.poll, Duration::from_millis(100));
    assert!(config.redis.url.is_none());
}

#[test]
fn each_layer_counts_more_than_the_one_before() {
    let audience = |desk: &Desk| desk.config().tokens.audience;
    let desk = Desk::new();
    assert_eq!(audience(&desk), "stockade");
    let desk = desk.file("stockade.toml", "[tokens]\naudience = \"file\"\n");
    assert_eq!(audience(&desk), "file");
    let mut desk = desk.set("STOCKADE_TOKENS__AUDIENCE", "variable");
    assert_eq!(audience(&desk), "variable");
    desk.inputs.flags.push(Flag {
        name: "--audience",
        key: "tokens.audience",
        value: "flag".to_owned(),
    });
    assert_eq!(audience(&desk), "flag");
}

#[test]
fn values_are_written_as_their_kind_asks() {
    let desk = Desk::new()
        .file(
            "stockade.toml",
            "data_dir = \"/srv\"\n[log]\nformat = \"json\"\n[passwords]\nhash = \"bcrypt\"\n",
        )
        .set("STOCKADE_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1")
        .set("STOCKADE_REGISTRATION__OPEN", "false")
        .set("STOCKADE_DATABASE__READERS", "7");
    let config = desk.config();
    assert_eq!(config.data_dir, Path::new("/srv"));
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.passwords.hash, HashKind::Bcrypt);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert!(config.server.trusted_proxies[0].contains("10.9.8.7".parse().unwrap()));
    assert!(!config.registration.open);
    assert_eq!(config.database.readers, 7);
}

#[test]
fn the_named_file_counts_then_the_one_here_then_the_one_in_the_data_folder() {
    let issuer = |name: &str| format!("[tokens]\nissuer = \"{name}\"\n");
    let issued_by = |desk: &Desk| desk.config().tokens.issuer;
    let desk = Desk::new().file("elsewhere/stockade.toml", &issuer("data folder"));
    assert_eq!(issued_by(&desk), "stockade");
    let desk = desk.set("STOCKADE_DATA_DIR", "elsewhere");
    assert_eq!(issued_by(&desk), "data folder");
    let desk = desk.file("stockade.toml", &issuer("here"));
    assert_eq!(issued_by(&desk), "here");
    let mut desk = desk.file("named.toml", &issuer("named"));
    desk.inputs.config_file = Some("named.toml".into());
    assert_eq!(issued_by(&desk), "named");
}

#[test]
fn a_value_may_be_read_from_a_file_without_its_last_newline() {
    let desk = Desk::new()
        .file("unix", "two words\n")
        .file("windows", "two words \r\n")
        .set("STOCKADE_TOKENS__ISSUER_FILE", "unix")
        .set("STOCKADE_TOKENS__AUDIENCE_FILE", "windows");
    let tokens = desk.config().tokens;
    assert_eq!(
        (tokens.issuer.as_str(), tokens.audience.as_str()),
        ("two words", "two words ")
    );
}

#[test]
fn the_database_is_named_by_its_address() {
    let place = |desk: Desk| match desk.config().location() {
        Location::Sqlite { path, readers } => format!("{} {readers}", path.display()),
        Location::Postgres {
            url,
            connections,
            executors,
        } => format!("{url} {connections} {executors}"),
    };
    let url = |url: &str| Desk::new().set("STOCKADE_DATABASE__URL", url);
    assert_eq!(
        place(Desk::new().set("STOCKADE_DATA_DIR", "/srv")),
        "/srv/stockade.db 2"
    );
    assert_eq!(place(url("sqlite:a/b.db")), "a/b.db 2");
    assert_eq!(place(url("sqlite:///a/b.db")), "/a/b.db 2");
    assert_eq!(place(url("postgres://u:p@h/d")), "postgres://u:p@h/d 30 2");
    assert_eq!(
        place(Desk::new().set("DATABASE_URL", "postgresql://h/d")),
        "postgresql://h/d 30 2"
    );
    assert_eq!(
        place(url("sqlite:ours").set("DATABASE_URL", "postgres://h/d")),
        "ours 2"
    );
    let by_file = Desk::new()
        .file("url", "sqlite:ours\n")
        .set("DATABASE_URL", "postgres://h/d");
    assert_eq!(place(by_file.set("STOCKADE_DATABASE__URL_FILE", "url")), "ours 2");
}

#[test]
fn show_names_the_source_of_every_value() {
    let mut desk = Desk::new()
        .file("stockade.toml", "[tokens]\nissuer = \"me\"\n")
        .set("STOCKADE_SECRETS__TOKEN_KEY", &key(1));
    desk.inputs.flags.push(Flag {
        name: "--bind",
        key: "server.bind",
        value: "127.0.0.1:9000".to_owned(),
    });
    let loaded = desk.loaded();
    let text = loaded.show();
    for line in [
        "environment = \"development\"  # default\n".to_owned(),
        "server.bind = \"127.0.0.1:9000\"  # --bind\n".to_owned(),
        format!(
            "tokens.issuer = \"me\"  # {}/stockade.toml\n",
            desk.path().display()
        ),
        "secrets.token_key = \"[redacted]\"  # STOCKADE_SECRETS__TOKEN_KEY\n".to_owned(),
        "secrets.audit_key = \"\"  # default\n".to_owned(),
        "worker.poll_ms = 100  # default\n".to_owned(),
    ] {
        assert!(text.contains(&line), "{line} is not in\n{text}");
    }
    assert!(text.parse::<toml::Table>().is_ok(), "{text}");
    let json = loaded.show_json();
    assert_eq!(
        json["server.bind"],
        serde_json::json!({ "value": "127.0.0.1:9000", "source": "--bind" })
    );
    assert_eq!(json["worker.poll_ms"]["value"], 100);
    assert_eq!(json["secrets.token_key"]["value"], "[redacted]");
}

#[test]
fn the_names_that_other_programs_rely_on_are_settings() {
    let desk = Desk::new()
        .set("STOCKADE_ENV", "development")
        .set("STOCKADE_DATA_DIR", "/srv")
        .set("STOCKADE_SERVER__BIND", "127.0.0.1:1")
        .set("STOCKADE_SERVER__PUBLIC_URL", "http://127.0.0.1:1/")
        .set("STOCKADE_SERVER__TRUSTED_PROXIES", "127.0.0.1")
        .set("STOCKADE_DATABASE__URL", "sqlite:x.db")
        .set("STOCKADE_REDIS__URL", "redis://127.0.0.1:6379/1");
    let config = desk.config();
    assert_eq!(config.server.public_url, "http://127.0.0.1:1");
    assert!(config.redis.url.is_some());
}
