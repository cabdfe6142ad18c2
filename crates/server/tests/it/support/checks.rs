//! What must hold after every story: the books agree, the log is whole.

use stockade::{
    core::audit::{entries, search, verify},
    features::ledger,
};
use stockade_platform::db::{DbError, Reader};
use uuid::Uuid;

use super::{people::Customer, shop::Shop};

impl Shop {
    /// Every balance equals the replay of its lines.
    pub async fn books_agree(&self) {
        let report = ledger::verify(&self.app, |_| {})
            .await
            .expect("the ledger can be read");
        assert!(report.valid, "{report:#?}");
    }

    /// Every entry is there, unaltered, and every payload opens to what its entry committed to.
    pub async fn log_is_whole(&self) {
        self.number_the_log().await;
        let report = verify::verify(&self.app.core, &self.app.log_key, Vec::new(), |_, _| {})
            .await
            .expect("the log can be read");
        assert!(report.valid, "{report:#?}");
        assert_eq!(report.pending, 0);
    }

    /// The kinds of the newest entries, whomever they are about.
    pub async fn all_kinds(&self) -> Vec<String> {
        self.number_the_log().await;
        let (found, _) = search::search(&self.app.core, &search::Filter::default(), None, 1_000)
            .await
            .expect("the log can be read");
        found.into_iter().map(|entry| entry.kind).collect()
    }

    /// The kinds of the entries about a person, oldest first.
    pub async fn kinds_about(&self, person: &str) -> Vec<String> {
        self.number_the_log().await;
        let (id, core): (Uuid, _) = (person.parse().expect("an id"), self.app.core.clone());
        let mut kinds = self
            .app
            .read(async move |reader: &mut Reader| {
                let found = entries::about(reader, &core.keys, id, None, 1_000).await?;
                found
                    .iter()
                    .map(|entry| Ok::<_, DbError>(entry.view()?.kind))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await
            .expect("the log can be read");
        kinds.reverse();
        kinds
    }
}

impl<'s> Customer<'s> {
    /// Signed in anew, because the clock has moved past the token's life.
    pub async fn again(self) -> Self {
        let tokens = self.shop.sign_in(&self.email, super::people::PASSWORD).await;
        let key = self.shop.session_key(&tokens).await;
        Self { tokens, key, ..self }
    }
}
