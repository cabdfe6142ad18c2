//! The mail server that the test command started, and a line to it that can be cut.

use std::path::PathBuf;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A folder with the server's ports, its certificate and the mails it took.
pub struct Post(PathBuf);

/// A line to the mail server that can be cut.
pub struct Line {
    pub port: u16,
    carrying: Option<JoinHandle<()>>,
}

impl Post {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test command names its servers in the environment"
    )]
    pub fn find() -> Self {
        let folder = std::env::var_os("STOCKADE_TEST_SMTP_FOLDER")
            .expect("STOCKADE_TEST_SMTP_FOLDER names a mail server's folder; `cargo xtask test` starts one");
        Self(folder.into())
    }

    /// The port where it waits for STARTTLS.
    pub fn port(&self) -> u16 {
        let port = std::fs::read_to_string(self.0.join("starttls")).expect("its port");
        port.parse().expect("a port")
    }

    /// Settings for a program that sends its mail to this port.
    pub fn settings(&self, port: u16) -> Vec<(&'static str, String)> {
        vec![
            ("MAIL__FROM", "Stockade <post@stockade.example>".to_owned()),
            ("MAIL__SMTP_HOST", "localhost".to_owned()),
            ("MAIL__SMTP_PORT", port.to_string()),
            ("MAIL__SMTP_USER", "stockade".to_owned()),
            ("MAIL__SMTP_PASSWORD", "a password for tests".to_owned()),
            ("MAIL__SMTP_CA_FILE", self.0.join("ca.pem").display().to_string()),
        ]
    }

    /// The mails taken for an address, as they were received.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        let files = std::fs::read_dir(self.0.join("mails")).expect("its mails");
        let paths = files.map(|file| file.expect("a file").path());
        let whole = paths.filter(|path| path.extension().is_some_and(|end| end == "eml"));
        let mails = whole.map(|path| std::fs::read_to_string(path).expect("a mail"));
        mails
            .filter(|mail| mail.contains(&format!("X-Test-To: {address}\r\n")))
            .collect()
    }
}

impl Line {
    /// A line that is cut, on a port where nobody answers.
    pub async fn cut() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        Self { port, carrying: None }
    }

    /// Mends it: from now on it leads to this port.
    pub async fn mend(&mut self, to: u16) {
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .await
            .expect("the port is still free");
        self.carrying = Some(tokio::spawn(async move {
            while let Ok((mut ours, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut theirs = TcpStream::connect(("127.0.0.1", to)).await?;
                    copy_bidirectional(&mut ours, &mut theirs).await
                });
            }
        }));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(carrying) = &self.carrying {
            carrying.abort();
        }
    }
}
