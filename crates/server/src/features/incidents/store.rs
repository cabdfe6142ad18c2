//! The only SQL that names `incidents`, `incident_timeline`, `incident_people`, `incident_signals` and
//! `incident_summaries`.

mod gathering;
mod reading;
mod summaries;
mod working;

pub(super) use self::{gathering::*, reading::*, summaries::*, working::*};
