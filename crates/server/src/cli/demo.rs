//! `stockade demo`: lives through months of a platform's life, so that there is something to look at.

use std::{fmt::Write as _, process::ExitCode, sync::Mutex};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use stockade_platform::clock::Clock;
use tokio::net::TcpStream;

use crate::{
    config::Config,
    demo::{self, FEWEST_CUSTOMERS, FEWEST_DAYS, MOST_CUSTOMERS, MOST_DAYS, Summary, Wanted},
};

#[derive(Args)]
pub(super) struct Demo {
    /// The same seed makes the same people do the same things
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many customers there are in the end, 12 to 1000
    #[arg(long, default_value_t = 100, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(FEWEST_CUSTOMERS as u64..=MOST_CUSTOMERS as u64))]
    customers: usize,
    /// How many days of history there are up to now, 21 to 366
    #[arg(long, default_value_t = 183, value_parser = clap::value_parser!(i64).range(FEWEST_DAYS..=MOST_DAYS))]
    days: i64,
    /// Fill a database whose settings are not for development
    #[arg(long)]
    outside_development: bool,
    /// For scripts
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, ask: Demo) -> ExitCode {
    let bind = config.server.bind;
    if TcpStream::connect(bind).await.is_ok() {
        let text = format!(
            "a server answers at {bind}; stop it first, or name another with --data-dir and STOCKADE_SERVER__BIND"
        );
        return super::fail(&text);
    }
    let wanted = Wanted {
        seed: ask.seed,
        customers: ask.customers,
        days: ask.days,
        until: Clock::System.now(),
        outside_development: ask.outside_development,
    };
    let bar = ProgressBar::new(1_000);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}%  {elapsed}") {
        bar.set_style(style);
    }
    // The bar draws when it is told of something new.
    let day = Mutex::new(String::new());
    let filled = demo::fill(config, wanted, |progress| {
        bar.set_position(progress.thousandths);
        if let Ok(mut day) = day.lock()
            && *day != progress.day
        {
            bar.set_message(progress.day.clone());
            *day = progress.day;
        }
    })
    .await;
    bar.finish_and_clear();
    match filled {
        Ok(summary) if ask.json => super::print(&serde_json::to_string_pretty(&summary).unwrap_or_default()),
        Ok(summary) => super::print(&told(&summary)),
        Err(error) => super::fail(&error),
    }
}

/// The summary for people.
fn told(summary: &Summary) -> String {
    let Summary {
        seed,
        days,
        happened,
        sign_ins,
    } = summary;
    let mut text = format!("{days} days were lived with seed {seed}:\n");
    for (what, times) in happened {
        let _ = writeln!(text, "{times:>8}  {what}");
    }
    text.push_str("\nWho can sign in, shown this once (the last column is for an authenticator app):\n");
    for one in sign_ins {
        let totp = one.totp_secret.as_deref().unwrap_or("-");
        let _ = writeln!(
            text,
            "{:>10}  {:<34} {}  {totp}",
            one.role, one.email, one.password
        );
    }
    text.push_str("\nOn a new device customers are mailed a code; in development it is at /dev/mailbox.");
    text
}
