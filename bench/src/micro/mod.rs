//! Single functions, timed in simple loops. A figure is the median of many rounds, so that a neighbour's burst does not
//! count; the product's own code is called wherever it is public.

mod layers;
mod log;
mod quote;
mod risk;
mod timing;
mod tokens;
mod vault;

use crate::{
    failure::Done,
    report::{Machine, Report},
};

/// Times them all.
pub(crate) fn measure() -> Done<Report> {
    let mut report = Report::new(Machine::describe());
    report
        .settings
        .push("functions: median of 31 rounds of at least 10 ms each, one thread unless it says more".into());
    layers::measure(&mut report);
    tokens::measure(&mut report)?;
    vault::measure(&mut report)?;
    log::measure(&mut report)?;
    quote::measure(&mut report);
    risk::measure(&mut report)?;
    Ok(report)
}
