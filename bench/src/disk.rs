//! How long the disk takes to keep something for good: what every durable commit waits for at least.

use std::{io::Write as _, path::Path, time::Duration};

use crate::{
    failure::{Done, Failure},
    now,
};

const PAGE: [u8; 4096] = [1; 4096];
const TIMES: usize = 1_001;

/// The median time to append a page to a file in this folder and have it on disk, and the time of the slowest of a
/// hundred.
pub(crate) fn time_to_sync(folder: &Path) -> Done<(Duration, Duration)> {
    let measured = || -> std::io::Result<(Duration, Duration)> {
        let mut file = tempfile::tempfile_in(folder)?;
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let start = now::elapsed();
            file.write_all(&PAGE)?;
            file.sync_data()?;
            times.push(now::elapsed() - start);
        }
        times.sort_unstable();
        Ok((times[TIMES / 2], times[TIMES * 99 / 100]))
    };
    measured().map_err(Failure::of(format!("cannot write to {}", folder.display())))
}
