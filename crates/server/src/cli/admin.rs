//! `stockade admin create` and `admin unlock`: makes somebody who can sign in, or lets them try again, without mail or
//! browser.

use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use clap::Subcommand;
use stockade_domain::roles::Role;
use zeroize::Zeroizing;

use crate::{
    app::App,
    features::auth,
    http::error::{ApiError, ApiResult},
};

/// Longest password line read, in bytes.
const LONGEST: u64 = 4_096;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make somebody who can sign in
    Create {
        /// The address they sign in with
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// Read the password from standard input, up to the end of its first line
        #[arg(long, required = true)]
        password_stdin: bool,
        /// customer, analyst, auditor, operator or admin
        #[arg(long, default_value = "admin")]
        role: Role,
    },
    /// Forget an account's failed sign-ins, so that its owner may try again
    Unlock {
        /// The address of the account
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let done = match command {
        Command::Create { email, role, .. } => create(app, &email, role)
            .await
            .map(|()| format!("{email} can sign in as {role}")),
        Command::Unlock { email } => auth::unlock_from_command_line(app, &email).await.map(|unlocked| {
            format!(
                "{email} may try again; counters of failures forgotten: {}",
                unlocked.counters
            )
        }),
    };
    match done {
        Ok(text) => super::print(&text),
        Err(ApiError::Refused(problem)) => super::fail(&problem.detail),
        Err(ApiError::Database(error)) => super::fail(&error),
        Err(ApiError::Fault(text)) => super::fail(&text),
    }
}

async fn create(app: &App, email: &str, role: Role) -> ApiResult<()> {
    let password = read_line(io::stdin().lock()).map_err(|error| {
        ApiError::Fault(format!(
            "the password could not be read from standard input: {error}"
        ))
    })?;
    auth::create_staff(app, email, &password, role).await?;
    Ok(())
}

/// The first line, without its end.
fn read_line(from: impl io::Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    from.take(LONGEST).read_to_string(&mut text)?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
