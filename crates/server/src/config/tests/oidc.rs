//! Providers of sign-in: what a line may say, and that secrets are paired and hidden.

use insta::assert_snapshot;

use super::Desk;
use crate::config::OidcKind;

const FILE: &str = "[oidc]\nproviders = [\n  \"google client_id=g\",\n  \"github client_id=h\",\n  \
                    \"work kind=github issuer=https://git.example.com client_id=w\",\n  \
                    \"acme issuer=https://acme.example/login/ client_id=a scopes=openid+email\",\n]\n";

#[test]
fn a_line_names_a_provider_and_the_rest_is_as_usual() {
    let desk = Desk::production()
        .file("stockade.toml", FILE)
        .file("secrets", "google:one\ngithub:two\n\nwork:th:ree\nacme:four\n")
        .set("STOCKADE_OIDC__CLIENT_SECRETS_FILE", "secrets");
    let oidc = desk.config().oidc;
    let all: Vec<_> = oidc
        .providers
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.kind,
                one.issuer.as_str(),
                one.scopes.as_str(),
            )
        })
        .collect();
    let github = "read:user user:email";
    let expected = [
        (
            "google",
            OidcKind::Oidc,
            "https://accounts.google.com",
            "openid email profile",
        ),
        ("github", OidcKind::GitHub, "https://github.com", github),
        ("work", OidcKind::GitHub, "https://git.example.com", github),
        (
            "acme",
            OidcKind::Oidc,
            "https://acme.example/login/",
            "openid email",
        ),
    ];
    assert_eq!(all, expected);
    assert_eq!(oidc.secret("work"), Some("th:ree"));
    let shown = format!("{}{:?}", desk.loaded().show(), desk.config());
    assert!(shown.contains("accounts.google.com"));
    for secret in ["th:ree", "four"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn everything_wrong_with_the_lines_is_said_at_once() {
    let lines = "Google client_id=x,google,acme client_id=y,acme issuer=ftp://x client_id=y,links issuer=https://x client_id=y,\
                 git kind=svn issuer=https://x client_id=y,more issuer=https://x id=y,most issuer=https://x client_id=y scopes=email";
    let desk = Desk::new()
        .set("STOCKADE_OIDC__PROVIDERS", lines)
        .set("STOCKADE_OIDC__CLIENT_SECRETS", "hidden-text");
    let problems = desk.problems();
    assert!(!problems.contains("hidden-text"), "{problems}");
    assert_snapshot!(problems.replace("; ", "\n; "), @r#"
    2 problems in the configuration:
      oidc.client_secrets (STOCKADE_OIDC__CLIENT_SECRETS): not named
    ; write a provider's name before each secret, as in google:SECRET
      oidc.providers (STOCKADE_OIDC__PROVIDERS): "Google" is no provider's name
    ; begin with one of small letters, digits and dashes, as in google client_id=ID
    ; google has no client_id
    ; register Stockade there and write client_id= and what it answers
    ; acme has no issuer
    ; write issuer=https://…
    ; "ftp://x" is not the issuer of acme
    ; write its address without ? and #, as in issuer=https://login.example.com
    ; "links" is no provider's name
    ; begin with one of small letters, digits and dashes, as in google client_id=ID
    ; git cannot be of kind "svn"
    ; write oidc or github
    ; "id=y" says nothing of more
    ; write kind=, issuer=, client_id= or scopes=
    ; the scopes of most lack openid
    ; write scopes=openid+email
    "#);
}

#[test]
fn providers_and_secrets_come_in_pairs() {
    let desk = Desk::production()
        .set(
            "STOCKADE_OIDC__PROVIDERS",
            "acme issuer=http://acme.example client_id=a",
        )
        .set("STOCKADE_OIDC__CLIENT_SECRETS", "google:hidden-text");
    let problems = desk.problems();
    assert!(!problems.contains("hidden-text"), "{problems}");
    assert_snapshot!(problems, @r"
    3 problems in the configuration:
      oidc.client_secrets (STOCKADE_OIDC__CLIENT_SECRETS): has no secret of acme; add acme:SECRET
      oidc.client_secrets (STOCKADE_OIDC__CLIENT_SECRETS): has a secret of a provider that oidc.providers does not name; take it out, or name the provider
      oidc.providers (STOCKADE_OIDC__PROVIDERS): the issuer of acme is not encrypted; in production write https://
    ");
}
