//! One JSON object, sent part by part while it is made, so that no export is ever whole in memory.

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::http::error::{ApiError, ApiResult};

/// Parts that wait for the client at most.
const WAITING: usize = 4;

/// Writes the members of the object.
pub(super) struct Members {
    parts: mpsc::Sender<Result<Bytes, Broken>>,
    any: bool,
    any_row: bool,
}

/// The object ended before it was whole; the connection is closed, so that the client notices.
#[derive(Debug, thiserror::Error)]
#[error("the export could not be completed")]
pub(super) struct Broken;

/// A body and the writer of its members.
pub(super) fn object() -> (Members, Body) {
    let (parts, waiting) = mpsc::channel(WAITING);
    let next = async |mut waiting: mpsc::Receiver<_>| waiting.recv().await.map(|part| (part, waiting));
    let body = Body::from_stream(stream::unfold(waiting, next));
    let members = Members {
        parts,
        any: false,
        any_row: false,
    };
    (members, body)
}

impl Members {
    /// Writes one member.
    pub(super) async fn value(&mut self, name: &str, value: &impl Serialize) -> ApiResult<()> {
        let mut text = self.name(name);
        text.extend(json(value)?);
        self.send(text).await
    }

    /// Begins a list.
    pub(super) async fn begin_list(&mut self, name: &str) -> ApiResult<()> {
        let mut text = self.name(name);
        text.push(b'[');
        self.any_row = false;
        self.send(text).await
    }

    /// Writes rows of the list that was begun.
    pub(super) async fn rows<T: Serialize>(&mut self, rows: &[T]) -> ApiResult<()> {
        let mut text = Vec::new();
        for row in rows {
            if std::mem::replace(&mut self.any_row, true) {
                text.push(b',');
            }
            text.extend(json(row)?);
        }
        self.send(text).await
    }

    /// Ends the list.
    pub(super) async fn end_list(&mut self) -> ApiResult<()> {
        self.send(b"]".to_vec()).await
    }

    /// Ends the object, or breaks the connection off when it is not whole.
    pub(super) async fn finish(mut self, written: ApiResult<()>) {
        let end = match written {
            Ok(()) => {
                self.send(if self.any { b"}".to_vec() } else { b"{}".to_vec() })
                    .await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = end {
            tracing::warn!(?error, "an export was broken off");
            let _ = self.parts.send(Err(Broken)).await;
        }
    }

    fn name(&mut self, name: &str) -> Vec<u8> {
        let before = if std::mem::replace(&mut self.any, true) {
            ','
        } else {
            '{'
        };
        format!("{before}\"{name}\":").into_bytes()
    }

    async fn send(&mut self, text: Vec<u8>) -> ApiResult<()> {
        let sent = self.parts.send(Ok(text.into())).await;
        sent.map_err(|_| ApiError::Fault("the client is gone".into()))
    }
}

fn json(value: &impl Serialize) -> ApiResult<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| ApiError::Fault(format!("no JSON form: {error}")))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use serde_json::Value;

    use super::*;

    #[tokio::test]
    async fn what_arrives_is_one_object() {
        let (mut members, body) = object();
        tokio::spawn(async move {
            let written = async {
                members.value("a", &1).await?;
                members.begin_list("b").await?;
                for page in [vec![1, 2], vec![], vec![3]] {
                    members.rows(&page).await?;
                }
                members.end_list().await?;
                members.begin_list("c").await?;
                members.end_list().await
            }
            .await;
            members.finish(written).await;
        });
        let bytes = body.collect().await.unwrap().to_bytes();
        let whole: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(whole, serde_json::json!({ "a": 1, "b": [1, 2, 3], "c": [] }));
    }

    #[tokio::test]
    async fn what_is_not_whole_breaks_off() {
        let (members, body) = object();
        members.finish(Err(ApiError::Fault("away".into()))).await;
        assert!(body.collect().await.is_err());
    }
}
