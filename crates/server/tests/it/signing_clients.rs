//! The clients in `examples/signing`, each in its own language: they sign and place an order against a running server.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::json;

use crate::{
    on_both,
    support::{
        people::{PASSWORD, text},
        shop::Shop,
    },
};

const ORDERS: &str = "/api/v1/orders";

on_both! {
    /// Each places its order with an API key and a signing key; with another secret none does.
    async fn each_places_an_order(database: Database) {
        let shop = Shop::start(database).await;
        let address = shop.serve().await;
        let ana = shop.customer("ana").await.with_cash(10_000).await;
        let made = ana.post("/api/v1/api-keys").json(json!({ "name": "bot", "scopes": ["trade"] }));
        let key = shop.stepped_up(&ana.tokens, made).await.send().await.expect(201);
        let signing = shop.signing_key(&ana.tokens, json!({ "name": "bot", "scopes": ["trade"] })).await;
        let settings = |secret: &str| [
            ("STOCKADE_URL", address.clone()),
            ("STOCKADE_API_KEY", text(&key["key"])),
            ("STOCKADE_SIGNING_KEY_ID", signing.id.clone()),
            ("STOCKADE_SIGNING_SECRET", secret.to_owned()),
        ];
        let folder = tempfile::tempdir().unwrap();
        for mut client in clients(folder.path()) {
            client.envs(settings(&signing.secret));
            let output = client.stdin(Stdio::null()).output().expect("the client runs");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let failed = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.contains("filled"), "{client:?}: {said} {failed}");
            client.envs(settings("another secret"));
            let output = client.output().expect("the client runs");
            assert!(!output.status.success(), "{client:?} with another secret");
        }
        let tokens = shop.sign_in("ana@example.com", PASSWORD).await;
        let orders = shop.get(ORDERS).bearer(&tokens.access).send().await.expect(200);
        assert_eq!(orders["items"].as_array().unwrap().len(), 4);
        shop.books_agree().await;
    }
}

fn clients(folder: &Path) -> Vec<Command> {
    let with = |program: &str, file: &str| {
        let mut command = Command::new(program);
        command.arg(examples().join(file));
        command
    };
    let mut node = Command::new("node");
    node.arg(compiled(folder));
    let mut cargo = Command::new("cargo");
    cargo
        .args(["run", "--quiet", "--offline", "-p", "signing-example"])
        .current_dir(root());
    vec![
        with("python3", "python/place_order.py"),
        with("sh", "shell/place_order.sh"),
        node,
        cargo,
    ]
}

/// Compiled with the TypeScript that the web UI uses, since Node runs types by itself only from 22.18 on.
fn compiled(folder: &Path) -> PathBuf {
    let compiled = folder.join("place_order.mjs");
    let script = "const [, library, from, to] = process.argv, fs = require('fs'), ts = require(library);\
                  const options = { module: 'ESNext', target: 'ES2022' };\
                  const text = fs.readFileSync(from, 'utf8');\
                  fs.writeFileSync(to, ts.transpileModule(text, { compilerOptions: options }).outputText);";
    let status = Command::new("node")
        .args(["-e", script])
        .arg(root().join("web/node_modules/typescript"))
        .arg(examples().join("typescript/place_order.ts"))
        .arg(&compiled)
        .status()
        .expect("Node runs");
    assert!(
        status.success(),
        "`npm ci` in web/ brings TypeScript; `cargo xtask test` runs it"
    );
    compiled
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn examples() -> PathBuf {
    root().join("examples/signing")
}
