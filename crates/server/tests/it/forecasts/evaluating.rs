//! `stockade forecast evaluate`, run as a program.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockade"));
    command
        .env_clear()
        .args(["forecast", "evaluate"])
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, text).expect("to write");
    (folder, path)
}

fn complains(path: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["--csv", path.to_str().expect("a path")];
    arguments.extend(more);
    let output = run(&arguments);
    assert!(
        !output.status.success() && output.stdout.is_empty(),
        "{arguments:?}"
    );
    String::from_utf8(output.stderr).expect("text")
}

/// Prices that wander: every step follows from the one before by a fixed rule.
fn wandering() -> String {
    let (mut state, mut price) = (7_u64, 50.0_f64);
    let day = jiff::civil::date(2019, 1, 1);
    let lines = (0..1_000_i64).map(|index| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        price *= 1.0 + ((state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5) * 0.03;
        format!(
            "{},{price:.4}\n",
            day.saturating_add(jiff::Span::new().days(index))
        )
    });
    std::iter::once("date,close\n".to_owned()).chain(lines).collect()
}

#[test]
fn a_series_of_ones_own_is_told_as_table_and_as_json() {
    let (_folder, path) = file(&wandering());
    let path = path.to_str().expect("a path");
    let span = [
        "--csv",
        path,
        "--horizon",
        "1",
        "--horizon",
        "5",
        "--from",
        "2021-03-01",
        "--to",
        "2021-06-30",
    ];
    let told = run(&span);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let table = String::from_utf8(told.stdout).expect("text");
    for words in [
        "1000 closes from 2019-01-01 to 2021-09-26",
        "5 days ahead:",
        "boosted_trees",
        "MASE",
        "n 122",
    ] {
        assert!(table.contains(words), "{words} in {table}");
    }
    assert_eq!(table.matches("used: ").count(), 2, "{table}");

    let arguments: Vec<_> = span.into_iter().chain(["--json"]).collect();
    let (once, again) = (run(&arguments).stdout, run(&arguments).stdout);
    assert_eq!(once, again, "the same series gives the same numbers");
    let found: Value = serde_json::from_slice(&once).expect("JSON");
    let horizon = &found["horizons"][1];
    assert_eq!(
        (&horizon["horizon"], &horizon["within"]["n"]),
        (&5.into(), &122.into())
    );
    for model in horizon["models"].as_array().expect("models") {
        assert!(model["mase"].is_f64() && model["pinball_loss"].is_f64() && model["coverage_95"].is_f64());
        assert_eq!(model["n"], 242);
    }
}

#[test]
fn what_is_no_series_is_refused_with_its_line() {
    let cases = [
        ("", "no column \"date\""),
        ("day,close\n2020-01-01,1\n", "no column \"date\""),
        (
            "date,close\n2020-13-01,1\n",
            "line 2: \"2020-13-01\" is not a date",
        ),
        (
            "date,close\n2020-01-01,twelve\n",
            "line 2: \"twelve\" is not a close",
        ),
        ("date,close\n2020-01-01,1\n", "1 closes are too few"),
    ];
    for (text, wanted) in cases {
        let (_folder, path) = file(text);
        let said = complains(&path, &[]);
        assert!(said.contains(wanted) && said.contains("prices.csv"), "{said}");
    }
    assert!(complains(Path::new("/nowhere.csv"), &[]).contains("/nowhere.csv"));
    let (_folder, path) = file("x");
    assert!(complains(&path, &["--horizon", "11"]).contains("1 to 10"));
    assert!(complains(&path, &["--from", "2020-01-01"]).contains("--to"));
    std::fs::write(&path, [0x1f, 0x8b, 0xff]).expect("to write");
    assert!(complains(&path, &[]).contains("no text"));
    std::fs::write(&path, [0xff, 0xfe, 0x00]).expect("to write");
    assert!(complains(&path, &[]).contains("no text"));
}
