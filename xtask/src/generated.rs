//! Files that the server's code determines and the repository keeps all the same, so that whoever reads or builds the rest
//! needs no server.

use crate::process::{Done, Failure, cargo, output, root, run};
use crate::web::{self, npm, postman, web};
use std::path::PathBuf;

pub(crate) const HELP: &str = "
Writes .env.example and web/openapi.json from the server's code, and from the latter web/src/api/schema.d.ts and the Postman
collection. All are kept in the repository; `cargo xtask lint` fails when one is stale.";

/// What the program prints, and where that is kept.
fn printed() -> [(&'static str, &'static str, PathBuf); 2] {
    [
        (".env.example", "config env-example", root().join(".env.example")),
        ("web/openapi.json", "openapi", web().join("openapi.json")),
    ]
}

/// `cargo xtask types`: writes them anew.
pub(crate) fn make(_: &[String]) -> Done {
    web::install(&web())?;
    for (name, command, path) in printed() {
        let text = format!("{}\n", print(command)?);
        std::fs::write(path, text).map_err(|error| Failure::of(&format!("cannot write {name}"), error))?;
    }
    run(npm(&["run", "--silent", "types"]).current_dir(web()))?;
    run(npm(&["run", "--silent", "build"]).current_dir(postman()))
}

/// Fails when one is not what the code says. The UI's types and the collection need Node; without it, they are left out.
pub(crate) fn check() -> Done {
    for (name, command, path) in printed() {
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        if kept.trim() != print(command)?.trim() {
            return Err(Failure::Said(format!(
                "{name} is not what the server's code says; run `cargo xtask types`"
            )));
        }
    }
    if web::has_node() {
        web::install(&web())?;
        run(npm(&["run", "--silent", "types:check"]).current_dir(web()))?;
        run(npm(&["run", "--silent", "check"]).current_dir(postman()))?;
    }
    Ok(())
}

fn print(command: &str) -> Result<String, Failure> {
    output(&mut cargo(&format!("run -q -p stockade -- {command}")))
}
