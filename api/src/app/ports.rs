//! Time and ids: the only file that reads the clock or makes up an id.

#![allow(clippy::disallowed_methods, reason = "this is the one place where they are allowed")]

use chrono::{DateTime, Utc};
use eventstore::Ports;
use uuid::Uuid;

/// The computer's clock and random, time-ordered ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPorts;

impl Ports for SystemPorts {
    fn now(&self) -> DateTime<Utc> {
        #[cfg(feature = "failpoints")]
        return Utc::now() + super::fail_points::clock_error();
        #[cfg(not(feature = "failpoints"))]
        Utc::now()
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn random(&self) -> [u8; 32] {
        random_bytes()
    }
}

/// 32 random bytes: a token, or a key.
pub fn random_bytes() -> [u8; 32] {
    rand::random()
}

/// A random id that tells nothing of its time.
pub fn random_id() -> Uuid {
    Uuid::new_v4()
}
