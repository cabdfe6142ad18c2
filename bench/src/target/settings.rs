//! How the product is set up for a measurement: its defaults, but for where it keeps things, and access tokens that
//! outlive the run.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::failure::{Done, Failure};

/// A setting that load tests may raise, once the product has it.
const RATE_LIMIT_SCALE: &str = "STOCKADE_RATE_LIMIT__SCALE";

/// The program, a folder of its own and its settings as variables. The folder goes with it.
pub(crate) struct Settings {
    binary: PathBuf,
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Settings {
    /// Settings for `binary`, keeping data in a new folder below `parent`. Without an address of a database it is
    /// SQLite in that folder, without one of Redis it is memory.
    pub(crate) fn new(
        binary: &Path,
        parent: &Path,
        postgres: Option<&str>,
        redis: Option<&str>,
    ) -> Done<Self> {
        let folder = tempfile::Builder::new()
            .prefix("stockade-bench-")
            .tempdir_in(parent)
            .map_err(Failure::of(format!(
                "cannot make a folder in {}",
                parent.display()
            )))?;
        let mut variables = vec![
            ("STOCKADE_ENV".to_owned(), "development".to_owned()),
            (
                "STOCKADE_DATA_DIR".to_owned(),
                folder.path().join("data").display().to_string(),
            ),
            ("STOCKADE_SERVER__BIND".to_owned(), "127.0.0.1:0".to_owned()),
            // A day's work, which would otherwise fall into the measurement's first minute.
            ("STOCKADE_FORECASTS__ENABLED".to_owned(), "false".to_owned()),
            ("STOCKADE_NEWS__FEEDS".to_owned(), String::new()),
            ("STOCKADE_TOKENS__ACCESS_MINUTES".to_owned(), "60".to_owned()),
        ];
        variables.extend(postgres.map(|url| ("STOCKADE_DATABASE__URL".to_owned(), url.to_owned())));
        variables.extend(redis.map(|url| ("STOCKADE_REDIS__URL".to_owned(), url.to_owned())));
        let mut settings = Self {
            binary: binary.to_owned(),
            folder,
            variables,
        };
        if settings.knows(RATE_LIMIT_SCALE)? {
            settings
                .variables
                .push((RATE_LIMIT_SCALE.to_owned(), "1000000".to_owned()));
        }
        Ok(settings)
    }

    /// Changes one setting.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The program with these settings and nobody else's.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path());
        command
    }

    /// Our own folder; the product's data is in `data` below it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the product puts its mails.
    pub(crate) fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("data").join("mail")
    }

    fn knows(&self, variable: &str) -> Done<bool> {
        let listed = self.command().args(["config", "env-example"]).output();
        let listed = listed.map_err(Failure::of(format!("cannot start {}", self.binary.display())))?;
        Ok(String::from_utf8_lossy(&listed.stdout).contains(variable))
    }
}
