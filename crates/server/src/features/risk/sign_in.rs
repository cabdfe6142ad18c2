//! Assessing a sign-in whose first factor was right, inside its unit, and learning from it once it is confirmed.

use jiff::Timestamp;
use stockade_domain::{
    device::Agent,
    ids::{DeviceId, SessionId, UserId},
    risk::{Device, Event, Features, Place, SignIn},
};
use stockade_platform::geo::Found;

use super::{
    assessed::Assessed,
    events,
    lists::{Lists, What},
    sealed,
    standing::standing,
};
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
    /// Which of the person's devices it is.
    pub device_id: Option<DeviceId>,
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
    let settled = profile.sign_ins.settle(now);
    let origin = change.actor().origin.clone();
    let place = origin.ip.map(|ip| app.risk.places.find(ip)).unwrap_or_default();
    let joined = Device {
        known: true,
        ..Device::default()
    };
    let standing = standing(app, change).await?;
    let listed = Listed::of(&standing.lists, &origin, &place, evidence.device_id, now);
    let shown = features(&origin, &place);
    let event = Event::SignIn(SignIn {
        at: now,
        crowd: app.risk.crowds.of(&shown),
        features: shown,
        anonymiser: place.anonymiser.map(|hides| hides && !listed.allowed),
        place: Place {
            country: place.country,
            region: place.region,
            coordinates: place.coordinates,
            radius_km: f64::from(place.radius_km),
        },
        device: if is_first { Some(joined) } else { evidence.device },
        failures: evidence.failures,
        address_listed: Some(listed.address),
        network_listed: Some(listed.network),
        device_listed: Some(listed.device),
        watched: Some(listed.watched),
    });
    let mut assessed = Assessed::new(app, &standing, (user, key), profile, event, now);
    let lesson = |sign_in| app.risk.crowds.lesson(&Event::SignIn(sign_in), false, now);
    assessed.lessons = settled.into_iter().map(lesson).collect();
    Ok((assessed, is_first))
}

impl Assessed {
    /// Stores a sign-in that is too risky, and learns nothing from it; answers what the log says. The unit commits.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_in_refused(&mut self, change: &mut Change<'_>) -> ApiResult<AuditEvent> {
        self.store(change, "refused", None)?;
        Ok(events::sign_in_refused(self.user, &self.details()))
    }

    /// Stores a sign-in that has more to prove, and learns nothing from it.
    ///
    /// # Errors
    /// The database's.
    pub fn sign_in_challenged(&mut self, change: &mut Change<'_>) -> ApiResult<()> {
        Ok(self.store(change, "challenged", None)?)
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
        self.store(change, "done", Some(session.as_uuid()))?;
        self.session = Some((session.as_uuid(), Some(self.decision().score.thousandths())));
        if confirmed {
            self.learn();
        } else if let Event::SignIn(sign_in) = &self.event {
            self.profile.sign_ins.wait(session.to_string(), sign_in.clone());
        }
        Ok(self.keep(change)?)
    }
}

/// What the lists say of where a sign-in comes from. A line that allows any of it takes back what others say.
#[derive(Default)]
struct Listed {
    address: bool,
    network: bool,
    device: bool,
    watched: bool,
    allowed: bool,
}

impl Listed {
    fn of(lists: &Lists, origin: &Origin, place: &Found, device: Option<DeviceId>, now: Timestamp) -> Self {
        let network = place.network.map(|number| number.to_string());
        let device = device.map(|id| id.to_string());
        let said = [
            origin.ip.map(|ip| lists.of_address(ip, now)).unwrap_or_default(),
            lists.of_name(What::Network, network.as_deref(), now),
            lists.of_name(What::Country, place.country.as_deref(), now),
            lists.of_name(What::Device, device.as_deref(), now),
        ];
        if said.iter().any(|said| said.allowed) {
            return Self {
                allowed: true,
                ..Self::default()
            };
        }
        Self {
            address: said[0].blocked,
            network: said[1].blocked || said[2].blocked,
            device: said[3].blocked,
            watched: said.iter().any(|said| said.watched),
            allowed: false,
        }
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
