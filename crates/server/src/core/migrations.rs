//! The schema's history, one line a step. Forward only.

use stockade_platform::db::migrate::{Migration, Text};

macro_rules! portable {
    ($file:literal) => {
        Text::Portable(include_str!(concat!("../../../../migrations/", $file, ".sql")))
    };
}

macro_rules! pair {
    ($file:literal) => {
        Text::Pair {
            sqlite: include_str!(concat!("../../../../migrations/", $file, ".sqlite.sql")),
            postgres: include_str!(concat!("../../../../migrations/", $file, ".postgres.sql")),
        }
    };
}

/// Every migration, oldest first.
pub const ALL: &[Migration] = &[
    Migration {
        version: 1,
        name: "audit_log",
        sql: portable!("0001_audit_log"),
    },
    Migration {
        version: 2,
        name: "audit_append_only",
        sql: pair!("0002_audit_append_only"),
    },
    Migration {
        version: 3,
        name: "once",
        sql: portable!("0003_once"),
    },
    Migration {
        version: 4,
        name: "accounts",
        sql: portable!("0004_accounts"),
    },
    Migration {
        version: 5,
        name: "trading",
        sql: portable!("0005_trading"),
    },
    Migration {
        version: 6,
        name: "second_factors",
        sql: portable!("0006_second_factors"),
    },
    Migration {
        version: 7,
        name: "profile",
        sql: portable!("0007_profile"),
    },
    Migration {
        version: 8,
        name: "notifications",
        sql: portable!("0008_notifications"),
    },
    Migration {
        version: 9,
        name: "devices",
        sql: portable!("0009_devices"),
    },
    Migration {
        version: 10,
        name: "mail_links",
        sql: portable!("0010_mail_links"),
    },
    Migration {
        version: 11,
        name: "passkeys",
        sql: portable!("0011_passkeys"),
    },
    Migration {
        version: 12,
        name: "oidc",
        sql: portable!("0012_oidc"),
    },
    Migration {
        version: 14,
        name: "api_keys",
        sql: portable!("0014_api_keys"),
    },
    Migration {
        version: 15,
        name: "risk",
        sql: portable!("0015_risk"),
    },
    Migration {
        version: 16,
        name: "withdrawals",
        sql: portable!("0016_withdrawals"),
    },
    Migration {
        version: 17,
        name: "quarantine",
        sql: portable!("0017_quarantine"),
    },
    Migration {
        version: 18,
        name: "incidents",
        sql: portable!("0018_incidents"),
    },
    Migration {
        version: 19,
        name: "restriction",
        sql: portable!("0019_restriction"),
    },
    Migration {
        version: 20,
        name: "order_kinds",
        sql: portable!("0020_order_kinds"),
    },
    Migration {
        version: 22,
        name: "portfolio_history",
        sql: portable!("0022_portfolio_history"),
    },
    Migration {
        version: 23,
        name: "portfolio_records",
        sql: portable!("0023_portfolio_records"),
    },
    Migration {
        version: 24,
        name: "forecasts",
        sql: portable!("0024_forecasts"),
    },
    Migration {
        version: 25,
        name: "news",
        sql: portable!("0025_news"),
    },
    Migration {
        version: 26,
        name: "watching",
        sql: portable!("0026_watching"),
    },
    Migration {
        version: 27,
        name: "review_labels",
        sql: portable!("0027_review_labels"),
    },
    Migration {
        version: 28,
        name: "feeds",
        sql: portable!("0028_feeds"),
    },
    Migration {
        version: 29,
        name: "corporate_actions",
        sql: portable!("0029_corporate_actions"),
    },
    Migration {
        version: 31,
        name: "sign_in_slots",
        sql: portable!("0031_sign_in_slots"),
    },
    Migration {
        version: 32,
        name: "lean_orders",
        sql: portable!("0032_lean_orders"),
    },
    Migration {
        version: 36,
        name: "orders_in_time",
        sql: portable!("0036_orders_in_time"),
    },
    Migration {
        version: 37,
        name: "ex_dates",
        sql: portable!("0037_ex_dates"),
    },
    Migration {
        version: 38,
        name: "wide_rows",
        sql: portable!("0038_wide_rows"),
    },
    Migration {
        version: 39,
        name: "plain_conditions",
        sql: portable!("0039_plain_conditions"),
    },
    Migration {
        version: 40,
        name: "ids_in_time",
        sql: portable!("0040_ids_in_time"),
    },
    Migration {
        version: 41,
        name: "entries_by_person",
        sql: portable!("0041_entries_by_person"),
    },
    Migration {
        version: 42,
        name: "nonces_in_turns",
        sql: portable!("0042_nonces_in_turns"),
    },
];
