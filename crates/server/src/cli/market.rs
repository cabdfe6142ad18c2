//! `stockade market import`.

use std::{fs::File, io::BufReader, path::PathBuf, process::ExitCode};

use clap::Subcommand;
use jiff::tz::TimeZone;

use super::progress;
use crate::{
    app::App,
    features::market::{self, Prices},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Bring in prices of whole days from a CSV file: symbol,date,open,high,low,close and, if known, volume
    Import {
        /// The file; nothing is stored unless all of it is right
        file: PathBuf,
    },
}

pub(super) async fn run(app: &App, command: Command) -> ExitCode {
    let Command::Import { file } = command;
    let opened = match File::open(&file) {
        Ok(opened) => opened,
        Err(error) => return super::fail(&format!("cannot read {}: {error}", file.display())),
    };
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    let prices = match Prices::read(BufReader::new(opened), today) {
        Ok(prices) => prices,
        Err(problems) => {
            let lines = problems
                .iter()
                .map(|problem| format!("line {}: {}\n", problem.line, problem.what));
            super::answer(&lines.collect::<String>(), ExitCode::FAILURE);
            let count = problems.len();
            return super::fail(&format!(
                "{count} problems in {}; nothing was stored",
                file.display()
            ));
        }
    };
    let count = prices.len();
    let bar = progress::bar(count as u64, "bars");
    if let Err(error) = market::import(app, prices, |stored| bar.set_position(stored)).await {
        return super::fail(&format!("{error:?}"));
    }
    bar.finish_and_clear();
    let hint = match market::quotes_imports(app) {
        true => "",
        false => "\nthey are quoted once market.feed is \"csv\"",
    };
    super::print(&format!("{count} bars are stored{hint}"))
}
