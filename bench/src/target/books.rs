//! After a load: do the product's own verifiers find everything in order, and is everything there that was
//! acknowledged?

use serde_json::Value;

use super::Settings;
use crate::failure::{Done, Failure};

/// What the verifiers said, in a sentence.
///
/// # Errors
/// When a verifier finds a problem, or fewer postings than were acknowledged.
pub(crate) fn check_books(settings: &Settings, acknowledged: u64) -> Done<String> {
    let ledger = verify(settings, "ledger")?;
    let postings = ledger["postings"].as_u64().unwrap_or(0);
    if postings < acknowledged {
        let lost = format!(
            "{acknowledged} requests that post were acknowledged, but the ledger holds {postings} postings"
        );
        return Err(Failure::new(lost));
    }
    let audit = verify(settings, "audit")?;
    let entries = audit["entries"].as_u64().unwrap_or(0);
    if entries < acknowledged {
        let lost =
            format!("{acknowledged} requests were acknowledged, but the audit log holds {entries} entries");
        return Err(Failure::new(lost));
    }
    Ok(format!(
        "ledger valid ({postings} postings), audit log valid ({entries} entries) for {acknowledged} acknowledged changes"
    ))
}

fn verify(settings: &Settings, what: &str) -> Done<Value> {
    let output = settings
        .command()
        .args([what, "verify", "--json"])
        .output()
        .map_err(Failure::of(format!("cannot run `stockade {what} verify`")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(said.trim()).unwrap_or_default();
    if output.status.success() && report["valid"] == true {
        return Ok(report);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "`stockade {what} verify` ended with {}:\n{said}\n{complaint}",
        output.status
    )))
}
