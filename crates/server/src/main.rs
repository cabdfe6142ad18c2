//! The program `stockade`.

use std::process::ExitCode;

/// Faster than the system's allocator under many small, short-lived allocations on several threads.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    stockade::cli::run()
}
