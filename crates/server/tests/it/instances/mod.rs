//! Several processes on one database behave as one, and outlive what each of them stands on.

mod buyers;
mod outages;
mod sharing;
