//! The world the sandbox serves: an account, its users, roles and buckets, as `assets/sandbox/` tells it.
//!
//! Invariant: a world that was read is whole: every file it names is there, every policy can be evaluated, every
//! object's size is what reading it yields. Nothing in it changes while it is served.

mod bucket;
mod configured;
mod content;
mod digests;
mod fault;
mod files;
mod history;
mod numbered_lines;
mod object;
mod properties;

use std::{collections::BTreeMap, sync::Arc};

pub use fault::WorldError;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::{
    policy::{Policy, PolicyKind},
    totp::{NotASeed, Seed},
};
pub(crate) use bucket::SandboxBucket;
use configured::{ConfiguredDevice, ConfiguredRole, ConfiguredUser, ConfiguredWorld};
pub(crate) use configured::{ConfiguredLifecycle, ConfiguredSession};
pub(crate) use content::ContentReader;
use files::WorldFiles;
pub(crate) use history::{KeyHistory, KeyVersion, VersionState, is_version_id};
pub(crate) use object::SandboxObject;
pub(crate) use properties::{ObjectAnnotation, RestoreState};

/// Everything there is.
pub(crate) struct World {
    /// Twelve digits.
    pub(crate) account: String,
    /// The account as S3 names it: its canonical user id.
    pub(crate) owner: String,
    /// Where the account is at home.
    pub(crate) region: String,
    /// The regions a request may be signed for.
    pub(crate) regions: Vec<String>,
    /// The first is the one the greeting presents.
    pub(crate) users: Vec<Arc<SandboxUser>>,
    /// The account's owner, who is no user.
    pub(crate) root: Arc<SandboxUser>,
    pub(crate) roles: Vec<Arc<SandboxRole>>,
    /// By ARN: AWS's own and the account's.
    pub(crate) managed_policies: BTreeMap<String, Arc<Policy>>,
    /// Credentials of the first user's that are alive when the sandbox begins.
    pub(crate) session: ConfiguredSession,
    pub(crate) buckets: BTreeMap<String, SandboxBucket>,
}

/// An IAM user with long-term keys.
pub(crate) struct SandboxUser {
    pub(crate) name: String,
    /// `AIDA…`
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: Timestamp,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) policy: Policy,
    pub(crate) is_root: bool,
    pub(crate) devices: Vec<Device>,
}

/// A virtual MFA device.
pub(crate) struct Device {
    /// `arn:aws:iam::…:mfa/…`
    pub(crate) serial: String,
    pub(crate) enabled: Timestamp,
    pub(crate) seed: Seed,
    /// The seed as authenticator apps take it: base 32.
    pub(crate) seed_text: String,
}

/// A role that can be assumed.
pub(crate) struct SandboxRole {
    pub(crate) name: String,
    /// `AROA…`
    pub(crate) id: String,
    pub(crate) arn: String,
    /// Between slashes; part of the ARN, but not of its sessions'.
    pub(crate) path: String,
    pub(crate) created: Timestamp,
    pub(crate) description: String,
    /// `MaxSessionDuration`, in seconds.
    pub(crate) max_duration: u32,
    pub(crate) trust: Policy,
    /// The trust policy as it is written.
    pub(crate) trust_text: &'static str,
    pub(crate) policy: Policy,
}

impl World {
    /// Reads the world that is compiled in.
    pub(crate) fn read_embedded() -> Result<Self, WorldError> {
        Self::read_from(WorldFiles::COMPILED_IN)
    }

    fn read_from(files: WorldFiles) -> Result<Self, WorldError> {
        let config: ConfiguredWorld =
            toml::from_str(files.read_text("world.toml", "world.toml")?).map_err(|error| WorldError {
                file: "world.toml".into(),
                what: error.to_string().trim_end().replace('\n', " "),
            })?;
        if !config.regions.contains(&config.region) {
            return Err(WorldError::of_world(format!("region {} is not among regions", config.region)));
        }
        if config.users.is_empty() || config.roles.is_empty() {
            return Err(WorldError::of_world("at least one user and one role are needed"));
        }
        let mut buckets = BTreeMap::new();
        for bucket in config.buckets {
            let name = bucket.name.clone();
            if !config.regions.contains(&bucket.region) {
                return Err(WorldError::of_world(format!(
                    "bucket {name}: region {} is not among regions",
                    bucket.region
                )));
            }
            if buckets.insert(name.clone(), SandboxBucket::from_config(bucket, files)?).is_some() {
                return Err(WorldError::of_world(format!("bucket {name} is defined twice")));
            }
        }
        let account = config.account;
        let managed = config
            .managed_policies
            .into_iter()
            .map(|managed| Ok((managed.arn, Arc::new(files.read_policy(&managed.policy, PolicyKind::Identity)?))));
        Ok(Self {
            root: SandboxUser::read_root(config.root, &account, files)?,
            managed_policies: managed.collect::<Result<_, _>>()?,
            session: config.session,
            users: config
                .users
                .into_iter()
                .map(|user| SandboxUser::from_config(user, &account, files).map(Arc::new))
                .collect::<Result<_, _>>()?,
            roles: config
                .roles
                .into_iter()
                .map(|role| SandboxRole::from_config(role, &account, files))
                .collect::<Result<_, _>>()?,
            owner: hex::encode(Sha256::digest(&account)),
            account,
            region: config.region,
            regions: config.regions,
            buckets,
        })
    }

    /// The user whose long-term key this is.
    pub(crate) fn user_of_key(&self, access_key_id: &str) -> Option<&Arc<SandboxUser>> {
        self.users.iter().chain([&self.root]).find(|user| user.access_key_id == access_key_id)
    }
}

impl SandboxUser {
    fn from_config(config: ConfiguredUser, account: &str, files: WorldFiles) -> Result<Self, WorldError> {
        let device = |device| Device::from_config(device, account);
        Ok(Self {
            arn: format!("arn:aws:iam::{account}:user/{}", config.name),
            policy: files.read_policy(&config.policy, PolicyKind::Identity)?,
            devices: config.devices.into_iter().map(device).collect::<Result<_, _>>()?,
            is_root: false,
            name: config.name,
            id: config.id,
            created: config.created,
            access_key_id: config.access_key_id,
            secret_access_key: config.secret_access_key,
        })
    }

    /// The root user, who goes by the account's own id.
    fn read_root(config: ConfiguredUser, account: &str, files: WorldFiles) -> Result<Arc<Self>, WorldError> {
        let arn = format!("arn:aws:iam::{account}:root");
        Ok(Arc::new(Self { arn, id: account.into(), is_root: true, ..Self::from_config(config, account, files)? }))
    }
}

impl Device {
    fn from_config(config: ConfiguredDevice, account: &str) -> Result<Self, WorldError> {
        let seed = config
            .seed
            .parse()
            .map_err(|error: NotASeed| WorldError::of_world(format!("device {}: {error}", config.name)))?;
        let serial = format!("arn:aws:iam::{account}:mfa/{}", config.name);
        Ok(Self { serial, enabled: config.enabled, seed, seed_text: config.seed })
    }
}

impl SandboxRole {
    fn from_config(config: ConfiguredRole, account: &str, files: WorldFiles) -> Result<Arc<Self>, WorldError> {
        Ok(Arc::new(Self {
            arn: format!("arn:aws:iam::{account}:role{}{}", config.path, config.name),
            trust: files.read_policy(&config.trust, PolicyKind::Trust)?,
            trust_text: files.read_text(&config.trust, "world.toml")?,
            policy: files.read_policy(&config.policy, PolicyKind::Identity)?,
            max_duration: config.max_duration.as_secs(),
            path: config.path,
            created: config.created,
            description: config.description,
            name: config.name,
            id: config.id,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&str) -> String;

    /// The world with one of its files changed.
    fn world(file: &'static str, change: Change) -> Result<World, WorldError> {
        let mut files = WorldFiles::COMPILED_IN.0.to_vec();
        for (_, text) in files.iter_mut().filter(|(name, _)| *name == file) {
            *text = change(std::str::from_utf8(text).unwrap()).leak().as_bytes();
        }
        World::read_from(WorldFiles(files.leak()))
    }

    #[test]
    fn the_world_has_what_the_tests_and_the_demo_look_for() {
        let world = World::read_embedded().unwrap();
        let flat = &world.buckets["tide-logs"].objects;
        assert!(flat.keys().filter(|key| key.starts_with("readings/2026/")).count() >= 12_000);
        let odd = &world.buckets["tide-oddities"].objects;
        for (what, there) in [
            ("an escape", odd.keys().any(|key| key.contains('\u{1b}'))),
            ("a right-to-left override", odd.keys().any(|key| key.contains('\u{202e}'))),
            ("the longest key", odd.keys().any(|key| key.len() == 1024)),
            ("a leading slash", odd.keys().any(|key| key.starts_with('/'))),
            ("an empty step", odd.keys().any(|key| key.contains("//"))),
            ("a folder marker", odd.iter().any(|(key, one)| key.ends_with('/') && one.current().unwrap().size == 0)),
        ] {
            assert!(there, "{what}");
        }
        assert_eq!(world.buckets["tide-eu"].region, "eu-west-1");
    }

    #[test]
    fn an_object_is_as_long_as_it_says() {
        let world = World::read_embedded().unwrap();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let buckets = world.buckets.iter();
        let keys = buckets
            .flat_map(|(name, bucket)| bucket.objects.iter().step_by(if name == "tide-objects" { 1 } else { 97 }));
        let objects = keys.flat_map(|(key, one)| one.versions().map(move |version| (key, version)));
        for (key, version) in objects {
            let VersionState::Object(object) = &version.state else { continue };
            if object.is_archived(now, now) {
                continue;
            }
            let first = object.read(0..object.size).next().map_or(0, |bytes| bytes.len() as u64);
            assert!(first == object.size || first == 64 << 10, "{key:?} gives {first}");
            let last = object.read(object.size.saturating_sub(9)..object.size);
            assert_eq!(last.map(|bytes| bytes.len() as u64).sum::<u64>(), object.size.min(9), "{key:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_file() {
        const WORLD: &str = "world.toml";
        let rows: [(&str, Change, &str); 8] = [
            (WORLD, |toml| toml.replace("account =", "acount ="), "world.toml: "),
            (WORLD, |toml| toml.replace("region = \"eu-west-1\"", "region = \"eu-nowhere-1\""), "eu-nowhere-1"),
            (WORLD, |toml| toml.replace("policies/ana.json", "policies/none.json"), "policies/none.json"),
            (WORLD, |toml| toml.replace("objects/README.md", "objects/none.md"), "objects/none.md"),
            (WORLD, |toml| toml.replace("max_duration = \"1h\"", "max_duration = \"soon\""), "not a duration"),
            (WORLD, |toml| toml.replace("\"GLACIER\"", "\"ICE\""), "ICE"),
            (WORLD, |toml| toml.replace("tide-vault", "tide-eu"), "tide-eu is defined twice"),
            (
                "policies/ana.json",
                |json| json.replace("\"Effect\"", "\"Efect\""),
                "policies/ana.json: unknown element Efect",
            ),
        ];
        for (file, change, named) in rows {
            let error = world(file, change).err().expect("the change breaks the world").to_string();
            assert!(error.starts_with("assets/sandbox/") && error.contains(named), "{error}");
        }
    }
}
