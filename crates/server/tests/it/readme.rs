//! The README's tour, run as printed against the real program.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::net::{TcpListener, TcpStream};

/// The blocks to run stand behind this mark.
const MARK: &str = "<!-- tour -->\n```sh\n";

#[test]
fn the_tour_works_as_printed() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = free_port().await;
        let _server = Server::start(folder.path(), port).await;
        let output = walk(folder.path(), port);
        for expected in [
            r#"{"status":"check_mail"}"#,
            r#""email":"ana@example.com""#,
            r#""status":"settled","amount":"1000.00""#,
            r#""feed":"replay""#,
            r#""symbol":"KO","side":"buy","type":"market""#,
            r#""status":"filled""#,
            r#""positions":[{"symbol":"KO","qty":"2""#,
            "order.not_enough_cash",
            "request.refused",
            "the books agree",
        ] {
            assert!(output.contains(expected), "{expected} is missing from:\n{output}");
        }
    });
}

/// Runs all blocks in one shell that stops at the first failure; answers what they print.
fn walk(folder: &Path, port: u16) -> String {
    let readme = include_str!("../../../../README.md");
    let blocks: Vec<&str> = readme
        .split(MARK)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(blocks.len() >= 5, "the tour has lost its blocks");
    let programs = Path::new(env!("CARGO_BIN_EXE_stockade"))
        .parent()
        .expect("a folder");
    assert!(
        programs.join("stockade-verify").exists(),
        "build it: cargo build -p auditlog"
    );
    let script = blocks
        .join("\n")
        .replace("localhost:8000", &format!("localhost:{port}"))
        .replace("target/debug/", &format!("{}/", programs.display()))
        // Already built.
        .replace("cargo build", "true");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder)
        .output()
        .expect("bash");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// `stockade serve` with nothing set but the port, as `cargo xtask run` starts it.
struct Server(Child);

impl Server {
    async fn start(folder: &Path, port: u16) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_stockade"))
            .args(["serve", "--bind", &format!("127.0.0.1:{port}")])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let server = Self(child);
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server did not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("its address").port()
}
