//! A mail server as the post (RFC 5321, submission as in RFC 6409). Connections are kept and used again.
//!
//! Invariants: outside this machine nothing is sent without TLS, and STARTTLS that is not offered is a failure rather
//! than a reason to go on in the clear (RFC 8314 §3). What the server said is not passed on, since it names people.

use std::{fmt, net::IpAddr, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::Envelope,
    message::Mailbox as Sender,
    transport::smtp::{
        Error, PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Mail, MailError, compose};

/// Connections kept at most, and for how long.
const MOST_KEPT: u32 = 4;
const KEPT_FOR: Duration = Duration::from_secs(60);

/// How long a server may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the mail server is and how it is spoken to.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User and password, where the server asks for them.
    pub login: Option<(String, SecretString)>,
    /// Certificates (PEM) to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// How long one mail may take, from the connection to the server's word.
    pub timeout: Duration,
    /// The name we introduce ourselves with.
    pub hello: String,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314 §3.3).
    Tls,
    /// Begun in the clear, then encrypted before anything is said (RFC 3207).
    StartTls,
    /// Not at all: on this machine only.
    None,
}

/// Sends mails to a server.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Sender,
    timeout: Duration,
}

impl Smtp {
    pub(super) fn new(settings: SmtpSettings, from: Sender) -> Result<Self, MailError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(encryption(&settings)?)
            .hello_name(ClientId::Domain(settings.hello))
            .timeout(Some(settings.timeout))
            .pool_config(PoolConfig::new().max_size(MOST_KEPT).idle_timeout(KEPT_FOR));
        if let Some((user, password)) = settings.login {
            builder = builder.credentials(Credentials::new(user, password.expose_secret().to_owned()));
        }
        Ok(Self {
            transport: builder.build(),
            from,
            timeout: settings.timeout,
        })
    }

    pub(super) async fn is_available(&self) -> bool {
        let tested = tokio::time::timeout(self.timeout.min(PATIENCE), self.transport.test_connection());
        matches!(tested.await, Ok(Ok(true)))
    }

    pub(super) async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let bytes = compose::compose(&self.from, mail)?;
        // The line that ends a message brings its own line break (RFC 5321 §4.1.1.4).
        let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(&bytes);
        let to = compose::address(&mail.to)?;
        let envelope =
            Envelope::new(Some(self.from.email.clone()), vec![to]).map_err(|_| MailError::InvalidAddress)?;
        match tokio::time::timeout(self.timeout, self.transport.send_raw(&envelope, bytes)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(verdict(&error)),
            Err(_) => Err(MailError::Unavailable("it took too long".to_owned())),
        }
    }
}

/// Whether a host is this machine, to which a connection needs no TLS.
pub fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn encryption(settings: &SmtpSettings) -> Result<Tls, MailError> {
    let parameters = || {
        let mut builder = TlsParameters::builder(settings.host.clone());
        if let Some(path) = &settings.ca_file {
            let unreadable = |why: String| MailError::Setup(format!("{}: {why}", path.display()));
            let pem = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
            let certificate =
                Certificate::from_pem(&pem).map_err(|_| unreadable("not a certificate in PEM".to_owned()))?;
            builder = builder.add_root_certificate(certificate);
        }
        builder
            .build_rustls()
            .map_err(|error| MailError::Setup(format!("TLS: {error}")))
    };
    match settings.encryption {
        Encryption::Tls => Ok(Tls::Wrapper(parameters()?)),
        Encryption::StartTls => Ok(Tls::Required(parameters()?)),
        Encryption::None if is_this_machine(&settings.host) => Ok(Tls::None),
        Encryption::None => Err(MailError::Setup(format!(
            "{} is another machine; only this one may be spoken to without TLS",
            settings.host
        ))),
    }
}

/// What an error means for the mail. That our sign-in was refused (RFC 4954 §6), or that the server is closing
/// (RFC 5321 §3.8), says nothing about the mail.
fn verdict(error: &Error) -> MailError {
    match error.status().map(u16::from) {
        Some(421 | 454 | 530 | 534 | 535 | 538) => {
            MailError::Unavailable(format!("it refused us ({})", error.status().map_or(0, u16::from)))
        }
        Some(code) if error.is_permanent() => MailError::Refused(code),
        Some(code) => MailError::Postponed(code),
        None => MailError::Unavailable(reason(error)),
    }
}

/// The innermost cause, which is the system's or that of TLS.
fn reason(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), reason)
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}
