//! An export: the whole log as a directory of files, for auditors, mirrors and witnesses.
//!
//! ```text
//! checkpoint                 the signed note of the head (C2SP tlog-checkpoint)
//! tile/<L>/<N>[.p/<W>]       256 hashes of 32 bytes each; the last of a level may have fewer, its width is W
//! tile/entries/<N>[.p/<W>]   the leaves 256 N and on, each after its length in two bytes, big-endian
//! payloads/<N>[.p/<W>].jsonl what those leaves commit to, one JSON object a line; optional
//! ```
//!
//! The first three are C2SP tlog-tiles: `N` is written in elements of three digits (`x001/x234/067`). A line of
//! payloads is one of
//!
//! ```json
//! {"seq":7,"id":"0192f0c1b2d37e4f8a9b0c1d2e3f4a5b","payload":"<base64>","salt":"<base64>"}
//! {"seq":7,"id":"0192f0c1b2d37e4f8a9b0c1d2e3f4a5b","erased":true}
//! ```
//!
//! where `id` is 32 hexadecimal digits, `payload` the exact bytes that were committed to, and HMAC-SHA256 of them
//! under `salt` must be the commitment at the end of the leaf. An entry without a line was exported without its
//! payload; one marked erased has lost payload and salt for good, and its leaf stays valid.

mod payload;
mod reader;
mod writer;

pub use payload::{NotAPayloadLine, PayloadLine, Secret};
pub use reader::{ExportReader, Stored};
pub use writer::ExportWriter;

use crate::tile::numbered_path;

const CHECKPOINT: &str = "checkpoint";
const PAYLOADS: &str = "payloads";

/// Something in the export directory cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The operating system refused.
    #[error("{path}: {error}")]
    Io {
        /// Which file or folder.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The export is to be written where there already is something.
    #[error("{0} is not empty")]
    NotEmpty(String),
}

impl ExportError {
    fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> ExportError {
        let path = path.display().to_string();
        move |error| ExportError::Io { path, error }
    }
}

/// Where the payloads of the entries `256 * index ..` lie in an export.
fn payloads_path(index: u64, width: usize) -> String {
    format!("{PAYLOADS}/{}.jsonl", numbered_path(index, width))
}
