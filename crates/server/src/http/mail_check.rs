//! Whether mail could go out: asked of the mail server at most twice a minute, however often our health is.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::app::App;

/// How long an answer counts.
const FRESH: SignedDuration = SignedDuration::from_secs(30);

/// The last answer. One exists; the application holds it.
#[derive(Default)]
pub struct MailCheck(Mutex<Option<(Timestamp, bool)>>);

impl MailCheck {
    /// Whether mail could go out. Without anywhere to send it to, it could not. Whoever asks at the same time waits for the
    /// same answer.
    pub async fn is_available(&self, app: &App) -> bool {
        let Some(mailer) = &app.mailer else {
            return false;
        };
        let mut last = self.0.lock().await;
        let now = app.clock.now();
        if let Some((at, available)) = *last
            && (at..at + FRESH).contains(&now)
        {
            return available;
        }
        let available = mailer.is_available().await;
        *last = Some((now, available));
        available
    }
}
