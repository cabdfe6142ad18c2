//! Server-sent events: what comes, in order, once, and only as long as its listener may hear it.

mod desk;
mod own;
mod slow;
