//! Sealing and opening one field.

use std::time::Duration;

use stockade_platform::vault::{MasterKey, Place, Vault};

use super::timing::judge;
use crate::{
    failure::{Done, Failure},
    report::Report,
};

const MOST: Duration = Duration::from_micros(3);

pub(super) fn measure(report: &mut Report) -> Done {
    let master = MasterKey::from_bytes(&stockade_platform::random::bytes::<32>());
    let master = master.map_err(Failure::of("cannot make a master key"))?;
    let vault =
        Vault::new([("one".to_owned(), master)], "one").map_err(Failure::of("cannot open a vault"))?;
    let (key, _) = vault.new_data_key();
    let place = Place {
        table: "profiles",
        column: "ssn",
        row: &[1; 16],
    };
    let sealed = key.seal(&place, b"123-45-6789");
    key.open(&place, &sealed)
        .map_err(Failure::of("cannot open a field"))?;
    judge(report, "field: seal", MOST, || key.seal(&place, b"123-45-6789"));
    judge(report, "field: open", MOST, || key.open(&place, &sealed));
    Ok(())
}
