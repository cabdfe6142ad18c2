//! Where and what was measured.

use std::{fs, process::Command};

use serde::Serialize;

use crate::now;

/// The machine and the state of the source.
#[derive(Serialize)]
pub(crate) struct Machine {
    /// UTC, to the minute.
    pub(crate) date: String,
    /// Short hash, with `+` when files differ from it.
    pub(crate) commit: String,
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) memory: String,
    /// Kernel.
    pub(crate) system: String,
    /// One, five and fifteen minutes: how busy others kept the machine.
    pub(crate) load_average: String,
}

impl Machine {
    /// Looks around.
    pub(crate) fn describe() -> Self {
        let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, key: &str| {
            let line = text.lines().find(|line| line.starts_with(key))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let unknown = || "unknown".to_owned();
        let kibibytes =
            field(&file("/proc/meminfo"), "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok());
        Self {
            date: now::wall().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            commit: commit().unwrap_or_else(unknown),
            cpu: field(&file("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: kibibytes.map_or_else(unknown, |kibibytes: u64| {
                format!("{} GiB", kibibytes.div_ceil(1 << 20))
            }),
            system: format!("Linux {}", file("/proc/sys/kernel/osrelease").trim()),
            load_average: file("/proc/loadavg")
                .split(' ')
                .take(3)
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

fn commit() -> Option<String> {
    let git = |words: &[&str]| {
        let output = Command::new("git")
            .args(words)
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let hash = git(&["rev-parse", "--short", "HEAD"])?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Some(if changed { hash + "+" } else { hash })
}
