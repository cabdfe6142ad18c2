//! What a run found: loads as they were measured, and requirements with whether they were met.

mod machine;
mod markdown;

use serde::Serialize;

pub(crate) use self::machine::Machine;
use crate::load::Tally;

/// Everything a run found, in the order in which it was found.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    /// How the run was set up.
    pub(crate) settings: Vec<String>,
    pub(crate) loads: Vec<Load>,
    pub(crate) findings: Vec<Finding>,
    /// What is worth knowing and is no figure of its own.
    pub(crate) notes: Vec<String>,
}

/// One load as it was measured.
#[derive(Clone, Serialize)]
pub(crate) struct Load {
    pub(crate) name: String,
    pub(crate) connections: usize,
    /// Expected answers a second.
    pub(crate) rate: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
    /// Processor seconds of the server for a thousand answers; none where another load ran beside.
    pub(crate) cpu_s_per_1000: Option<f64>,
    /// Most memory of the server so far or since the load began, in MiB.
    pub(crate) peak_mib: f64,
    /// Answers that were not as expected, in words; empty when there were none.
    pub(crate) errors: String,
    #[serde(skip)]
    pub(crate) acknowledged: u64,
}

/// A figure and what it must be.
#[derive(Serialize)]
pub(crate) struct Finding {
    pub(crate) what: String,
    pub(crate) figure: String,
    /// What design asks for; none where the figure is for information.
    pub(crate) must: Option<String>,
    pub(crate) met: Option<bool>,
}

impl Report {
    pub(crate) fn new(machine: Machine) -> Self {
        Self {
            machine,
            settings: Vec::new(),
            loads: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a figure that has to reach something.
    pub(crate) fn judge(
        &mut self,
        what: impl Into<String>,
        figure: impl Into<String>,
        must: &str,
        met: bool,
    ) {
        let (what, figure) = (what.into(), figure.into());
        self.findings.push(Finding {
            what,
            figure,
            must: Some(must.to_owned()),
            met: Some(met),
        });
    }

    /// Adds a figure for information.
    pub(crate) fn tell(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        self.findings.push(Finding {
            what: what.into(),
            figure: figure.into(),
            must: None,
            met: None,
        });
    }
}

impl Load {
    /// Puts together what the generator and the system saw.
    pub(crate) fn new(name: &str, connections: usize, tally: &Tally, cpu_seconds: f64, peak: u64) -> Self {
        let ms = |per_mille| tally.latencies.quantile(per_mille).as_secs_f64() * 1000.0;
        Self {
            name: name.to_owned(),
            connections,
            rate: tally.rate(),
            p50_ms: ms(500),
            p95_ms: ms(950),
            p99_ms: ms(990),
            max_ms: tally.latencies.max().as_secs_f64() * 1000.0,
            cpu_s_per_1000: Some(cpu_seconds * 1000.0 / (tally.latencies.total().max(1) as f64)),
            peak_mib: mib(peak),
            errors: tally.errors_in_words(),
            acknowledged: tally.acknowledged,
        }
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Bytes as MiB.
pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
