//! Policies that are not accepted, and what the error says.

use super::examples::{londoner, noon, policy, sign_in};
use crate::risk::{Event, Policy, assess};

/// What is said when `from` in the default policy is replaced.
#[track_caller]
fn refused(from: &str, to: &str) -> String {
    let text = policy().text().replacen(from, to, 1);
    assert_ne!(text, policy().text(), "{from:?} is not in the policy");
    let error = Policy::read(&text).expect_err("a problem");
    let line = 1 + text
        .lines()
        .position(|line| line.contains(to.trim().lines().next().unwrap_or(to)))
        .unwrap_or(0);
    let first = error.problems.first().expect("a problem");
    assert_eq!(first.line, line, "{error}");
    error.to_string()
}

#[test]
fn an_error_names_line_rule_and_reason() {
    let cases = [
        (
            "\"!device_known\"",
            "\"!device_knwon\"",
            "rule unknown_device: there is no fact \"device_knwon\"; did you mean \"device_known\"?",
        ),
        (
            "\"!device_known\"",
            "\"!failures_15m\"",
            "rule unknown_device: ! wants true or false here, not a whole number",
        ),
        (
            "\"!device_known\"",
            "\"failures_15m + 1\"",
            "rule unknown_device: it comes to a whole number, but true or false is wanted",
        ),
        (
            "\"100 * failures_15m\"",
            "\"100 * country\"",
            "rule failures: * wants a whole number here, not a text",
        ),
        (
            "\"100 * failures_15m\"",
            "\"size(country)\"",
            "is not part of the language of rules",
        ),
        (
            "\"100 * failures_15m\"",
            "\"0.1 * failures_15m\"",
            "numbers with a decimal point are not used",
        ),
        (
            "\"100 * failures_15m\"",
            "\"100 * amount_cents\"",
            "there is no fact \"amount_cents\"",
        ),
        (
            "\"100 * failures_15m\"",
            "\"100 * (failures_15m\"",
            "rule failures: cannot be read",
        ),
        (
            "add = 800",
            "add = 1800",
            "rule impossible_travel: what a rule adds lies between 0 and 1000",
        ),
        (
            "add = 800",
            "add = -5",
            "rule impossible_travel: what a rule adds lies between 0 and 1000",
        ),
        (
            "add = 800",
            "add = true",
            "a whole number or an expression in quotes",
        ),
        (
            "[\"new_location\"]",
            "[\"old_location\"]",
            "rule impossible_travel: it replaces \"old_location\", which does not exist",
        ),
        ("name = \"failures\"", "name = \"new_location\"", ""),
        (
            "refuse_over = 800",
            "refuse_over = 600",
            "a stricter answer needs a threshold that is not lower",
        ),
        (
            "hold_over = 700",
            "hold_over = 1700",
            "a threshold lies between 0 and 1000",
        ),
        ("version = 1", "version = 2", "this program understands version 1"),
        ("from = 0.1", "from = 100.0", ""),
        ("at_most = 400", "at_mots = 400", "unknown field `at_mots`"),
    ];
    for (from, to, message) in cases {
        if message.is_empty() {
            let text = policy().text().replacen(from, to, 1);
            Policy::read(&text).expect_err(to);
            continue;
        }
        let error = refused(from, to);
        assert!(error.contains(message), "{to}: {error}");
    }
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let text = policy()
        .text()
        .replace("add = 300", "add = 3000")
        .replace("hold_over = 700", "hold_over = 7");
    let error = Policy::read(&text).expect_err("problems");
    assert_eq!(error.problems.len(), 4, "{error}");
    assert!(error.problems.is_sorted_by_key(|problem| problem.line));
}

#[test]
fn an_expression_that_would_overwhelm_the_reader_is_refused() {
    for huge in ["(".repeat(50_000), "!".repeat(1_000), "1 + ".repeat(1_000)] {
        let text = policy().text().replacen("!device_known", &huge, 1);
        Policy::read(&text).expect_err("too much");
    }
}

#[test]
fn unknown_facts_leave_undecided_what_they_could_decide_and_nothing_else() {
    let with = |when: &str| {
        let text = policy().text().replacen("!device_known", when, 1);
        let mut event = sign_in(noon());
        (event.device, event.failures) = (None, Some(2));
        let decision = assess(
            &Policy::read(&text).expect(when),
            &londoner(),
            &Event::SignIn(event),
        );
        let fired = decision.terms.iter().any(|term| term.rule == "unknown_device");
        (
            fired,
            decision.unheard.iter().any(|rule| rule.rule == "unknown_device"),
        )
    };
    assert_eq!(with("device_known || failures_15m == 2"), (true, false));
    assert_eq!(with("device_known && failures_15m == 2"), (false, true));
    assert_eq!(with("device_known && failures_15m > 2"), (false, false));
    assert_eq!(with("!(device_known || failures_15m > 2)"), (false, true));
    assert_eq!(with("failures_15m / 0 == 1"), (false, true));
    assert_eq!(
        with("country in ['FR', 'GB'] && -failures_15m % 2 == 0"),
        (true, false)
    );
    assert_eq!(
        with("failures_15m > 1 ? country != 'FR' : device_known"),
        (true, false)
    );
}
