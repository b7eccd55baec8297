//! The codes of MFA devices that were taken.
//!
//! Invariant: a code is taken once, in its own window and the one on either side.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use super::world::Device;

/// Which codes were taken: the serial number and the window.
#[derive(Default)]
pub(crate) struct UsedCodes(Mutex<BTreeSet<(String, i64)>>);

impl UsedCodes {
    /// Takes a device's code, if it is one of now and was not taken before.
    pub(super) fn take(&self, device: &Device, code: &str, now: i64) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|(_, window)| *window >= now - 1);
        let mut windows = (now - 1..=now + 1).filter(|window| device.seed.code_of(*window) == code);
        windows.any(|window| used.insert((device.serial.clone(), window)))
    }
}
