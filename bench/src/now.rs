//! The one place that looks at the clocks.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use stockade_platform::clock::Clock;

static START: LazyLock<Instant> = LazyLock::new(monotonic);

/// Time since the program first asked, from a clock that never goes back.
pub(crate) fn elapsed() -> Duration {
    let start = *START;
    monotonic() - start
}

/// Wall-clock time.
pub(crate) fn wall() -> Timestamp {
    Clock::System.now()
}

/// Wall-clock time in whole Unix seconds.
pub(crate) fn unix_seconds() -> i64 {
    wall().as_second()
}

#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this program is for"
)]
fn monotonic() -> Instant {
    Instant::now()
}
