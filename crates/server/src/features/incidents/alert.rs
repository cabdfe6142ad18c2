//! Critical incidents, told by mail to those who work on them. The mail names nobody: it says what kind of incident it is
//! and where to read on.

use jiff::Timestamp;
use stockade_platform::{
    db::{DbResult, Tx},
    random,
};

use super::{events::Named, rules::Rule};
use crate::{
    app::App,
    features::{
        auth,
        mail::{self, Letter, Link},
    },
};

/// What limits go by: whatever is the matter, nobody gets more alerts than the limits of mail allow.
const KIND: &str = "incident_alert";

/// Puts a mail to each of the staff who are to know into the outbox.
pub(super) async fn tell_staff(
    app: &App,
    tx: &mut Tx,
    named: &Named,
    at: Timestamp,
    now: Timestamp,
) -> DbResult<()> {
    let title = Rule::title(named.rule.as_str());
    let home = &app.config.server.public_url;
    for member in auth::staff(tx).await? {
        if !app.config.incidents.alert_roles.contains(&member.role) {
            continue;
        }
        let letter = Letter::to(&member.email, "A critical incident was opened")
            .of_kind(KIND)
            .paragraph(format!("{title}."))
            .fact("Severity", named.severity.as_str())
            .fact("When", at.strftime("%-d %B %Y, %H:%M UTC").to_string())
            .link(Link::new(
                "Look into it",
                format!("{home}/desk/incidents/{}", named.incident),
            ));
        mail::post_about(tx, random::uuid_v7(now), &letter, now)?;
    }
    Ok(())
}
