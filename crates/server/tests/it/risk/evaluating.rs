//! `stockade risk …`, run as a program.

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockade"));
    command
        .env_clear()
        .arg("risk")
        .args(arguments)
        .output()
        .expect("the program runs")
}

#[track_caller]
fn prints(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn complains(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_generated_population_is_told_and_can_be_replayed_from_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("population.jsonl");
    let file = file.to_str().expect("a path");
    let generated = prints(&[
        "evaluate",
        "--generate",
        "3000",
        "--seed",
        "5",
        "--write",
        file,
        "--json",
    ]);
    assert_eq!(prints(&["evaluate", "--population", file, "--json"]), generated);
    let report: Value = serde_json::from_str(&generated).expect("JSON");
    let attackers = report["sign_ins"]["attackers"].as_array().expect("attackers");
    let kinds: Vec<_> = attackers
        .iter()
        .map(|of| of["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(kinds, ["naive", "vpn", "targeted", "takeover"]);
    let points = attackers[0]["operating_points"].as_array().expect("points");
    assert_eq!(points.len(), 5);
    assert!(
        points
            .iter()
            .all(|point| point["median_reauthentications_after_39"].is_f64())
    );
    let precision = report["transactions"]["average_precision"]
        .as_f64()
        .expect("a figure");
    assert!((0.0..=1.0).contains(&precision));
    let told = prints(&["evaluate", "--population", file]);
    assert!(
        told.contains("targeted") && told.contains("share of fraud held"),
        "{told}"
    );
    // Where devices are told it is met, and where nobody told them it is not; the table says so.
    for kind in ["vpn", "targeted"] {
        let line = verdict(&told, kind);
        assert!(line.ends_with(": met"), "{line}");
    }
    let text = std::fs::read_to_string(file).expect("the population");
    let without = text.lines().map(|line| {
        let mut record: Value = serde_json::from_str(line).expect("JSON");
        record.as_object_mut().expect("an object").remove("device_id");
        format!("{record}\n")
    });
    std::fs::write(file, without.collect::<String>()).expect("a file");
    let told = prints(&["evaluate", "--population", file]);
    assert!(verdict(&told, "targeted").contains("MISSED"), "{told}");
    assert!(told.contains("0.0% of these sign-ins tell the device"), "{told}");
}

/// What is said of a kind of attacker beside what is published.
fn verdict<'t>(told: &'t str, kind: &str) -> &'t str {
    let mut lines = told.lines().filter(|line| line.contains("published"));
    lines
        .find(|line| line.trim_start().starts_with(kind))
        .unwrap_or_else(|| panic!("{told}"))
}

#[test]
fn another_policy_gives_another_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("policy.toml");
    let path = file.to_str().expect("a path");
    std::fs::write(&file, prints(&["default-policy"])).expect("a file");
    let by_default = prints(&["evaluate", "--generate", "1500"]);
    assert!(prints(&["check", path]).contains("policy default can be used"));
    let strict = prints(&["default-policy"]).replace("hold_over = 700", "hold_over = 600");
    std::fs::write(&file, strict).expect("a file");
    assert_ne!(
        prints(&["evaluate", "--generate", "1500", "--policy", path]),
        by_default
    );
    std::fs::write(
        &file,
        "version = 1\nname = \"x\"\n[sign_in]\nsecond_factor_over = \"high\"\n",
    )
    .expect("a file");
    for arguments in [["check", path].as_slice(), &["evaluate", "--policy", path]] {
        let error = complains(arguments);
        assert!(error.contains("policy.toml: line 4: invalid type"), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("events.jsonl");
    let path = file.to_str().expect("a path");
    let good = r#"{"kind":"sign_in","user":"a","at":"2026-01-01T00:00:00Z"}"#;
    for (text, message) in [
        (String::new(), "events.jsonl: there is no event in it"),
        (
            format!("{good}\n\n{{\"kind\"\n"),
            "events.jsonl: line 3: EOF while parsing",
        ),
        (
            format!("{good}\n{}\n", good.replace("2026", "2025")),
            "events.jsonl: line 2: it is earlier than the line before",
        ),
    ] {
        std::fs::write(&file, text).expect("a file");
        let error = complains(&["evaluate", "--population", path]);
        assert!(error.contains(message), "{error}");
    }
    assert!(complains(&["evaluate", "--population", "/nowhere"]).contains("/nowhere: No such file"));
}

#[test]
fn facts_and_help_say_what_can_be_asked() {
    let facts = prints(&["facts"]);
    assert!(
        facts.contains("speed_kmh") && facts.contains("[transaction]"),
        "{facts}"
    );
    let help = prints(&["evaluate", "--help"]);
    assert!(
        help.contains("--population") && help.contains("Examples:"),
        "{help}"
    );
}
