//! The report as Markdown: printed, and kept in `bench/RESULTS.md`.

use std::fmt::{self, Display, Formatter};

use super::{Finding, Load, Report};

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        writeln!(out, "## {}, commit {}\n", machine.date, machine.commit)?;
        writeln!(
            out,
            "- machine: {}, {} cores, {}, {}",
            machine.cpu, machine.cores, machine.memory, machine.system
        )?;
        writeln!(out, "- load before the run: {}", machine.load_average)?;
        for setting in &self.settings {
            writeln!(out, "- {setting}")?;
        }
        if !self.loads.is_empty() {
            table(out, &LOAD_HEADINGS, self.loads.iter().map(Load::cells))?;
        }
        if !self.findings.is_empty() {
            table(
                out,
                &["what", "measured", "must", "met"],
                self.findings.iter().map(Finding::cells),
            )?;
        }
        if !self.notes.is_empty() {
            writeln!(out)?;
        }
        for note in &self.notes {
            writeln!(out, "- {note}")?;
        }
        Ok(())
    }
}

const LOAD_HEADINGS: [&str; 10] = [
    "load",
    "connections",
    "per second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "max ms",
    "CPU s per 1,000",
    "peak MiB",
    "errors",
];

impl Load {
    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.connections.to_string(),
            format!("{:.0}", self.rate),
            format!("{:.2}", self.p50_ms),
            format!("{:.2}", self.p95_ms),
            format!("{:.2}", self.p99_ms),
            format!("{:.1}", self.max_ms),
            self.cpu_s_per_1000
                .map(|seconds| format!("{seconds:.3}"))
                .unwrap_or_default(),
            format!("{:.0}", self.peak_mib),
            if self.is_clean() {
                "none".to_owned()
            } else {
                self.errors.clone()
            },
        ]
    }
}

impl Finding {
    fn cells(&self) -> Vec<String> {
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        vec![
            self.what.clone(),
            self.figure.clone(),
            self.must.clone().unwrap_or_default(),
            met.to_owned(),
        ]
    }
}

/// A table whose columns line up in a terminal, too.
fn table(out: &mut Formatter<'_>, headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> fmt::Result {
    let rows: Vec<Vec<String>> = rows.collect();
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells.chain([headings[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    writeln!(out)?;
    let mut line = |cells: &[String]| -> fmt::Result {
        let cells = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    line(
        &headings
            .iter()
            .map(|heading| (*heading).to_owned())
            .collect::<Vec<_>>(),
    )?;
    line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>())?;
    rows.iter().try_for_each(|row| line(row))
}
