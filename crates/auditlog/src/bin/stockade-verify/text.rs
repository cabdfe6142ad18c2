//! The report in sentences.

use std::fmt::Write as _;

use auditlog::{Report, VerifyingKey};

/// What was checked, what is wrong, and the verdict last.
pub(crate) fn report(report: &Report, key: &VerifyingKey, kept: usize) -> String {
    let mut text = String::new();
    write_report(&mut text, report, key, kept).expect("writing to a string does not fail");
    text
}

/// A payload as text, unless it could do more to a terminal than be read.
pub(crate) fn printable(payload: &[u8]) -> Option<&str> {
    std::str::from_utf8(payload)
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
}

fn write_report(text: &mut String, report: &Report, key: &VerifyingKey, kept: usize) -> std::fmt::Result {
    writeln!(text, "Log {}: {} entries found.", key.name(), report.entries)?;
    if let Some(checkpoint) = &report.checkpoint {
        writeln!(
            text,
            "Signed checkpoint: {} entries, root {}.",
            checkpoint.size, checkpoint.root
        )?;
    }
    if report.unsigned > 0 {
        writeln!(
            text,
            "The last {} entries are not covered by the checkpoint.",
            report.unsigned
        )?;
    }
    if kept > 0 {
        writeln!(
            text,
            "Kept checkpoints that the log agrees with: {} of {kept}.",
            report.kept_confirmed
        )?;
    }
    if report.payloads + report.erased > 0 {
        writeln!(
            text,
            "Payloads: {} checked, {} erased.",
            report.payloads, report.erased
        )?;
    }
    for problem in &report.problems {
        writeln!(text, "  {}: {}", problem.kind.name(), problem.detail)?;
    }
    let listed = report.problems.len() as u64;
    if report.problem_count > listed {
        writeln!(text, "  and {} more.", report.problem_count - listed)?;
    }
    match report.problem_count {
        0 => writeln!(text, "Valid: the log is complete and unaltered."),
        1 => writeln!(text, "Damaged: 1 problem."),
        count => writeln!(text, "Damaged: {count} problems."),
    }
}
