//! The only SQL that names the tables of this feature, a file each.

pub(super) mod payees;
pub(super) mod transfers;
