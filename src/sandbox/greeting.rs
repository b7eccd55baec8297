//! What somebody needs to use the sandbox: an endpoint, keys, names.
//!
//! Invariant: everything here is public; the keys open nothing but the sandbox.

use serde::Serialize;

use super::{
    Sandbox,
    world::{User, World},
};

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
    /// Every bucket's name.
    pub buckets: Vec<String>,
}

impl Sandbox {
    /// How to use the sandbox at `endpoint`.
    pub fn greeting(&self, endpoint: &str) -> Greeting {
        let world = &self.0.world;
        let (user, role) = (&world.users[0], &world.roles[0]);
        Greeting {
            endpoint: endpoint.into(),
            access_key_id: user.access_key_id.clone(),
            secret_access_key: user.secret_access_key.clone(),
            region: world.region.clone(),
            role_arn: role.arn.clone(),
            buckets: world.buckets.keys().cloned().collect(),
        }
    }

    /// An AWS shared config file with a profile for each user, the first as `default`, and one, `mistyped`, whose secret
    /// is wrong.
    pub fn shared_config(&self, endpoint: &str) -> String {
        let world = &self.0.world;
        let mut text = profile("default", world, &world.users[0], "", endpoint);
        for user in &world.users[1..] {
            text += &profile(&format!("profile {}", user.name), world, user, "", endpoint);
        }
        text + &profile("profile mistyped", world, &world.users[0], "x", endpoint)
    }
}

fn profile(section: &str, world: &World, user: &User, typo: &str, endpoint: &str) -> String {
    format!(
        "[{section}]\naws_access_key_id = {}\naws_secret_access_key = {}{typo}\nregion = {}\nendpoint_url = {endpoint}\n\n",
        user.access_key_id, user.secret_access_key, world.region
    )
}
