//! News: feeds are fetched by the worker's job and read by people; feeds that mean harm do none.

mod hostile;
mod reading;
mod server;
