//! Roles: the names only. What each may do is one table in the server.

use crate::text::words;

words! {
    /// What a person is to the platform.
    Role, "role" {
        /// Invests.
        Customer = "customer",
        /// Reviews held transactions and works incidents.
        Analyst = "analyst",
        /// Reads and verifies everything, changes nothing.
        Auditor = "auditor",
        /// Runs the machinery: assets, corporate actions, health.
        Operator = "operator",
        /// Administers users, roles and policies.
        Admin = "admin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn roles_round_trip_and_unknown_ones_name_the_known() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        let refused = "root".parse::<Role>().unwrap_err();
        assert_eq!((refused.code(), refused.field()), ("value.unknown", Some("role")));
        assert_eq!(
            refused.to_string(),
            "role must be one of: customer, analyst, auditor, operator, admin"
        );
    }
}
