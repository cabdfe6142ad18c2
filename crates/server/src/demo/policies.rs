//! The administrators' risk policy: one of them proposes a stricter one, which waits for the other to try it on the past.

use serde_json::json;
use stockade_domain::risk::Policy;

use super::{Done, browser::Ask, history::History, summary::count};

/// The administrator who proposes.
const PROPOSES: usize = 2;
/// What the live policy's text says, and what is to stand there.
const CHANGES: [(&str, &str); 3] = [
    ("name = \"default\"", "name = \"stricter\""),
    ("second_factor_over = 500", "second_factor_over = 400"),
    ("hold_over = 700", "hold_over = 650"),
];
const NOTE: &str = "After this month's takeover: ask for the second factor and hold transfers a little earlier. \
                    See what it would have changed before it is approved.";

impl History {
    /// Proposes a stricter policy than the program's own.
    pub(super) async fn propose(&mut self) -> Done {
        let browser = self.at_work(PROPOSES).await?;
        let text = CHANGES
            .iter()
            .fold(Policy::default_policy().text().to_owned(), |text, (from, to)| {
                text.replacen(from, to, 1)
            });
        let ask = Ask::post("/admin/security/policies", json!({ "text": text, "note": NOTE }));
        self.world.send(&browser, ask).await?.expect(201)?;
        count(&mut self.world.tally, "policies proposed");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_finds_its_place_in_the_policy() {
        let policy = Policy::default_policy();
        for (from, _) in CHANGES {
            assert_eq!(policy.text().matches(from).count(), 1, "{from}");
        }
    }
}
