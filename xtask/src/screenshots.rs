//! `cargo xtask screenshots`: the README's pictures, from the release build with demonstration data.

use crate::debian::{self, CHROMIUM};
use crate::process::{Done, built, cargo, run};
use crate::web;

pub(crate) const HELP: &str = "
Lives the history of `stockade demo` in a folder of its own, serves it, signs in as the people it made, and writes
docs/images/*.png. Needs Node 20 or newer and Chromium. Look at each picture before you keep it.";

pub(crate) fn start(_: &[String]) -> Done {
    debian::provide(&[CHROMIUM])?;
    web::build()?;
    run(&mut cargo("build --release -p stockade --bin stockade"))?;
    let binary = built("release", "stockade")?;
    web::screenshots(&binary)
}
