//! `stockade risk evaluate`: a population through a policy, and the figures as a table or as JSON.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use stockade_domain::risk::trial::{OperatingPoint, Record, Replay, Report, Scored, SignInReport, generate};

use super::read_policy;
use crate::cli::{print, progress};

/// Records made when neither a file nor a number is given.
const GENERATED: usize = 100_000;

/// How often the progress bar moves, in records.
const SHOWN_EVERY: usize = 1_024;

pub(super) const EXAMPLES: &str = "\
Examples:
  stockade risk evaluate                                   a generated population, the program's own policy
  stockade risk evaluate --population week.jsonl --policy candidate.toml
  stockade risk evaluate --generate 20000 --seed 7 --write population.jsonl --json

A population is a file of JSON lines in time order; all but kind, user and at may be missing:
  {\"kind\":\"sign_in\",\"user\":\"ana\",\"at\":\"2026-01-05T08:30:00Z\",\"ip\":\"198.51.100.7\",\"asn\":64500,\"country\":\"NO\",
   \"region\":\"03\",\"lat\":59.9,\"lon\":10.7,\"user_agent\":\"…\",\"browser\":\"Firefox 140\",\"os\":\"Linux\",\"device_type\":\"desktop\",
   \"device_id\":\"d1\",\"success\":true,\"second_factor\":true,\"label\":\"legitimate\"}
  {\"kind\":\"transaction\",\"user\":\"ana\",\"at\":\"2026-01-05T08:40:00Z\",\"amount\":\"12.34\",\"category\":\"stock\",\"payee\":\"p1\",
   \"label\":\"fraud\"}
Labels are legitimate, naive, vpn, targeted, takeover (sign-ins), legitimate, fraud (transactions); none means legitimate.
They are used for counting only and never reach a score. Without \"second_factor\", a sign-in that was not refused is learnt
from after a day.

A generated population is a made-up world: good for comparing policies and for finding mistakes, no proof of how real
attackers fare. People live in eight countries, change addresses now and then, own one to three devices and get a new one
every few months, travel one time in sixty and mistype their password one time in thirty. One sign-in in twenty-five is an
attacker's with the right password and neither device nor second factor: naive (any country, network and program), vpn
(the victim's country, a hosting network), targeted (the victim's region, network, browser and system), takeover (as one of
the first two, half of them with the victim's user agent, then two to five transactions of 3 to 40 times the usual, to new
payees). Everything follows from the seed.

Blocked means a score over the threshold; a legitimate sign-in over it is a re-authentication, but for a person's first,
which opens the account. Attacks count whether or not their password was right. The last lines hold the points at 99 %
against what is published of the RBA dataset, and say where they are missed.";

#[derive(Args)]
pub(in crate::cli) struct Evaluate {
    /// Labelled events as JSON lines, in time order; without it, a population is generated
    #[arg(long, value_name = "FILE", conflicts_with_all = ["generate", "seed", "write"])]
    population: Option<PathBuf>,
    /// Generate about this many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    generate: Option<u64>,
    /// What the generated population follows from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Keep the generated population in this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// The policy to try [default: the one the program brings along]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

impl Evaluate {
    pub(super) fn run(self) -> ExitCode {
        match self.report() {
            Ok(report) if self.json => print(&serde_json::to_string_pretty(&report).unwrap_or_default()),
            Ok(report) => print(&table(&report)),
            Err(error) => super::super::fail(&error),
        }
    }

    fn report(&self) -> Result<Report, String> {
        let policy = read_policy(self.policy.as_deref())?;
        let mut replay = Replay::new(&policy);
        let mut scored = Vec::new();
        let mut score = |record: &Record| scored.push(Scored::new(record, &replay.next(record)));
        match &self.population {
            Some(path) => for_each_record(path, &mut score)?,
            None => {
                let count = self
                    .generate
                    .and_then(|count| usize::try_from(count).ok())
                    .unwrap_or(GENERATED);
                let made = generate(count, self.seed);
                if let Some(path) = &self.write {
                    write(path, &made).map_err(|error| format!("{}: {error}", path.display()))?;
                }
                let bar = progress::bar(made.len() as u64, "events");
                for (index, record) in made.iter().enumerate() {
                    score(record);
                    if index % SHOWN_EVERY == 0 {
                        bar.set_position(index as u64);
                    }
                }
                bar.finish_and_clear();
            }
        }
        Ok(Report::of(&policy, &scored))
    }
}

fn for_each_record(path: &Path, each: &mut impl FnMut(&Record)) -> Result<(), String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| named(&error))?;
    let size = file.metadata().map_or(0, |about| about.len());
    let bar = progress::bytes(size);
    let (mut reader, mut line, mut after) = (BufReader::new(file), String::new(), None);
    let (mut number, mut read) = (0_usize, 0_u64);
    loop {
        line.clear();
        number += 1;
        let bytes = reader
            .read_line(&mut line)
            .map_err(|error| named(&format!("line {number}: {error}")))?;
        if bytes == 0 {
            break;
        }
        read += bytes as u64;
        if number % SHOWN_EVERY == 0 {
            bar.set_position(read);
        }
        if line.trim().is_empty() {
            continue;
        }
        let record = Record::read(&line, number, after).map_err(|error| named(&error))?;
        after = Some(record.at());
        each(&record);
    }
    bar.finish_and_clear();
    match after {
        Some(_) => Ok(()),
        None => Err(named(&"there is no event in it")),
    }
}

fn write(path: &Path, records: &[Record]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for record in records {
        serde_json::to_writer(&mut file, record)?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

fn table(report: &Report) -> String {
    let mut lines = vec![
        format!("policy {} ({}…)", report.policy_name, &report.policy[..12]),
        format!("{} events of {} people", report.records, report.people),
    ];
    let sign_ins = &report.sign_ins;
    if sign_ins.legitimate > 0 || !sign_ins.attackers.is_empty() {
        lines.push(String::new());
        lines.push(format!(
            "Sign-ins: {} legitimate. The part over each threshold:",
            sign_ins.legitimate
        ));
        let heads = sign_ins
            .asked
            .iter()
            .map(|at| format!("{:>7}", thousandths(at.threshold)));
        lines.push(format!(
            "  {:<12}{:>9}{}",
            "",
            "attempts",
            heads.collect::<String>()
        ));
        let row = |shares: &[_]| {
            shares
                .iter()
                .map(|at| format!("{:>7}", percent(at)))
                .collect::<String>()
        };
        let shares: Vec<_> = sign_ins.asked.iter().map(|at| at.share).collect();
        lines.push(format!(
            "  {:<12}{:>9}{}",
            "legitimate",
            sign_ins.legitimate,
            row(&shares)
        ));
        for of in &sign_ins.attackers {
            let shares: Vec<_> = of.blocked.iter().map(|at| at.share).collect();
            lines.push(format!(
                "  {:<12}{:>9}{}",
                name(&of.kind),
                of.attempts,
                row(&shares)
            ));
        }
        lines.push(String::new());
        lines.push(format!(
            "Median re-authentications a person, in the first 12 sign-ins ({} people) and the first 39 ({} people):",
            sign_ins.people_with_12, sign_ins.people_with_39
        ));
        lines.push(format!(
            "  {:<12}{:>10}{:>11}{:>10}{:>7}{:>7}",
            "", "to block", "threshold", "blocked", "12", "39"
        ));
        for of in &sign_ins.attackers {
            for point in &of.operating_points {
                lines.push(format!(
                    "  {:<12}{:>9}%{:>11}{:>10}{:>7}{:>7}",
                    name(&of.kind),
                    point.blocked_at_least,
                    thousandths(point.threshold),
                    percent(&Some(point.blocked)),
                    number(point.median_reauthentications_after_12),
                    number(point.median_reauthentications_after_39),
                ));
            }
        }
        lines.extend(verdicts(sign_ins));
    }
    let transactions = &report.transactions;
    if transactions.transactions > 0 {
        lines.push(String::new());
        lines.push(format!(
            "Transactions: {}, {} of them fraud",
            transactions.transactions, transactions.fraud
        ));
        for (what, figure) in [
            ("average precision", transactions.average_precision),
            (
                "precision among the 100 highest a day",
                transactions.precision_among_100_a_day,
            ),
            ("share held", transactions.held),
            ("share of fraud held", transactions.fraud_held),
        ] {
            lines.push(format!("  {what:<40}{:>8}", percent(&figure)));
        }
    }
    lines.join("\n")
}

/// A line for each kind of attacker: whether people are asked no more often than the literature says it takes.
fn verdicts(sign_ins: &SignInReport) -> Vec<String> {
    if sign_ins.attackers.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        String::new(),
        "Against what is published of the RBA dataset, 99 % blocked, re-authentications after 12 / 39:"
            .to_owned(),
    ];
    let mut missed = false;
    for of in &sign_ins.attackers {
        let kind = name(&of.kind);
        let Some(published) = &of.against_published else {
            lines.push(format!("  {kind:<12}nothing is published of these"));
            continue;
        };
        let verdict = match (published.meets_after_12, published.meets_after_39) {
            (None, _) => "cannot be told: nobody has 12 sign-ins",
            (Some(true), None) => "met after 12; nobody has 39 sign-ins",
            (Some(true), Some(true)) => "met",
            (Some(true), Some(false)) => "met after 12, MISSED after 39",
            (Some(false), Some(true)) => "MISSED after 12, met after 39",
            (Some(false), _) => "MISSED",
        };
        missed |= published.meets_after_12 == Some(false) || published.meets_after_39 == Some(false);
        let at = |point: &&OperatingPoint| point.blocked_at_least == published.blocked_at_least;
        let ours = of.operating_points.iter().find(at);
        lines.push(format!(
            "  {kind:<12}{} / {}, published {} / {}: {verdict}",
            number(ours.and_then(|ours| ours.median_reauthentications_after_12)),
            number(ours.and_then(|ours| ours.median_reauthentications_after_39)),
            published.after_12,
            published.after_39,
        ));
    }
    if missed && sign_ins.with_device.is_some_and(|share| share < 1.0) {
        lines.push(format!(
            "  {} of these sign-ins tell the device. Without it, who has the victim's network and program differs by an\n  \
             address at most, and people's own addresses change as well.",
            percent(&sign_ins.with_device)
        ));
    }
    lines
}

fn name(label: &impl serde::Serialize) -> String {
    let text = serde_json::to_value(label).ok();
    text.as_ref()
        .and_then(|text| text.as_str())
        .unwrap_or_default()
        .to_owned()
}

fn thousandths(threshold: i64) -> String {
    match threshold {
        ..0 => "always".to_owned(),
        _ => format!("{}.{:03}", threshold / 1_000, threshold % 1_000),
    }
}

fn percent(share: &Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", share * 100.0))
}

fn number(count: Option<f64>) -> String {
    count.map_or_else(|| "–".to_owned(), |count| count.to_string())
}
