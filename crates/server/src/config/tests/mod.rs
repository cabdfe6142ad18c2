//! Stories about settings: where they come from, what is refused, and what is never shown.

mod keys;
mod oidc;
mod precedence;
mod refusals;
mod secrecy;

use std::{fs, path::Path};

use tempfile::TempDir;

use super::{Config, Inputs, Loaded, Problems};

/// A folder to start in, and what is set there.
struct Desk {
    folder: TempDir,
    inputs: Inputs,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inputs = Inputs {
            start_dir: folder.path().to_owned(),
            ..Inputs::default()
        };
        Self { folder, inputs }
    }

    /// A production set-up that is accepted as it is.
    fn production() -> Self {
        Self::new()
            .set("STOCKADE_ENV", "production")
            .set("STOCKADE_SERVER__PUBLIC_URL", "https://stockade.example.com")
            .set("STOCKADE_SECRETS__MASTER_KEYS", &format!("2026:{}", key(1)))
            .set("STOCKADE_SECRETS__TOKEN_KEY", &key(2))
            .set("STOCKADE_SECRETS__AUDIT_KEY", &key(3))
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.inputs.environment.retain(|(set, _)| set != name);
        self.inputs.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn unset(mut self, name: &str) -> Self {
        self.inputs.environment.retain(|(set, _)| set != name);
        self
    }

    fn file(self, path: &str, content: &str) -> Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn load(&self) -> Result<Config, Problems> {
        Config::load(&self.inputs)
    }

    fn loaded(&self) -> Loaded {
        Loaded::from(&self.inputs).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn config(&self) -> Config {
        self.loaded().config
    }

    /// All problems as text, without the folder's own name.
    fn problems(&self) -> String {
        let problems = self.load().expect_err("something is wrong").to_string();
        problems.replace(&format!("{}/", self.path().display()), "")
    }
}

/// Base64 of 32 bytes that count up from `seed`.
fn key(seed: u8) -> String {
    let bytes: [u8; 32] = std::array::from_fn(|at| seed + at as u8);
    super::secrets::key_text(&bytes).to_string()
}
