//! One quote of the replayed market.

use stockade_platform::market::Replay;

use super::timing::{text, time};
use crate::{now, report::Report};

pub(super) fn measure(report: &mut Report) {
    let market = Replay::embedded();
    let mut symbols = market.assets().iter().map(|asset| asset.symbol).cycle();
    let now = now::wall();
    let took = time(|| symbols.next().and_then(|symbol| market.quote(&symbol, now)));
    report.tell("quote", text(took));
}
