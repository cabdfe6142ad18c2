//! Independent clients against the program in a process of its own, and libraries by other people against its figures:
//! whoever wrote them did not read our code.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use stockade_domain::performance::{self, Flow, Stretch};

use crate::{on_both, support::process::Process};

on_both! {
    /// Register, confirm, enrol, sign in with each factor, lose the phone, recover, change the password, be locked and
    /// unlocked, see and end sessions, be erased.
    async fn an_account_lives(database: Database) {
        let server = Process::start(database).await;
        let mut client = client("account_life.py");
        server.name_to(&mut client);
        let output = client.stdin(Stdio::null()).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command names its Python in the environment"
)]
fn client(script: &str) -> Command {
    let python = std::env::var("STOCKADE_TEST_PYTHON")
        .expect("STOCKADE_TEST_PYTHON names a Python with tests/clients/requirements.txt; `cargo xtask test` makes one");
    let mut command = Command::new(python);
    command.arg(format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR")));
    command
}

/// Returns, drawdowns, risk and yearly rates of many random series are what libraries by other people make of them.
#[test]
fn figures_agree_with_other_libraries() {
    let mut chance = Chance(0x5eed);
    let mut cases = Vec::new();
    for _ in 0..60 {
        cases.push(returns_case(&mut chance));
        cases.push(flows_case(&mut chance));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.json");
    std::fs::write(&file, serde_json::to_vec(&cases).unwrap()).unwrap();
    let output = client("figures.py").arg(&file).output().expect("Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "420 figures agree"
    );
}

/// Days of a portfolio with deposits and withdrawals in between.
fn returns_case(chance: &mut Chance) -> Value {
    let mut value = 1_000_000;
    let days = 30 + chance.below(400);
    let stretches: Vec<Stretch> = (0..days)
        .map(|_| {
            let inflow = if chance.below(10) == 0 {
                chance.below(500_000)
            } else {
                0
            };
            let grown = (value + inflow) * (9_500 + chance.below(1_020)) / 10_000;
            let outflow = if chance.below(10) == 0 {
                chance.below(grown / 4)
            } else {
                0
            };
            let stretch = Stretch {
                opening: value,
                inflow,
                closing: grown - outflow,
                outflow,
            };
            value = stretch.closing;
            stretch
        })
        .collect();
    let returns: Vec<f64> = stretches.iter().map(|s| s.growth().unwrap() - 1.0).collect();
    let mut level = 1.0;
    let mut index = vec![(0, level)];
    for (day, r) in (1..).zip(&returns) {
        level *= 1.0 + r;
        index.push((day, level));
    }
    json!({ "figures": {
        "time_weighted": performance::time_weighted(&stretches).unwrap(),
        "volatility": performance::volatility(&returns).unwrap(),
        "sharpe": performance::sharpe(&returns, 0.0).unwrap(),
        "max_drawdown": performance::max_drawdown(index).unwrap().depth,
        "value_at_risk": performance::value_at_risk(&returns).unwrap(),
        "conditional_value_at_risk": performance::conditional_value_at_risk(&returns).unwrap(),
    }, "returns": returns })
}

/// Payments on random days, and what is left of them.
fn flows_case(chance: &mut Chance) -> Value {
    let mut flows: Vec<Flow> = (0..1 + chance.below(20))
        .map(|_| Flow {
            day: 10_000 + chance.below(2_000),
            amount: -1_000 - chance.below(10_000_000),
        })
        .collect();
    let paid: i64 = flows.iter().map(|flow| -flow.amount).sum();
    flows.push(Flow {
        day: 12_030 + chance.below(300),
        amount: paid * (40 + chance.below(200)) / 100,
    });
    let rate = performance::money_weighted(&flows).unwrap();
    let flows: Vec<_> = flows.iter().map(|flow| (flow.day, flow.amount)).collect();
    json!({ "figures": { "money_weighted": rate }, "flows": flows })
}

/// The same numbers at every run (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as i64 % most.max(1)
    }
}
