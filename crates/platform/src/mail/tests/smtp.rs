//! A real mail server: in TLS, with sign-in, and what its refusals mean.

use std::path::PathBuf;

use secrecy::SecretString;
use tempfile::NamedTempFile;
use tokio::net::TcpListener;

use super::*;

/// The server that the test command started: a folder with its ports, its certificate and the mails it took.
struct Server(PathBuf);

impl Server {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test command names its servers in the environment"
    )]
    fn find() -> Self {
        let folder = std::env::var_os("STOCKADE_TEST_SMTP_FOLDER");
        Self(
            folder
                .expect(
                    "STOCKADE_TEST_SMTP_FOLDER names a mail server's folder; `cargo xtask test` starts one",
                )
                .into(),
        )
    }

    fn settings(&self, encryption: Encryption) -> SmtpSettings {
        let way = match encryption {
            Encryption::Tls => "tls",
            Encryption::StartTls => "starttls",
            Encryption::None => "plain",
        };
        let port = std::fs::read_to_string(self.0.join(way)).unwrap();
        let password = SecretString::from("a password for tests");
        SmtpSettings {
            host: "localhost".to_owned(),
            port: port.parse().unwrap(),
            encryption,
            login: (encryption != Encryption::None).then(|| ("stockade".to_owned(), password)),
            ca_file: Some(self.0.join("ca.pem")),
            timeout: Duration::from_secs(30),
            hello: "stockade.example".to_owned(),
        }
    }

    /// The mails taken for an address, as they were received.
    fn mails_to(&self, address: &str) -> Vec<String> {
        let files = std::fs::read_dir(self.0.join("mails")).unwrap();
        let whole = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().unwrap() == "eml");
        let mails = whole.map(|path| std::fs::read_to_string(path).unwrap());
        mails
            .filter(|mail| mail.contains(&format!("X-Test-To: {address}\r\n")))
            .collect()
    }
}

/// A mail to somebody no other test writes to.
fn mail_to(domain: &str) -> Mail {
    let to = format!("{}@{domain}", Uuid::from_bytes(crate::random::bytes()).simple());
    Mail { to, ..mail() }
}

async fn send(settings: SmtpSettings, mail: &Mail) -> Result<(), MailError> {
    Mailer::smtp(settings, FROM).unwrap().send(mail).await
}

#[tokio::test]
async fn a_mail_arrives_encrypted_and_signed_in() {
    let server = Server::find();
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let mail = mail_to("example.com");
        let mailer = Mailer::smtp(server.settings(encryption), FROM).unwrap();
        mailer.send(&mail).await.unwrap();
        mailer.send(&mail).await.unwrap();
        let taken = server.mails_to(&mail.to);
        assert_eq!(taken.len(), 2, "{encryption:?}");
        let known = "X-Test-Tls: True\r\nX-Test-Authenticated: True\r\n";
        assert!(
            taken[0].contains(known) && taken[0].contains("X-Test-From: post@stockade.example\r\n"),
            "{}",
            taken[0]
        );
        let (_, received) = taken[0].split_once("X-Test-Authenticated: True\r\n").unwrap();
        assert_eq!(received, composed(&mail).unwrap());
    }
}

#[tokio::test]
async fn this_machine_may_be_spoken_to_without_tls_and_no_other() {
    let server = Server::find();
    let mail = mail_to("example.com");
    send(server.settings(Encryption::None), &mail).await.unwrap();
    assert!(server.mails_to(&mail.to)[0].contains("X-Test-Tls: False\r\n"));
    for host in ["mail.example.com", "10.0.0.1", "localhost.example.com"] {
        let elsewhere = SmtpSettings {
            host: host.to_owned(),
            ..server.settings(Encryption::None)
        };
        assert!(
            matches!(Mailer::smtp(elsewhere, FROM), Err(MailError::Setup(_))),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_refusal_for_good_is_told_from_one_for_now() {
    let server = Server::find();
    let settings = || server.settings(Encryption::StartTls);
    let refused = send(settings(), &mail_to("refused.example")).await.unwrap_err();
    assert!(
        matches!(refused, MailError::Refused(550)) && refused.is_permanent(),
        "{refused}"
    );

    let mail = mail_to("later.example");
    let postponed = send(settings(), &mail).await.unwrap_err();
    assert!(matches!(postponed, MailError::Postponed(451)), "{postponed}");
    assert!(!postponed.is_permanent() && !postponed.is_outage());
    send(settings(), &mail).await.unwrap();
    assert_eq!(server.mails_to(&mail.to).len(), 1);
    for error in [refused, postponed] {
        assert!(
            !format!("{error} {error:?}").contains('@'),
            "{error:?} names somebody"
        );
    }
}

#[tokio::test]
async fn what_keeps_every_mail_back_is_an_outage() {
    let server = Server::find();
    let mail = mail_to("example.com");
    let good = || server.settings(Encryption::Tls);
    let wrong_password = SmtpSettings {
        login: Some(("stockade".to_owned(), SecretString::from("guessed"))),
        ..good()
    };
    let untrusted = SmtpSettings {
        ca_file: None,
        ..good()
    };
    let another_name = SmtpSettings {
        host: "127.0.0.2".to_owned(),
        ..good()
    };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let no_answer = SmtpSettings {
        port: silent.local_addr().unwrap().port(),
        timeout: Duration::from_millis(50),
        ..good()
    };
    // A server that offers no STARTTLS, as an attacker on the way would make ours look.
    let stripped = SmtpSettings {
        encryption: Encryption::StartTls,
        ..server.settings(Encryption::None)
    };
    for settings in [wrong_password, untrusted, another_name, no_answer, stripped] {
        let error = send(settings.clone(), &mail).await.unwrap_err();
        assert!(
            error.is_outage() && !error.is_permanent(),
            "{settings:?}: {error:?}"
        );
    }
    drop(silent);
    assert!(server.mails_to(&mail.to).is_empty());
}

#[test]
fn settings_say_nothing_of_the_password_and_files_must_be_there() {
    let settings = SmtpSettings {
        ca_file: Some(NamedTempFile::new().unwrap().path().to_owned()),
        ..Server::find().settings(Encryption::Tls)
    };
    assert!(!format!("{settings:?}").contains("password for tests"));
    assert!(matches!(Mailer::smtp(settings, FROM), Err(MailError::Setup(_))));
}
