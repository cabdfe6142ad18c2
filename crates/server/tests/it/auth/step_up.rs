//! Step-up: a proof for one operation of one session, once.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        http::Ask,
        people::{Customer, PASSWORD, text},
        shop::Shop,
    },
};

fn make_key<'s>(of: &Customer<'s>, name: &str) -> Ask<'s> {
    of.post("/api/v1/signing-keys").json(json!({ "name": name }))
}

/// A proof of the authenticator app for this request.
async fn proof(of: &Customer<'_>, code: &str, request: Ask<'_>) -> String {
    let refused = request.send().await.refused(403, "step_up.required");
    assert_eq!(refused["methods"], json!(["totp", "backup_code"]));
    let begun = of.shop.begin_step_up(&of.tokens, &refused).await;
    let ask = json!({ "challenge": begun["challenge"], "code": code });
    text(&of.shop.prove_step_up(&of.tokens, ask).send().await.expect(200)["proof"])
}

on_both! {
    /// The proof of a second factor allows what it was asked for, once, and nothing else.
    async fn a_proof_is_bound_to_its_operation(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let given = proof(&ana, &enrolled.app.code(shop.now()), make_key(&ana, "bot")).await;
        make_key(&ana, "other").header("x-step-up", &given).send().await.refused(403, "step_up.required");
        shop.later(30);
        let elsewhere = shop.sign_in_with("ana@example.com", &enrolled.app).await;
        make_key(&ana, "bot").bearer(&text(&elsewhere["access_token"])).header("x-step-up", &given).send().await
            .refused(403, "step_up.required");
        make_key(&ana, "bot").header("x-step-up", "guessed").send().await.refused(403, "step_up.required");
        make_key(&ana, "bot").header("x-step-up", &given).send().await.expect(201);
        make_key(&ana, "bot").header("x-step-up", &given).send().await.refused(403, "step_up.required");
        let list = ana.get("/api/v1/signing-keys").send().await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }
}

on_both! {
    /// Two requests with one proof: one is carried out. A proof lives five minutes and dies with its session.
    async fn a_proof_is_good_once_and_not_for_long(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let enrolled = ana.enrol().await;
        let given = proof(&ana, &enrolled.backup_codes[0], make_key(&ana, "bot")).await;
        let request = make_key(&ana, "bot").header("x-step-up", &given);
        let (one, other) = tokio::join!(request.clone().send(), request.send());
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 403]);
        let late = proof(&ana, &enrolled.backup_codes[1], make_key(&ana, "late")).await;
        shop.later(300);
        make_key(&ana, "late").header("x-step-up", &late).send().await.refused(403, "step_up.required");
    }
}

on_both! {
    /// Without a second factor it takes the password and the mailed code, both; five wrong codes end the guessing.
    async fn password_and_mail_stand_in_for_a_second_factor(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let ben = shop.customer("ben").await;
        let refused = make_key(&ana, "bot").send().await.refused(403, "step_up.required");
        let begun = shop.begin_step_up(&ana.tokens, &refused).await;
        let code = shop.mailed_code("ana@example.com").await;
        let prove = |of: &Customer<'_>, ask: Value| shop.prove_step_up(&of.tokens, ask).send();
        let challenge = &begun["challenge"];
        let right = json!({ "challenge": challenge, "code": code, "password": PASSWORD });
        prove(&ana, json!({ "challenge": challenge, "code": code })).await.refused(422, "step_up.password_missing");
        prove(&ana, json!({ "challenge": challenge, "code": code, "password": "wrong" })).await.refused(403, "password.wrong");
        prove(&ben, right.clone()).await.refused(401, "step_up.invalid");
        for _ in 0..5 {
            let wrong = json!({ "challenge": challenge, "code": "00000000", "password": PASSWORD });
            prove(&ana, wrong).await.refused(401, "step_up.wrong_code");
        }
        prove(&ana, right).await.refused(401, "step_up.wrong_code");
        shop.signing_key(&ben.tokens, json!({ "name": "bot" })).await;
        let kinds = shop.kinds_about(&ben.id).await;
        assert!(kinds.iter().any(|kind| kind == "step_up.passed"), "{kinds:?}");
    }
}

on_both! {
    /// Nobody fills a mailbox with codes.
    async fn codes_are_not_mailed_without_end(database: Database) {
        let shop = Shop::start(database).await;
        let ana = shop.customer("ana").await;
        let refused = make_key(&ana, "bot").send().await.refused(403, "step_up.required");
        for _ in 0..10 {
            shop.begin_step_up(&ana.tokens, &refused).await;
        }
        let ask = json!({ "operation": refused["operation"] });
        ana.post("/api/v1/auth/step-up").json(ask).send().await.refused(429, "step_up.too_many");
        ana.post("/api/v1/auth/step-up").json(json!({ "operation": "everything" })).send().await
            .refused(422, "step_up.operation");
    }
}
