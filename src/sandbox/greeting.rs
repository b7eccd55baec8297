//! What somebody needs to use the sandbox: an endpoint, keys, names.
//!
//! Invariant: everything here is public; the keys open nothing but the sandbox.

use serde::Serialize;

use super::{
    state::Sandbox,
    world::{ToldSession, User, World},
};
use crate::domain::totp::Seed;

/// What `ebbtide sandbox` prints as one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Greeting {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// The first user's long-term key.
    pub access_key_id: String,
    /// Its secret, which is an example.
    pub secret_access_key: String,
    /// The account's home region.
    pub region: String,
    /// A role that user may assume.
    pub role_arn: String,
    /// The serial number of that user's MFA device; empty if there is none.
    pub mfa_serial: String,
    /// Its seed in base 32, as authenticator apps and `oathtool --totp --base32` take it.
    pub mfa_seed: String,
    /// Every bucket's name.
    pub buckets: Vec<String>,
}

impl Sandbox {
    /// How to use the sandbox at `endpoint`.
    pub fn greeting(&self, endpoint: &str) -> Greeting {
        let world = &self.0.world;
        let (user, role) = (&world.users[0], &world.roles[0]);
        let (mfa_serial, mfa_seed) =
            user.devices.first().map(|device| (device.serial.clone(), device.seed_text.clone())).unwrap_or_default();
        Greeting {
            endpoint: endpoint.into(),
            access_key_id: user.access_key_id.clone(),
            secret_access_key: user.secret_access_key.clone(),
            region: world.region.clone(),
            role_arn: role.arn.clone(),
            mfa_serial,
            mfa_seed,
            buckets: world.buckets.keys().cloned().collect(),
        }
    }

    /// The first user's MFA device: its serial number and seed.
    pub fn device(&self) -> Option<(&str, &Seed)> {
        self.0.world.users[0].devices.first().map(|device| (device.serial.as_str(), &device.seed))
    }

    /// The root user's MFA device: its serial number and seed.
    pub fn root_device(&self) -> Option<(&str, &Seed)> {
        self.0.world.root.devices.first().map(|device| (device.serial.as_str(), &device.seed))
    }

    /// An AWS shared config file with a profile for each user, the first as `default`; `mistyped`, whose secret is wrong;
    /// `mfa`, which names the first user's device; `root`; `session`, whose keys are temporary; and roles: `diver` needs
    /// MFA, `keeper` does not, `partner` needs an external id, and `chain` is `reader` assumed by `keeper`.
    pub fn shared_config(&self, endpoint: &str) -> String {
        let world = &self.0.world;
        let user = &world.users[0];
        let mfa = self.device().map(|(serial, _)| format!("mfa_serial = {serial}\n")).unwrap_or_default();
        let mut text = profile("default", world, user, "", endpoint);
        for user in &world.users[1..] {
            text += &profile(&format!("profile {}", user.name), world, user, "", endpoint);
        }
        text += &profile("profile mistyped", world, user, "x", endpoint);
        text += &section("profile mfa", world, &(keys(user, "") + &mfa), endpoint);
        text += &profile("profile root", world, &world.root, "", endpoint);
        let ToldSession { access_key_id, secret_access_key, session_token } = &world.session;
        let session = format!(
            "aws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\naws_session_token = \
             {session_token}\n"
        );
        text += &section("profile session", world, &session, endpoint);
        for (name, role, source, more) in [
            ("diver", "diver", "default", mfa.as_str()),
            ("keeper", "keeper", "default", ""),
            ("partner", "partner", "default", "external_id = tide-partner-42\n"),
            ("chain", "reader", "keeper", ""),
        ] {
            let role = format!("role_arn = arn:aws:iam::{}:role/{role}\nsource_profile = {source}\n", world.account);
            text += &section(&format!("profile {name}"), world, &(role + more), endpoint);
        }
        text
    }
}

fn profile(name: &str, world: &World, user: &User, typo: &str, endpoint: &str) -> String {
    section(name, world, &keys(user, typo), endpoint)
}

fn keys(user: &User, typo: &str) -> String {
    format!("aws_access_key_id = {}\naws_secret_access_key = {}{typo}\n", user.access_key_id, user.secret_access_key)
}

fn section(name: &str, world: &World, settings: &str, endpoint: &str) -> String {
    format!("[{name}]\n{settings}region = {}\nendpoint_url = {endpoint}\n\n", world.region)
}
