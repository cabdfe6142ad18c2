//! Assessing a sign-in whose first factor was right, inside its unit, and learning from it once it is confirmed.

use stockade_domain::{
    device::Agent,
    ids::{SessionId, UserId},
    risk::{Device, Event, Features, Place, SignIn, learn},
};
use stockade_platform::geo::Found;

use super::{assessed::Assessed, events, sealed};
use crate::{
    app::App,
    core::{actor::Origin, change::Change, event::AuditEvent, sealed::key_of},
    http::error::ApiResult,
};

/// What the caller knows of a sign-in beyond its request. What is `None` is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignInEvidence {
    /// How the device compares with the person's.
    pub device: Option<Device>,
    /// Failed sign-ins on the account in the 15 minutes before.
    pub failures: Option<u32>,
}

/// Assesses a sign-in; answers also whether it is the account's first. The device of that one is known and the sign-in
/// is confirmed, because the account has only just come into being: by a mailed link, or from the machine's command
/// line.
///
/// # Errors
/// 500 `vault.tampered`.
pub async fn assess_sign_in(
    app: &App,
    change: &mut Change<'_>,
    user: UserId,
    evidence: SignInEvidence,
) -> ApiResult<(Assessed, bool)> {
    let key = key_of(&app.core.keys, change, user).await?;
    let found = sealed::load_profile(&key, change, user).await?;
    let is_first = found.is_none();
    let mut profile = found.unwrap_or_default();
    let now = change.now();
    profile.sign_ins.settle(now);
    let origin = change.actor().origin.clone();
    let place = origin.ip.map(|ip| app.risk.places.find(ip)).unwrap_or_default();
    let joined = Device {
        known: true,
        ..Device::default()
    };
    let event = Event::SignIn(SignIn {
        at: now,
        features: features(&origin, &place),
        anonymiser: place.anonymiser,
        place: Place {
            country: place.country,
            region: place.region,
            coordinates: place.coordinates,
            radius_km: f64::from(place.radius_km),
        },
        crowd: None,
        device: if is_first { Some(joined) } else { evidence.device },
        failures: evidence.failures,
        address_listed: None,
        network_listed: None,
    });
    Ok((Assessed::new(app, change, (user, key), profile, event), is_first))
}

impl Assessed {
    /// Stores a sign-in that is too risky, and learns nothing from it; answers what the log says. The unit commits.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_in_refused(&self, change: &mut Change<'_>) -> ApiResult<AuditEvent> {
        self.stored("refused", None).later(change)?;
        Ok(events::sign_in_refused(self.user, &self.details()))
    }

    /// Stores a sign-in that has more to prove, and learns nothing from it.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_in_challenged(&self, change: &mut Change<'_>) -> ApiResult<()> {
        Ok(self.stored("challenged", None).later(change)?)
    }

    /// Stores a sign-in that opened this session. The profile learns at once when it was confirmed, and otherwise once a
    /// day has passed without complaint.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_in_succeeded(
        mut self,
        change: &mut Change<'_>,
        session: SessionId,
        confirmed: bool,
    ) -> ApiResult<()> {
        self.stored("done", Some(session.as_uuid())).later(change)?;
        if confirmed {
            self.profile = learn(self.profile, &self.event);
        } else if let Event::SignIn(sign_in) = &self.event {
            self.profile.sign_ins.wait(session.to_string(), sign_in.clone());
        }
        Ok(self.profile_stored().later(change)?)
    }
}

fn features(origin: &Origin, found: &Found) -> Features {
    let agent = origin.user_agent.as_deref().map(Agent::read);
    Features {
        ip: origin.ip.map(|ip| ip.to_canonical().to_string()),
        network: found.network.map(|number| number.to_string()),
        country: found.country.clone(),
        agent: origin.user_agent.as_deref().map(str::to_owned),
        browser: agent.and_then(|agent| agent.family.map(str::to_owned)),
        system: agent.and_then(|agent| agent.os.map(|os| os.to_string())),
        device_kind: None,
    }
}
