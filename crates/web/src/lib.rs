//! The web UI as files inside the program: what `web/` was built to, or nothing where it was not built.
//!
//! A debug build reads `web/dist` from the disk at each request, so a new build of the UI shows without a new build of
//! the server; a release build carries the files.

use std::borrow::Cow;

use rust_embed::{Embed, EmbeddedFile};

/// What stands in `index.html` wherever a response's own nonce belongs.
const NONCE: &str = "__CSP_NONCE__";

/// The page that every path of the UI shows.
const INDEX: &str = "index.html";

#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// A file of the UI.
pub struct File {
    /// Its bytes, compressed if `gzip` says so.
    pub bytes: Cow<'static, [u8]>,
    /// For `Content-Type`.
    pub kind: &'static str,
    /// Whether the bytes are compressed.
    pub gzip: bool,
    /// Whether its name changes with its content, so that it may be kept for ever.
    pub immutable: bool,
}

/// Whether the UI was built.
pub fn is_built() -> bool {
    Built::get(INDEX).is_some()
}

/// The UI's page, made for one response: scripts and styles in it bear this nonce.
pub fn index(nonce: &str) -> Option<String> {
    index_of::<Built>(nonce)
}

/// The file at a path such as `/assets/main-Bq3x.js`, compressed when there is such a form of it and the caller takes
/// it. The page itself is no file: it has an [`index`] for each response.
pub fn file(path: &str, takes_gzip: bool) -> Option<File> {
    file_of::<Built>(path, takes_gzip)
}

fn index_of<Files: Embed>(nonce: &str) -> Option<String> {
    let page = Files::get(INDEX)?;
    Some(String::from_utf8_lossy(&page.data).replace(NONCE, nonce))
}

fn file_of<Files: Embed>(path: &str, takes_gzip: bool) -> Option<File> {
    let name = path.strip_prefix('/')?;
    // On disk a name could climb out of the folder; compressed forms are not for asking.
    if name == INDEX || name.ends_with(".gz") || name.split('/').any(|part| part == "..") {
        return None;
    }
    let kind = kind(name)?;
    let packed = takes_gzip.then(|| Files::get(&format!("{name}.gz"))).flatten();
    let gzip = packed.is_some();
    let EmbeddedFile { data: bytes, .. } = packed.or_else(|| Files::get(name))?;
    Some(File {
        bytes,
        kind,
        gzip,
        immutable: name.starts_with("assets/"),
    })
}

/// Only kinds that the UI is made of; anything else that lies in the folder is not served.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Embed)]
    #[folder = "fixture"]
    struct Fixture;

    #[derive(Embed)]
    #[folder = "no-such-folder"]
    #[allow_missing = true]
    struct Nothing;

    #[test]
    fn each_page_has_its_own_nonce() {
        let page = index_of::<Fixture>("r4nd0m").expect("the page");
        assert!(
            page.contains("nonce=\"r4nd0m\"") && !page.contains(NONCE),
            "{page}"
        );
        assert!(index_of::<Nothing>("r4nd0m").is_none());
    }

    #[test]
    fn named_files_are_kept_for_ever_and_go_out_compressed() {
        let file = file_of::<Fixture>("/assets/main-abc.js", true).expect("the script");
        assert!(file.gzip && file.immutable);
        assert_eq!(file.kind, "text/javascript; charset=utf-8");
        assert_eq!(&file.bytes[..2], [0x1f, 0x8b]);
        let plain = file_of::<Fixture>("/assets/main-abc.js", false).expect("the script");
        assert!(!plain.gzip);
        assert!(
            !file_of::<Fixture>("/theme-init.js", true)
                .expect("the script")
                .immutable
        );
    }

    #[test]
    fn nothing_else_is_served() {
        for path in [
            "/index.html",
            "/assets/main-abc.js.gz",
            "/assets/none.js",
            "/../Cargo.toml",
            "/../src/lib.rs",
            "/../fixture/theme-init.js",
            "/",
            "",
        ] {
            assert!(file_of::<Fixture>(path, true).is_none(), "{path}");
        }
    }
}
