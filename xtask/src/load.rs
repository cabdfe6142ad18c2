//! `cargo xtask load`: a thousand people at once against the release build.

use crate::bench;
use crate::process::Done;

pub(crate) const HELP: &str = "
A connection each, 800 requests a second together, nine in ten of them reads and the rest signed orders. The report says how
long they took, what failed, and how much memory the server used at most; it is written to bench/LOAD.md.
Arguments go to the benchmark: `cargo xtask load -- --seconds 3540 --side embedded` is a soak of an hour, which is how
long access tokens live there.
The figures mean something only on a machine that does nothing else.";

pub(crate) fn start(arguments: &[String]) -> Done {
    let ours = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let fixed = ["--only", "crowd", "--results", "bench/LOAD.md"].map(str::to_owned);
    bench::start(&[&fixed, ours].concat())
}
