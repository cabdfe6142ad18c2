//! Checks an exported audit log offline.
fn main() {}
