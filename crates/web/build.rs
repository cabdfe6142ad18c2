//! Compiles this crate anew when the UI was built anew. It never builds the UI: that takes Node, which a server's build
//! must not need.

use std::{env, fs};

/// What `web/` is built to.
const BUILT: &str = "../../web/dist";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts in the environment"
)]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A folder that is missing when this crate is compiled is not looked for at run time, and one that is watched would
    // count as changed, so that every command compiled the server anew.
    if let Err(error) = fs::create_dir_all(BUILT) {
        println!("cargo::warning={BUILT} cannot be made: {error}");
    }
    // With debug assertions the files are read from the disk at each request.
    if env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo::rerun-if-changed={BUILT}");
    }
}
