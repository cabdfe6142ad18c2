//! `PUT /profile`: gives identity data. Every field at fault is named at once, and nothing is stored unless all are
//! sound.

use axum::{Json as Answer, extract::State};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};
use stockade_domain::{
    identity::{Address, BankAccount, BirthDate, Ein, Itin, Phone, Ssn},
    refusal::Refusal,
};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    duplicates, events,
    field::Field,
    store,
    view::{self, AddressView, BankAccountView, ProfileView},
};
use crate::{
    app::App,
    core::{actor::SignedIn, change::Change},
    http::{
        error::{ApiError, ApiResult, FieldError, Problem},
        json::Json,
    },
};

/// What is given. A field that is left out stays as it is; null takes it away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PutProfile {
    /// Social Security number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "536-90-4399")]
    ssn: Given<String>,
    /// Employer Identification Number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "12-3456789")]
    ein: Given<String>,
    /// Individual Taxpayer Identification Number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "912-70-3456")]
    itin: Given<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<BankAccountView>)]
    bank_account: Given<BankAccountView>,
    /// Date of birth; you must be 18 years old.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date, example = "1990-01-31")]
    birth_date: Given<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<AddressView>)]
    address: Given<AddressView>,
    /// Telephone number in international form.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "+1 202 555 0143")]
    phone: Given<String>,
}

/// Left out, null, or a value.
type Given<T> = Option<Option<T>>;

/// A field's new value in the form that is sealed; `None` takes it away.
#[derive(Clone)]
struct Set(Field, Option<Zeroizing<String>>);

/// Gives identity data.
#[utoipa::path(
    put, path = "/api/v1/profile", tag = "profile", request_body = PutProfile,
    extensions(("x-rate-limit" = json!("sensitive"))),
    responses((status = 200, body = ProfileView), (status = 422, body = Problem))
)]
pub(super) async fn put(
    user: SignedIn,
    State(app): State<App>,
    Json(ask): Json<PutProfile>,
) -> ApiResult<Answer<ProfileView>> {
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    let sets = ask.checked(today)?;
    let profile = app
        .change(&user.clone(), {
            let app = app.clone();
            async move |change: &mut Change<'_>| {
                carry_out(&app, change, &user, &sets).await?;
                let profile = view::read(&app.core.keys, change, user.id).await?;
                change.commit(
                    events::changed(sets.iter().map(|set| (set.0, set.1.is_some()))),
                    profile.masked(),
                )
            }
        })
        .await?;
    Ok(Answer(profile))
}

async fn carry_out(app: &App, change: &mut Change<'_>, user: &SignedIn, sets: &[Set]) -> ApiResult<()> {
    let row = user.id.as_uuid();
    let key = app.core.keys.hold(change, row).await?;
    let key = key.ok_or_else(|| ApiError::Fault(format!("{row} has no data key")))?;
    let now = change.now();
    store::touch(change, user.id, now)?;
    for Set(field, clear) in sets {
        let sealed = clear
            .as_ref()
            .map(|clear| key.seal(&field.place(&row), clear.as_bytes()));
        let tag = match clear {
            Some(clear) => duplicates::tag_and_report(app, change, user.id, *field, clear).await?,
            None => None,
        };
        store::set(change, user.id, *field, sealed, tag)?;
    }
    Ok(())
}

impl PutProfile {
    /// What to store, or everything that is wrong.
    fn checked(self, today: jiff::civil::Date) -> Result<Vec<Set>, Problem> {
        let mut checks = Checks::default();
        checks.one(Field::Ssn, self.ssn, |text| Ok(text.parse::<Ssn>()?.to_string()));
        checks.one(Field::Ein, self.ein, |text| Ok(text.parse::<Ein>()?.to_string()));
        checks.one(Field::Itin, self.itin, |text| {
            Ok(text.parse::<Itin>()?.to_string())
        });
        checks.parts(Field::BankAccount, self.bank_account, |parts| {
            Ok(json(&BankAccount::new(&parts.into())?.parts()))
        });
        checks.one(Field::BirthDate, self.birth_date, |text| {
            Ok(BirthDate::new(text, today)?.text())
        });
        checks.parts(Field::Address, self.address, |parts| {
            Ok(json(Address::new(&parts.into())?.parts()))
        });
        checks.one(Field::Phone, self.phone, |text| {
            Ok(text.parse::<Phone>()?.to_string())
        });
        checks.finish()
    }
}

/// What was found sound so far, and what was not.
#[derive(Default)]
struct Checks {
    sets: Vec<Set>,
    wrong: Vec<FieldError>,
}

/// What is wrong with one field, whatever kind of refusal it was.
struct Wrong(FieldError);

impl<R: Refusal> From<R> for Wrong {
    fn from(refusal: R) -> Self {
        Self(FieldError::of(&refusal))
    }
}

impl Checks {
    fn one(&mut self, field: Field, given: Given<String>, check: impl Fn(&str) -> Result<String, Wrong>) {
        let check = |text: String| check(&text).map_err(|wrong| vec![wrong.0]);
        self.take(field, given, check);
    }

    fn parts<T, R: Refusal>(
        &mut self,
        field: Field,
        given: Given<T>,
        check: impl Fn(T) -> Result<String, Vec<R>>,
    ) {
        let check = |parts| check(parts).map_err(|wrong| wrong.iter().map(FieldError::of).collect());
        self.take(field, given, check);
    }

    fn take<T>(
        &mut self,
        field: Field,
        given: Given<T>,
        check: impl Fn(T) -> Result<String, Vec<FieldError>>,
    ) {
        let Some(given) = given else { return };
        match given.map(check).transpose() {
            Ok(clear) => self.sets.push(Set(field, clear.map(Zeroizing::new))),
            Err(wrong) => self.wrong.extend(wrong),
        }
    }

    fn finish(self) -> Result<Vec<Set>, Problem> {
        let detail = match self.wrong.len() {
            0 => return Ok(self.sets),
            1 => "one field is not as it should be; nothing was stored".to_owned(),
            count => format!("{count} fields are not as they should be; nothing was stored"),
        };
        Err(Problem::unprocessable("profile.invalid", detail).fields(self.wrong))
    }
}

fn json(parts: &impl serde::Serialize) -> String {
    serde_json::to_string(parts).expect("text parts have a JSON form")
}

/// Tells a field that is null from one that is left out.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Given<T>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}
