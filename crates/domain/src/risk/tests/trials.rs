//! Populations: what is read, what is refused, and that no label reaches a score.

use super::examples::policy;
use crate::risk::trial::{Label, Record, Replay, Report, Scored, generate};

fn replay(records: &[Record]) -> Vec<Scored> {
    let policy = policy();
    let mut replay = Replay::new(&policy);
    records
        .iter()
        .map(|record| Scored::new(record, &replay.next(record)))
        .collect()
}

#[test]
fn a_line_may_lack_all_but_kind_person_and_time() {
    let lines = [
        r#"{"kind":"sign_in","user":"a","at":"2026-01-01T00:00:00Z"}"#,
        r#"{"kind":"sign_in","user":7,"at":"2026-01-01T00:00:00+02:00","asn":64500,"device_id":null,"label":"vpn"}"#,
        r#"{"kind":"transaction","user":"a","at":"2026-01-01T00:00:00Z","amount":"12.34","label":"fraud"}"#,
        r#"{"kind":"transaction","user":"a","at":"2026-01-01T00:00:00Z","amount":12.3}"#,
        r#"{"kind":"transaction","user":"a","at":"2026-01-01T00:00:00Z","amount":"0.100","more":"is ignored"}"#,
    ];
    for line in lines {
        let record = Record::read(line, 1, None).expect(line);
        let again = serde_json::to_string(&record).expect("JSON");
        assert_eq!(Record::read(&again, 1, None).expect("the same"), record);
        replay(&[record]);
    }
}

#[test]
fn a_line_that_cannot_be_used_is_named() {
    let cases = [
        ("", "line 3: EOF"),
        ("[]", "line 3: "),
        (
            r#"{"kind":"sign_in","at":"2026-01-01T00:00:00Z"}"#,
            "missing field `user`",
        ),
        (r#"{"kind":"sign_in","user":"a"}"#, "missing field `at`"),
        (r#"{"kind":"sign_in","user":"a","at":"yesterday"}"#, "line 3: "),
        (
            r#"{"kind":"sign_on","user":"a","at":"2026-01-01T00:00:00Z"}"#,
            "unknown variant `sign_on`",
        ),
        (
            r#"{"kind":"sign_in","user":"a","at":"2026-01-01T00:00:00Z","label":"friend"}"#,
            "unknown variant `friend`",
        ),
        (
            r#"{"kind":"sign_in","user":"a","at":"2026-01-01T00:00:00Z","label":"fraud"}"#,
            "a label of transactions",
        ),
        (
            r#"{"kind":"sign_in","user":"a","at":"2026-01-01T00:00:00Z","lat":91}"#,
            "lat lies between",
        ),
        (
            r#"{"kind":"transaction","user":"a","at":"2026-01-01T00:00:00Z","amount":"-1"}"#,
            "amount is a decimal number",
        ),
        (
            r#"{"kind":"transaction","user":"a","at":"2026-01-01T00:00:00Z","amount":"1.234"}"#,
            "amount is a decimal number",
        ),
        (
            r#"{"kind":"transaction","user":"a","at":"2025-01-01T00:00:00Z"}"#,
            "earlier than the line before",
        ),
    ];
    let before = "2026-01-01T00:00:00Z".parse().ok();
    for (line, message) in cases {
        let error = Record::read(line, 3, before).expect_err(line).to_string();
        assert!(
            error.starts_with("line 3: ") && error.contains(message),
            "{line}: {error}"
        );
    }
}

#[test]
fn the_same_seed_makes_the_same_population_and_another_one_another() {
    let made = generate(2_000, 1);
    assert_eq!(made, generate(2_000, 1));
    assert_ne!(made, generate(2_000, 2));
    assert!(made.is_sorted_by_key(Record::at));
    assert!((1_000..4_000).contains(&made.len()), "{}", made.len());
    let lines: Vec<_> = made
        .iter()
        .map(|record| serde_json::to_string(record).expect("JSON"))
        .collect();
    let read = lines
        .iter()
        .map(|line| Record::read(line, 1, None).expect("a line"));
    assert!(read.eq(made));
}

#[test]
fn no_label_reaches_a_score() {
    let made = generate(4_000, 3);
    let scores = |records: &[Record]| replay(records).iter().map(Scored::score).collect::<Vec<_>>();
    let labels: Vec<_> = made.iter().map(Record::label).collect();
    let turned: Vec<Record> = made
        .iter()
        .cloned()
        .zip(labels.into_iter().rev())
        .map(|(record, label)| record.labelled(label))
        .collect();
    let bare: Vec<Record> = made.iter().cloned().map(|record| record.labelled(None)).collect();
    assert_eq!(scores(&made), scores(&turned));
    assert_eq!(scores(&made), scores(&bare));
}

#[test]
fn the_figures_are_what_the_scores_say() {
    let line = |user: &str, hour: u32, device: &str, label: &str| {
        let text = format!(
            r#"{{"kind":"sign_in","user":"{user}","at":"2026-01-{:02}T{:02}:00:00Z","device_id":"{device}","second_factor":{},"label":"{label}"}}"#,
            1 + hour / 24,
            hour % 24,
            label == "legitimate",
        );
        Record::read(&text, 1, None).expect("a line")
    };
    // Of thirteen sign-ins the first, which opens the account, and the ninth are from a device never seen; one of two
    // attackers has a copy.
    let mut records: Vec<_> = (0..13)
        .map(|hour| line("ana", hour, if hour < 8 { "a" } else { "b" }, "legitimate"))
        .collect();
    records.push(line("ana", 20, "x", "naive"));
    records.push(line("ana", 21, "a", "naive"));
    let report = Report::of(&policy(), &replay(&records));
    let sign_ins = &report.sign_ins;
    assert_eq!(
        (
            report.records,
            report.people,
            sign_ins.legitimate,
            sign_ins.people_with_12
        ),
        (15, 1, 13, 1)
    );
    let naive = &sign_ins.attackers[0];
    assert_eq!((naive.kind, naive.attempts), (Label::Naive, 2));
    let blocked = |threshold| {
        naive
            .blocked
            .iter()
            .find(|at| at.threshold == threshold)
            .and_then(|at| at.share)
    };
    assert_eq!((blocked(200), blocked(300)), (Some(0.5), Some(0.0)));
    let point = &naive.operating_points[0];
    assert_eq!(
        (
            point.threshold,
            point.blocked,
            point.median_reauthentications_after_12
        ),
        (-1, 1.0, Some(11.0))
    );
    let published = naive.against_published.as_ref().expect("something is published");
    assert_eq!((published.after_12, published.after_39), (2.0, 1.0));
    assert_eq!(
        (published.meets_after_12, published.meets_after_39),
        (Some(false), None)
    );
    assert_eq!(sign_ins.with_device, Some(1.0));
    assert_eq!(sign_ins.asked[1].share, Some(2.0 / 13.0));
}

#[test]
fn a_ranking_that_finds_all_fraud_first_is_perfect() {
    let line = |hour: usize, amount: u32, label: &str| {
        let text = format!(
            r#"{{"kind":"transaction","user":"a","at":"2026-01-{:02}T{:02}:00:00Z","amount":"{amount}","category":"stock","label":"{label}"}}"#,
            1 + hour / 24,
            hour % 24,
        );
        Record::read(&text, 1, None).expect("a line")
    };
    let mut records: Vec<_> = (0..48).map(|hour| line(hour, 100, "legitimate")).collect();
    records.push(line(48, 3_000, "fraud"));
    let report = Report::of(&policy(), &replay(&records)).transactions;
    assert_eq!((report.transactions, report.fraud), (49, 1));
    assert_eq!(
        (report.average_precision, report.fraud_held),
        (Some(1.0), Some(1.0))
    );
    assert_eq!(report.held, Some(1.0 / 49.0));
    assert_eq!(report.precision_among_100_a_day, Some(1.0 / 3.0));
    let mislabelled: Vec<_> = records
        .into_iter()
        .map(|record| record.labelled(Some(Label::Fraud)))
        .collect();
    assert_eq!(
        Report::of(&policy(), &replay(&mislabelled))
            .transactions
            .average_precision,
        Some(1.0)
    );
}
