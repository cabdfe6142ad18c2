//! Restriction: an account that somebody else may have got into is frozen. Its owner signs in and looks, and may end what
//! lets others in; nothing is traded, paid out or changed until two of the staff have restored it together with them.
//!
//! Invariants: two different indicators within a day restrict an account in the unit that meets the second, and only what
//! can happen after somebody has proven who they are is an indicator: no outsider restricts anybody with failures. Each
//! restriction and restoration ends every session, so whether somebody is restricted never changes within one.

mod accounts;
mod indicators;
mod restore;
mod restrict;

pub(super) use self::{
    accounts::{__path_list, list},
    indicators::{Indicator, freeze, note},
    restore::{__path_restore, restore},
    restrict::{__path_restrict, restrict},
};
