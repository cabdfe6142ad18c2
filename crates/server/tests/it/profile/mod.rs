//! Identity data: given, masked, revealed, tampered with, erased.

mod giving;
mod tampering;
