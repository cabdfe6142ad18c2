//! Identity data of people: formats checked on the way in, masks on the way out.
//!
//! Invariants: a value that exists has the form its issuer gives such values; `Debug` shows none of it; a mask never
//! gives back the whole value. Whether a number was ever issued to this person is not known here.

mod address;
mod bank;
mod birth;
mod countries;
mod digits;
mod phone;
mod tax;

pub use address::{Address, AddressParts, AddressRefused};
pub use bank::{AccountKind, BankAccount, BankAccountParts, BankAccountRefused};
pub use birth::{BirthDate, BirthDateRefused};
pub use phone::{Phone, PhoneRefused};
pub use tax::{Ein, EinRefused, Itin, ItinRefused, Ssn, SsnRefused};

/// Gives a value type a `Debug` that hides it.
macro_rules! hidden {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )+};
}
use hidden;
