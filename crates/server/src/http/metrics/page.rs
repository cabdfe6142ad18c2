//! The figures as text. Every name and its meaning stands here once.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, MetricEncoder, NoLabelSet, text::encode},
    metrics::MetricType,
    registry::{Registry, Unit},
};

use super::figures::Figures;
use crate::http::traffic::BOUNDS_MICROS;

static SECONDS: Unit = Unit::Seconds;
static BYTES: Unit = Unit::Bytes;

/// The page that Prometheus reads.
pub(super) fn write(figures: Figures) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Page(figures)));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

struct Page(Figures);

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Page")
    }
}

impl Collector for Page {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut sheet = Sheet(&mut encoder);
        requests(&mut sheet, &self.0)?;
        security(&mut sheet, &self.0)?;
        queues(&mut sheet, &self.0)?;
        log(&mut sheet, &self.0)?;
        process(&mut sheet, &self.0)
    }
}

/// Rate, errors and duration by class of route.
fn requests(sheet: &mut Sheet<'_, '_>, figures: &Figures) -> fmt::Result {
    let about = "Requests by class of route and by how they ended";
    let classes = &figures.classes;
    let ended = classes.iter().flat_map(|class| {
        let of = |outcome, count| ([("class", class.name), ("outcome", outcome)], count);
        [
            of("served", class.served),
            of("refused", class.refused),
            of("failed", class.failed),
        ]
    });
    sheet.counters("stockade_requests", about, ended)?;
    let about = "From the request's headers to its answer, by class of route";
    let name = "stockade_request_duration";
    let mut durations = sheet.family(name, about, Some(&SECONDS), MetricType::Histogram)?;
    for class in classes {
        let bounds = BOUNDS_MICROS
            .iter()
            .map(|&bound| bound as f64 / 1e6)
            .chain([f64::MAX]);
        let buckets: Vec<(f64, u64)> = bounds.zip(class.durations.buckets).collect();
        let count = class.durations.buckets.iter().sum();
        let sum = class.durations.sum_micros as f64 / 1e6;
        durations
            .encode_family(&[("class", class.name)])?
            .encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
    }
    let about = "Refusals by the code of their problem";
    let refusals = figures
        .refusals
        .iter()
        .map(|&(code, count)| ([("code", code)], count));
    sheet.counters("stockade_refusals", about, refusals)
}

fn security(sheet: &mut Sheet<'_, '_>, figures: &Figures) -> fmt::Result {
    let about = "Events by kind and outcome: sign-ins, risk decisions, lockouts, orders and whatever else is on record";
    let events = figures.events.iter().map(|(kind, outcome, count)| {
        let labels = [("kind", kind.as_str()), ("outcome", outcome.name())];
        (labels, *count)
    });
    sheet.counters("stockade_events", about, events)?;
    let about = "Quotas exceeded, by class of route and by whom the quota tells apart";
    let exceeded = figures
        .exceeded
        .iter()
        .map(|&(class, scope, count)| ([("class", class), ("scope", scope)], count));
    sheet.counters("stockade_rate_limited", about, exceeded)?;
    let (shared, database) = figures.session_checks;
    let about = "Checks whether a session was revoked, by where the answer came from";
    sheet.counters(
        "stockade_session_checks",
        about,
        [([("path", "shared")], shared), ([("path", "database")], database)],
    )
}

fn queues(sheet: &mut Sheet<'_, '_>, figures: &Figures) -> fmt::Result {
    let (at_work, waiting) = figures.admission;
    let (most_at_work, most_waiting) = figures.admission_limits;
    let state = |working: usize, queued: usize| {
        [
            ([("state", "at_work")], working as i64),
            ([("state", "waiting")], queued as i64),
        ]
    };
    sheet.gauges(
        "stockade_admission_requests",
        "Requests at work, and waiting to be",
        state(at_work, waiting),
    )?;
    let about = "How many requests may be at work, and how many may wait";
    sheet.gauges(
        "stockade_admission_limit",
        about,
        state(most_at_work, most_waiting),
    )?;
    let (waiting, at_work) = figures.hashing;
    sheet.gauges(
        "stockade_hashing_jobs",
        "Passwords being hashed, and waiting to be",
        state(at_work, waiting),
    )?;
    let about = "Units of work that wait for SQLite's writer";
    sheet.gauge(
        "stockade_database_units_waiting",
        about,
        figures.units_waiting as i64,
    )?;
    if let Some(pool) = &figures.pool {
        let states = [
            ([("state", "in_use")], pool.in_use as i64),
            ([("state", "idle")], pool.idle as i64),
            ([("state", "waited_for")], pool.waited_for as i64),
        ];
        sheet.gauges(
            "stockade_database_connections",
            "Connections to PostgreSQL",
            states,
        )?;
        sheet.gauge(
            "stockade_database_connections_limit",
            "Connections at most",
            pool.most as i64,
        )?;
    }
    sheet.gauge(
        "stockade_streams_open",
        "Open streams of prices",
        figures.streams as i64,
    )?;
    let about = "Mails and webhook deliveries that are not yet made";
    let stored = &figures.stored;
    let outboxes = [
        ([("outbox", "mail")], stored.mails),
        ([("outbox", "webhooks")], stored.deliveries),
    ];
    sheet.gauges("stockade_outbox_waiting", about, outboxes)
}

fn log(sheet: &mut Sheet<'_, '_>, figures: &Figures) -> fmt::Result {
    let stored = &figures.stored;
    sheet.gauge(
        "stockade_audit_entries",
        "Numbered entries of the audit log",
        stored.log_size,
    )?;
    let about = "Committed entries that wait for a number";
    sheet.gauge("stockade_audit_entries_pending", about, stored.log_pending)?;
    let about = "Entries that a follower of the log has not read";
    let behind = stored
        .followers
        .iter()
        .map(|(name, behind)| ([("follower", name.as_str())], *behind));
    sheet.gauges("stockade_audit_follower_behind", about, behind)
}

fn process(sheet: &mut Sheet<'_, '_>, figures: &Figures) -> fmt::Result {
    let version = [([("version", env!("CARGO_PKG_VERSION"))], 1)];
    sheet.gauges("stockade_build", "The program's version", version)?;
    let (kind, up) = figures.shared_state;
    let about = "Whether the state that instances share is there";
    sheet.gauges(
        "stockade_shared_state_up",
        about,
        [([("kind", kind)], i64::from(up))],
    )?;
    let about = "Spans that could not be sent";
    let mut dropped = sheet.family("stockade_spans_dropped", about, None, MetricType::Counter)?;
    dropped.encode_counter::<NoLabelSet, _, f64>(&figures.spans_dropped, None)?;
    let process = &figures.process;
    sheet
        .family(
            "process_start_time",
            "Since when it counts",
            Some(&SECONDS),
            MetricType::Gauge,
        )?
        .encode_gauge(&figures.started_at)?;
    sheet
        .family(
            "process_resident_memory",
            "Memory in use",
            Some(&BYTES),
            MetricType::Gauge,
        )?
        .encode_gauge(&(process.resident_bytes as i64))?;
    sheet
        .family(
            "process_cpu",
            "Time on a processor",
            Some(&SECONDS),
            MetricType::Counter,
        )?
        .encode_counter::<NoLabelSet, _, f64>(&process.cpu_seconds, None)?;
    sheet
        .family(
            "process_open_fds",
            "Open files and sockets",
            None,
            MetricType::Gauge,
        )?
        .encode_gauge(&(process.open_files as i64))
}

/// Writes families one after the other.
struct Sheet<'e, 'a>(&'e mut DescriptorEncoder<'a>);

impl Sheet<'_, '_> {
    fn family(
        &mut self,
        name: &'static str,
        about: &str,
        unit: Option<&'static Unit>,
        kind: MetricType,
    ) -> Result<MetricEncoder<'_>, fmt::Error> {
        self.0.encode_descriptor(name, about, unit, kind)
    }

    fn counters<L: EncodeLabelSet>(
        &mut self,
        name: &'static str,
        about: &str,
        rows: impl IntoIterator<Item = (L, u64)>,
    ) -> fmt::Result {
        let mut family = self.family(name, about, None, MetricType::Counter)?;
        for (labels, value) in rows {
            let mut row = family.encode_family(&labels)?;
            row.encode_counter::<NoLabelSet, _, f64>(&value, None)?;
        }
        Ok(())
    }

    fn gauges<L: EncodeLabelSet>(
        &mut self,
        name: &'static str,
        about: &str,
        rows: impl IntoIterator<Item = (L, i64)>,
    ) -> fmt::Result {
        let mut family = self.family(name, about, None, MetricType::Gauge)?;
        for (labels, value) in rows {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    fn gauge(&mut self, name: &'static str, about: &str, value: i64) -> fmt::Result {
        self.family(name, about, None, MetricType::Gauge)?
            .encode_gauge(&value)
    }
}
