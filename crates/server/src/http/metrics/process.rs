//! What the system says of this process, from /proc. Zeros where there is no /proc.

use std::fs;

/// Kernel pages and clock ticks, as on every Linux that this runs on.
const PAGE_BYTES: u64 = 4_096;
const TICKS_A_SECOND: f64 = 100.0;

/// This process.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) resident_bytes: u64,
    pub(super) cpu_seconds: f64,
    pub(super) open_files: u64,
}

pub(super) fn read() -> Process {
    Process {
        resident_bytes: resident().unwrap_or_default() * PAGE_BYTES,
        cpu_seconds: ticks().unwrap_or_default() as f64 / TICKS_A_SECOND,
        open_files: fs::read_dir("/proc/self/fd").map_or(0, |files| files.count() as u64),
    }
}

/// Pages in memory: the second number of `statm` (proc(5)).
fn resident() -> Option<u64> {
    fs::read_to_string("/proc/self/statm")
        .ok()?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

/// Ticks in our code and in the kernel's: fields 14 and 15 of `stat`, counted behind the name in brackets.
fn ticks() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}
