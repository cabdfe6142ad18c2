//! The vault through the program: master keys, rotation, erased keys.

mod command_line;
mod rotating;
mod tampering;
