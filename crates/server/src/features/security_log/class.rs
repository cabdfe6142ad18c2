//! What each kind of event means to other systems: its OCSF class, activity and severity, in one table.
//!
//! A kind that stands here no longer, or not yet, is an API activity of the kind "other".

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An OCSF class (schema 1.3.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 3001: something about an account was changed.
    AccountChange,
    /// 3002: somebody signs in or out, or proves who they are.
    Authentication,
    /// 6003: something was created, read, updated or deleted.
    ApiActivity,
    /// 2004: something is suspicious.
    DetectionFinding,
    /// 2005: something has happened that somebody must look into.
    IncidentFinding,
}

/// How much an event matters (`severity_id`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EventSeverity)]
pub enum Severity {
    /// The usual.
    Informational = 1,
    /// Worth a look when it repeats.
    Low = 2,
    /// Worth a look.
    Medium = 3,
    /// Somebody should look now.
    High = 4,
    /// Somebody must look now.
    Critical = 5,
}

/// What a kind means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Its class.
    pub class: Class,
    /// `activity_id` within the class.
    pub activity: u8,
    /// How much it matters.
    pub severity: Severity,
}

impl Class {
    /// `class_uid`.
    pub fn uid(self) -> u32 {
        match self {
            Self::AccountChange => 3001,
            Self::Authentication => 3002,
            Self::ApiActivity => 6003,
            Self::DetectionFinding => 2004,
            Self::IncidentFinding => 2005,
        }
    }

    /// `category_uid`: the thousands.
    pub fn category(self) -> u32 {
        self.uid() / 1_000
    }
}

use Class::{
    AccountChange as Account, ApiActivity as Api, Authentication as Sign, DetectionFinding as Detection,
    IncidentFinding as Incident,
};
use Severity::{Critical, High, Informational as Info, Low, Medium};

/// Activities of 3002.
const LOGON: u8 = 1;
const LOGOFF: u8 = 2;
/// Activities of 3001.
const ACCOUNT_CREATE: u8 = 1;
const ENABLE: u8 = 2;
const PASSWORD_CHANGE: u8 = 3;
const PASSWORD_RESET: u8 = 4;
const ACCOUNT_DELETE: u8 = 6;
const LOCK: u8 = 9;
const FACTOR_ON: u8 = 10;
const FACTOR_OFF: u8 = 11;
/// Activities of 6003; a finding is created, too.
const CREATE: u8 = 1;
const READ: u8 = 2;
const UPDATE: u8 = 3;
const DELETE: u8 = 4;
/// Further activities of findings.
const WORKED_ON: u8 = 2;
const CLOSED: u8 = 3;
/// In every class.
const OTHER: u8 = 99;

/// Every kind.
#[rustfmt::skip]
pub(super) const TABLE: &[(&str, Class, u8, Severity)] = &[
    ("access.refused",                    Api,       OTHER,           Medium),
    ("account.confirmation_refused",      Sign,      OTHER,           Low),
    ("account.confirmation_required",     Account,   LOCK,            Medium),
    ("account.locked",                    Account,   LOCK,            Medium),
    ("account.not_me_refused",            Sign,      OTHER,           Low),
    ("account.not_me_reported",           Incident,  CREATE,          Critical),
    ("account.restoration_requested",     Account,   OTHER,           Medium),
    ("account.restored",                  Account,   ENABLE,          Medium),
    ("account.restricted",                Account,   LOCK,            Critical),
    ("account.unlocked",                  Account,   ENABLE,          Low),
    ("api_key.created",                   Account,   OTHER,           Low),
    ("api_key.refused",                   Detection, CREATE,          High),
    ("api_key.revoked",                   Account,   OTHER,           Info),
    ("audit.exported",                    Api,       READ,            Medium),
    ("audit.followed",                    Api,       READ,            Info),
    ("audit.proved",                      Api,       READ,            Info),
    ("audit.read",                        Api,       READ,            Info),
    ("audit.reanchored",                  Incident,  CREATE,          Critical),
    ("audit.verified",                    Api,       READ,            Info),
    ("backup.made",                       Api,       READ,            Medium),
    ("backup_code.used",                  Sign,      OTHER,           Low),
    ("backup_codes.created",              Account,   FACTOR_ON,       Low),
    ("backup_codes.refused",              Account,   OTHER,           Low),
    ("corporate_action.announced",        Api,       CREATE,          Low),
    ("corporate_action.applied",          Api,       UPDATE,          Info),
    ("corporate_action.completed",        Api,       UPDATE,          Info),
    ("demo.begun",                        Api,       CREATE,          Medium),
    ("deposit.requested",                 Api,       CREATE,          Info),
    ("deposit.settled",                   Api,       CREATE,          Info),
    ("device.added",                      Account,   OTHER,           Low),
    ("device.changed",                    Account,   OTHER,           Info),
    ("device.compromised",                Detection, CREATE,          High),
    ("device.distrusted",                 Account,   OTHER,           Info),
    ("device.expired",                    Account,   OTHER,           Info),
    ("device.renamed",                    Account,   OTHER,           Info),
    ("device.revoked",                    Account,   OTHER,           Info),
    ("device.trusted",                    Account,   OTHER,           Low),
    ("email.change_refused",              Account,   OTHER,           Low),
    ("email.change_requested",            Account,   OTHER,           Low),
    ("email.changed",                     Account,   OTHER,           Medium),
    ("incident.assigned",                 Incident,  WORKED_ON,       Info),
    ("incident.escalated",                Incident,  WORKED_ON,       High),
    ("incident.noted",                    Incident,  WORKED_ON,       Info),
    ("incident.opened",                   Incident,  CREATE,          High),
    ("incident.read",                     Api,       READ,            Info),
    ("incident.resolved",                 Incident,  CLOSED,          Info),
    ("keys.rotated",                      Api,       UPDATE,          Medium),
    ("mail_link.mailed",                  Api,       CREATE,          Info),
    ("mail_link.requested",               Api,       CREATE,          Info),
    ("mail_link.withheld",                Api,       OTHER,           Info),
    ("market.imported",                   Api,       CREATE,          Low),
    ("market.listed",                     Api,       UPDATE,          Low),
    ("notifications.chosen",              Api,       UPDATE,          Info),
    ("oidc.link_refused",                 Account,   OTHER,           Low),
    ("oidc.link_requested",               Account,   OTHER,           Info),
    ("oidc.linked",                       Account,   OTHER,           Low),
    ("oidc.recognised",                   Sign,      OTHER,           Info),
    ("oidc.refused",                      Sign,      OTHER,           Low),
    ("oidc.unlinked",                     Account,   OTHER,           Low),
    ("order.accepted",                    Api,       CREATE,          Info),
    ("order.canceled",                    Api,       DELETE,          Info),
    ("order.expired",                     Api,       UPDATE,          Info),
    ("order.filled",                      Api,       UPDATE,          Info),
    ("order.held_for_review",             Detection, CREATE,          High),
    ("order.partially_filled",            Api,       UPDATE,          Info),
    ("order.rejected",                    Api,       UPDATE,          Low),
    ("order.replaced",                    Api,       UPDATE,          Info),
    ("order.triggered",                   Api,       UPDATE,          Info),
    ("passkey.added",                     Account,   FACTOR_ON,       Low),
    ("passkey.cloned",                    Detection, CREATE,          High),
    ("passkey.not_added",                 Account,   OTHER,           Low),
    ("passkey.removed",                   Account,   FACTOR_OFF,      Low),
    ("passkey.renamed",                   Account,   OTHER,           Info),
    ("password.change_refused",           Account,   PASSWORD_CHANGE, Low),
    ("password.changed",                  Account,   PASSWORD_CHANGE, Low),
    ("password.confirmed",                Sign,      OTHER,           Info),
    ("password.not_confirmed",            Sign,      OTHER,           Low),
    ("password.rehashed",                 Account,   OTHER,           Info),
    ("password.reset_requested",          Account,   PASSWORD_RESET,  Low),
    ("payee.added",                       Account,   OTHER,           Low),
    ("payee.removed",                     Account,   OTHER,           Info),
    ("person.erased",                     Account,   ACCOUNT_DELETE,  Medium),
    ("person.erasure_refused",            Account,   ACCOUNT_DELETE,  Info),
    ("portfolio.imported",                Api,       CREATE,          Info),
    ("portfolio.lot_method_chosen",       Account,   OTHER,           Info),
    ("price_alert.created",               Api,       CREATE,          Info),
    ("price_alert.deleted",               Api,       DELETE,          Info),
    ("price_alert.fired",                 Api,       UPDATE,          Info),
    ("profile.changed",                   Account,   OTHER,           Info),
    ("profile.duplicate_identity",        Detection, CREATE,          Medium),
    ("profile.exported",                  Api,       READ,            Medium),
    ("profile.revealed",                  Api,       READ,            Low),
    ("registration.address_taken",        Account,   ACCOUNT_CREATE,  Low),
    ("registration.confirmation_refused", Account,   ACCOUNT_CREATE,  Low),
    ("registration.requested",            Account,   ACCOUNT_CREATE,  Info),
    ("request.refused",                   Api,       OTHER,           Info),
    ("request.replayed",                  Api,       READ,            Info),
    ("review.answered",                   Api,       UPDATE,          Info),
    ("review.approval_given",             Api,       UPDATE,          Low),
    ("review.approved",                   Api,       UPDATE,          Low),
    ("review.expired",                    Api,       UPDATE,          Low),
    ("review.own_refused",                Detection, CREATE,          High),
    ("review.read",                       Api,       READ,            Info),
    ("review.rejected",                   Api,       UPDATE,          Medium),
    ("risk.decision_read",                Api,       READ,            Info),
    ("risk.line_added",                   Api,       CREATE,          Low),
    ("risk.line_removed",                 Api,       DELETE,          Low),
    ("risk.policy_approved",              Api,       UPDATE,          High),
    ("risk.policy_proposed",              Api,       CREATE,          Medium),
    ("risk.policy_refused",               Api,       OTHER,           Medium),
    ("risk.policy_rejected",              Api,       UPDATE,          Low),
    ("risk.shadow_set",                   Api,       UPDATE,          Low),
    ("second_factor.disable_refused",     Account,   FACTOR_OFF,      Medium),
    ("second_factor.disabled",            Account,   FACTOR_OFF,      Medium),
    ("second_factor.enabled",             Account,   FACTOR_ON,       Low),
    ("second_factor.failed",              Sign,      OTHER,           Low),
    ("second_factor.pending",             Account,   OTHER,           Info),
    ("session.refresh_refused",           Sign,      OTHER,           Low),
    ("session.refreshed",                 Sign,      OTHER,           Info),
    ("session.reuse_detected",            Incident,  CREATE,          Critical),
    ("session.revoked",                   Sign,      LOGOFF,          Info),
    ("session.stolen",                    Incident,  CREATE,          Critical),
    ("setup.link_made",                   Account,   OTHER,           Medium),
    ("setup.refused",                     Account,   ACCOUNT_CREATE,  Medium),
    ("sign_in.challenged",                Sign,      OTHER,           Info),
    ("sign_in.failed",                    Sign,      LOGON,           Low),
    ("sign_in.refused",                   Detection, CREATE,          High),
    ("sign_in.succeeded",                 Sign,      LOGON,           Info),
    ("signature.refused",                 Api,       OTHER,           Medium),
    ("signing_key.created",               Account,   OTHER,           Low),
    ("signing_key.revoked",               Account,   OTHER,           Info),
    ("step_up.asked",                     Sign,      OTHER,           Info),
    ("step_up.failed",                    Sign,      OTHER,           Medium),
    ("step_up.passed",                    Sign,      OTHER,           Info),
    ("user.registered",                   Account,   ACCOUNT_CREATE,  Info),
    ("vault.tampered",                    Incident,  CREATE,          Critical),
    ("watchlist.changed",                 Api,       UPDATE,          Info),
    ("watchlist.created",                 Api,       CREATE,          Info),
    ("watchlist.deleted",                 Api,       DELETE,          Info),
    ("webhook.created",                   Api,       CREATE,          Low),
    ("webhook.deleted",                   Api,       DELETE,          Low),
    ("webhook.disabled",                  Api,       UPDATE,          Low),
    ("webhook.tested",                    Api,       OTHER,           Info),
    ("withdrawal.canceled",               Api,       DELETE,          Info),
    ("withdrawal.expired",                Api,       UPDATE,          Low),
    ("withdrawal.failed",                 Api,       UPDATE,          Low),
    ("withdrawal.held",                   Api,       UPDATE,          Low),
    ("withdrawal.held_for_review",        Detection, CREATE,          High),
    ("withdrawal.rejected",               Api,       UPDATE,          Low),
    ("withdrawal.released",               Api,       UPDATE,          Low),
    ("withdrawal.requested",              Api,       CREATE,          Low),
    ("withdrawal.settled",                Api,       UPDATE,          Info),
];

/// What a kind means.
pub fn meaning_of(kind: &str) -> Meaning {
    let (class, activity, severity) = TABLE
        .binary_search_by(|(known, ..)| (*known).cmp(kind))
        .map_or((Api, OTHER, Info), |at| (TABLE[at].1, TABLE[at].2, TABLE[at].3));
    Meaning {
        class,
        activity,
        severity,
    }
}

/// Whether the table names a kind.
#[cfg(test)]
fn is_named(kind: &str) -> bool {
    TABLE.iter().any(|(known, ..)| *known == kind)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(meaning_of("sign_in.failed").class, Class::Authentication);
        assert_eq!(meaning_of("never.heard_of").activity, OTHER);
    }

    /// Reads the sources for the kinds that events are made of. A kind that the table does not name fails here.
    #[test]
    fn every_kind_of_the_code_is_named() {
        let mut kinds = BTreeSet::new();
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut kinds);
        assert!(kinds.len() > 80, "{kinds:?}");
        let missing: Vec<_> = kinds.iter().filter(|kind| !is_named(kind)).collect();
        assert!(
            missing.is_empty(),
            "name these in features/security_log/class.rs: {missing:?}"
        );
    }

    fn gather(folder: &Path, kinds: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, kinds);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                let source = source.split("#[cfg(test)]").next().unwrap();
                // In a file of events every dotted word is a kind; elsewhere those that an event is made of at once.
                let of_events = path.file_name().is_some_and(|name| name == "events.rs");
                kinds.extend(dotted_words(source, of_events));
            }
        }
    }

    fn dotted_words(source: &str, all: bool) -> Vec<String> {
        let mut found = Vec::new();
        let parts: Vec<&str> = source.split('"').collect();
        for (before, word) in parts.iter().zip(parts.iter().skip(1)) {
            let before = before.trim_end();
            let makes_event = ["done(", "failed(", "refused("].iter().any(|end| {
                before
                    .strip_suffix(end)
                    .is_some_and(|rest| rest.ends_with("AuditEvent::"))
            });
            let is_dotted = word.split_once('.').is_some_and(|(family, rest)| {
                let is_word = |word: &str| {
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                };
                is_word(family) && is_word(rest)
            });
            if is_dotted && (all || makes_event) {
                found.push((*word).to_owned());
            }
        }
        found
    }
}
