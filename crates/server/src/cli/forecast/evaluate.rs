//! `stockade forecast evaluate`: a series through the backtest, and the figures as a table or as JSON.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use flate2::read::GzDecoder;
use jiff::civil::Date;
use serde_json::{Value, json};
use stockade_forecasts::{
    Evaluation, LONGEST_HORIZON, Model, ModelReport, Report, Series, Verdict, evaluate,
};

use crate::cli::progress;

/// Horizons told when none is asked for.
const USUAL: [usize; 3] = [1, 5, 10];

/// How often the progress bar moves, in origins.
const SHOWN_EVERY: usize = 16;

/// What a file of gzip begins with (RFC 1952 §2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub(super) const EXPLANATION: &str = "\
Examples:
  stockade forecast evaluate --csv prices.csv
  stockade forecast evaluate --csv prices.csv.gz --horizon 5 --from 2008-09-01 --to 2009-04-30 --json

The file is CSV, gzipped or not; its first line names the columns date (as in 2022-12-27 or 12/27/2022) and close, oldest
day first.
At least 860 days are needed: 500 to fit, 250 to calibrate, the rest to score.

From each day on, every model forecasts the days that follow from that day and those before it, and from nothing else:
  last_price      tomorrow's price is today's; what the others must beat
  drift           goes on as it went for 500 days
  ets             exponential smoothing, with a damped trend or none as the corrected AIC prefers
  autoregression  of daily returns, of the order that the AIC prefers
  boosted_trees   on past returns

MASE is the mean absolute error in units of the last price's usual error in the 500 days before. Pinball loss is the mean
over the bounds of both intervals and the median, in percent of the price. 80 % and 95 % are the shares of closes that lay
inside the intervals. DM is the statistic of Diebold and Mariano against the last price (positive: better), p how likely
that much is by luck. A model is used instead of the last price when p is below 0.05 divided by the four who try.";

#[derive(Args)]
pub(in crate::cli) struct Evaluate {
    /// Daily closes: CSV with the columns date and close, gzipped or not
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// Days ahead, 1 to 10; may be given several times [default: 1, 5 and 10]
    #[arg(long, value_name = "DAYS", value_parser = horizon)]
    horizon: Vec<usize>,
    /// Also count how many closes from this day on lay inside the 95 % intervals
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<Date>,
    /// The last day of that count
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<Date>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// What the command answers.
struct Answer {
    closes: usize,
    first: Date,
    last: Date,
    horizons: Vec<(Report, Option<Within>)>,
}

/// The 95 % coverage in a span of days, a model each.
struct Within {
    from: Date,
    to: Date,
    n: usize,
    shares: Vec<(Model, f64)>,
}

impl Evaluate {
    pub(super) fn run(self) -> ExitCode {
        match self.answer() {
            Ok(answer) if self.json => super::super::print(&format!("{:#}", answer.json())),
            Ok(answer) => super::super::print(&answer.table()),
            Err(error) => super::super::fail(&format!("{}: {error}", self.csv.display())),
        }
    }

    fn answer(&self) -> Result<Answer, String> {
        let series: Series = read(&self.csv)?.parse().map_err(|error| format!("{error}"))?;
        let days = series.days();
        let (closes, first, last) = (days.len(), days[0], days[days.len() - 1]);
        let bar = progress::bar(0, "days");
        let found = evaluate(&series, |done, all| {
            if done % SHOWN_EVERY == 0 {
                progress::show(&bar, done as u64, all as u64);
            }
        });
        bar.finish_and_clear();
        let horizons = if self.horizon.is_empty() {
            &USUAL[..]
        } else {
            &self.horizon
        };
        let horizons = horizons
            .iter()
            .map(|horizon| (found.report(*horizon), self.within(&found, *horizon)));
        Ok(Answer {
            closes,
            first,
            last,
            horizons: horizons.collect(),
        })
    }

    fn within(&self, found: &Evaluation, horizon: usize) -> Option<Within> {
        let (from, to) = (self.from?, self.to?);
        let coverage = |model| found.coverage_95(model, horizon, from, to);
        Some(Within {
            from,
            to,
            n: coverage(Model::BASELINE).n,
            shares: Model::ALL.map(|model| (model, coverage(model).share)).to_vec(),
        })
    }
}

impl Answer {
    fn json(&self) -> Value {
        let horizons = self.horizons.iter().map(|(report, within)| {
            let mut value = serde_json::to_value(report).unwrap_or_default();
            if let Some(Within { from, to, n, shares }) = within {
                let shares = shares
                    .iter()
                    .map(|(model, share)| (model.as_str().to_owned(), json!(share)));
                let shares: serde_json::Map<_, _> = shares.collect();
                value["within"] = json!({ "from": from, "to": to, "n": n, "coverage_95": shares });
            }
            value
        });
        json!({
            "closes": self.closes,
            "from": self.first,
            "to": self.last,
            "horizons": horizons.collect::<Vec<_>>(),
        })
    }

    fn table(&self) -> String {
        let Self {
            closes, first, last, ..
        } = self;
        let mut lines = vec![format!("{closes} closes from {first} to {last}")];
        for (report, within) in &self.horizons {
            let days = if report.horizon == 1 { "day" } else { "days" };
            lines.push(String::new());
            lines.push(format!("{} {days} ahead:", report.horizon));
            lines.push(format!(
                "  {:<15}{:>7}{:>9}{:>8}{:>8}{:>7}{:>8}{:>8}",
                "", "MASE", "pinball", "80 %", "95 %", "n", "DM", "p"
            ));
            lines.extend(report.models.iter().map(row));
            if let Some(Within { from, to, n, shares }) = within {
                let shares = shares
                    .iter()
                    .map(|(model, share)| format!("{} {:.2}%", model.as_str(), share * 100.0));
                let shares = shares.collect::<Vec<_>>().join(", ");
                lines.push(format!("  inside 95 % from {from} to {to}, n {n}: {shares}"));
            }
        }
        lines.join("\n")
    }
}

fn row(of: &ModelReport) -> String {
    let (statistic, p) = match of.against_last_price {
        Some(found) => (format!("{:.2}", found.statistic), format!("{:.3}", found.p_value)),
        None => ("–".to_owned(), "–".to_owned()),
    };
    format!(
        "  {:<15}{:>7.4}{:>9.4}{:>7.2}%{:>7.2}%{:>7}{:>8}{:>8}  {}",
        of.model.as_str(),
        of.mase,
        of.pinball_loss,
        of.coverage_80 * 100.0,
        of.coverage_95 * 100.0,
        of.n,
        statistic,
        p,
        words(of.verdict)
    )
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Chosen => "used: significantly better than the last price",
        Verdict::ChosenByDefault => "used: nothing is significantly better",
        Verdict::Beaten => "beaten",
        Verdict::NotBetter => "not better than the last price",
        Verdict::NotSignificant => "better, but no more than luck would have it",
        Verdict::AnotherIsBetter => "significantly better, but another is better still",
    }
}

/// The text in a file, unpacked.
fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = if bytes.starts_with(&GZIP) {
        GzDecoder::new(&bytes[..]).read_to_string(&mut text)
    } else {
        (&bytes[..]).read_to_string(&mut text)
    };
    read.map_err(|error| format!("this is no text: {error}"))?;
    Ok(text)
}

fn horizon(text: &str) -> Result<usize, String> {
    let days = text.parse().ok();
    days.filter(|days| (1..=LONGEST_HORIZON).contains(days))
        .ok_or_else(|| format!("write a number of days from 1 to {LONGEST_HORIZON}"))
}
