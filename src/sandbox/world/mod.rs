//! The world the sandbox serves: an account, its users, roles and buckets, as `assets/sandbox/` tells it.
//!
//! Invariant: a world that was read is whole: every file it names is there, every policy can be evaluated, every
//! object's size is what reading it yields. Nothing in it changes while it is served.

mod fault;
mod files;
mod object;
mod told;

use std::{collections::BTreeMap, sync::Arc};

pub use fault::WorldError;
use jiff::Timestamp;
pub(crate) use object::Object;
use sha2::{Digest, Sha256};

use crate::domain::{
    policy::{Policy, PolicyKind},
    totp::{NotASeed, Seed},
};
use files::Files;
pub(crate) use told::ToldSession;
use told::{ToldBucket, ToldDevice, ToldRole, ToldUser, ToldWorld};

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
    pub(crate) users: Vec<Arc<User>>,
    /// The account's owner, who is no user.
    pub(crate) root: Arc<User>,
    pub(crate) roles: Vec<Arc<Role>>,
    /// By ARN: AWS's own and the account's.
    pub(crate) managed_policies: BTreeMap<String, Arc<Policy>>,
    /// Credentials of the first user's that are alive when the sandbox begins.
    pub(crate) session: ToldSession,
    pub(crate) buckets: BTreeMap<String, Bucket>,
}

/// An IAM user with long-term keys.
pub(crate) struct User {
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
pub(crate) struct Role {
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

/// A bucket with its objects in S3's order, which is that of UTF-8 bytes and so of `str`.
pub(crate) struct Bucket {
    pub(crate) region: String,
    pub(crate) created: Timestamp,
    pub(crate) policy: Option<Policy>,
    /// The policy as it is written.
    pub(crate) policy_text: Option<&'static str>,
    pub(crate) objects: BTreeMap<String, Object>,
}

impl World {
    /// Reads the world that is compiled in.
    pub(crate) fn read() -> Result<Self, WorldError> {
        Self::read_from(Files::COMPILED_IN)
    }

    fn read_from(files: Files) -> Result<Self, WorldError> {
        let told: ToldWorld = toml::from_str(files.text("world.toml", "world.toml")?).map_err(|error| WorldError {
            file: "world.toml".into(),
            what: error.to_string().trim_end().replace('\n', " "),
        })?;
        if !told.regions.contains(&told.region) {
            return Err(wrong(format!("region {} is not among regions", told.region)));
        }
        if told.users.is_empty() || told.roles.is_empty() {
            return Err(wrong("at least one user and one role are needed"));
        }
        let mut buckets = BTreeMap::new();
        for bucket in told.buckets {
            let name = bucket.name.clone();
            if !told.regions.contains(&bucket.region) {
                return Err(wrong(format!("bucket {name}: region {} is not among regions", bucket.region)));
            }
            if buckets.insert(name.clone(), Bucket::read(bucket, files)?).is_some() {
                return Err(wrong(format!("bucket {name} is defined twice")));
            }
        }
        let account = told.account;
        let managed = told
            .managed_policies
            .into_iter()
            .map(|managed| Ok((managed.arn, Arc::new(read_policy(&managed.policy, PolicyKind::Identity, files)?))));
        Ok(Self {
            root: User::read_root(told.root, &account, files)?,
            managed_policies: managed.collect::<Result<_, _>>()?,
            session: told.session,
            users: told
                .users
                .into_iter()
                .map(|user| User::read(user, &account, files).map(Arc::new))
                .collect::<Result<_, _>>()?,
            roles: told.roles.into_iter().map(|role| Role::read(role, &account, files)).collect::<Result<_, _>>()?,
            owner: hex::encode(Sha256::digest(&account)),
            account,
            region: told.region,
            regions: told.regions,
            buckets,
        })
    }

    /// The user whose long-term key this is.
    pub(crate) fn user_of_key(&self, access_key_id: &str) -> Option<&Arc<User>> {
        self.users.iter().chain([&self.root]).find(|user| user.access_key_id == access_key_id)
    }
}

impl User {
    fn read(told: ToldUser, account: &str, files: Files) -> Result<Self, WorldError> {
        let device = |device| Device::read(device, account);
        Ok(Self {
            arn: format!("arn:aws:iam::{account}:user/{}", told.name),
            policy: read_policy(&told.policy, PolicyKind::Identity, files)?,
            devices: told.devices.into_iter().map(device).collect::<Result<_, _>>()?,
            is_root: false,
            name: told.name,
            id: told.id,
            created: told.created,
            access_key_id: told.access_key_id,
            secret_access_key: told.secret_access_key,
        })
    }

    /// The root user, who goes by the account's own id.
    fn read_root(told: ToldUser, account: &str, files: Files) -> Result<Arc<Self>, WorldError> {
        let arn = format!("arn:aws:iam::{account}:root");
        Ok(Arc::new(Self { arn, id: account.into(), is_root: true, ..Self::read(told, account, files)? }))
    }
}

impl Device {
    fn read(told: ToldDevice, account: &str) -> Result<Self, WorldError> {
        let seed = told.seed.parse().map_err(|error: NotASeed| wrong(format!("device {}: {error}", told.name)))?;
        let serial = format!("arn:aws:iam::{account}:mfa/{}", told.name);
        Ok(Self { serial, enabled: told.enabled, seed, seed_text: told.seed })
    }
}

impl Role {
    fn read(told: ToldRole, account: &str, files: Files) -> Result<Arc<Self>, WorldError> {
        Ok(Arc::new(Self {
            arn: format!("arn:aws:iam::{account}:role{}{}", told.path, told.name),
            trust: read_policy(&told.trust, PolicyKind::Trust, files)?,
            trust_text: files.text(&told.trust, "world.toml")?,
            policy: read_policy(&told.policy, PolicyKind::Identity, files)?,
            max_duration: told.max_duration.as_secs(),
            path: told.path,
            created: told.created,
            description: told.description,
            name: told.name,
            id: told.id,
        }))
    }
}

impl Bucket {
    fn read(told: ToldBucket, files: Files) -> Result<Self, WorldError> {
        let mut objects = BTreeMap::new();
        let single = told.objects.into_iter().map(|object| Object::read(object, files));
        let series = told.series.iter().flat_map(Object::read_series);
        for found in single.chain(series) {
            let (key, object) = found.map_err(|what| wrong(format!("bucket {}: {what}", told.name)))?;
            if !(1..=1024).contains(&key.len()) {
                return Err(wrong(format!(
                    "bucket {}: {key:?} has {} bytes; 1 to 1024 are allowed",
                    told.name,
                    key.len()
                )));
            }
            if let Some(twice) = objects.insert(key.clone(), object).map(|_| key) {
                return Err(wrong(format!("bucket {}: {twice:?} is defined twice", told.name)));
            }
        }
        let policy = told.policy.as_deref().map(|file| read_bucket_policy(file, files)).transpose()?;
        let policy_text = told.policy.as_deref().map(|file| files.text(file, "world.toml")).transpose()?;
        Ok(Self { region: told.region, created: told.created, policy, policy_text, objects })
    }
}

fn read_policy(file: &str, kind: PolicyKind, files: Files) -> Result<Policy, WorldError> {
    Policy::read(files.text(file, "world.toml")?, kind).map_err(|what| WorldError { file: file.into(), what })
}

/// A bucket's policy, which here may only deny, to everyone: what one allows is added to nobody's rights.
fn read_bucket_policy(file: &str, files: Files) -> Result<Policy, WorldError> {
    let policy = read_policy(file, PolicyKind::Resource, files)?;
    if policy.only_denies_everyone() {
        return Ok(policy);
    }
    Err(WorldError { file: file.into(), what: "a bucket's policy can only Deny, to the Principal \"*\"".into() })
}

fn wrong(what: impl Into<String>) -> WorldError {
    WorldError { file: "world.toml".into(), what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&str) -> String;

    /// The world with one of its files changed.
    fn world(file: &'static str, change: Change) -> Result<World, WorldError> {
        let mut files = Files::COMPILED_IN.0.to_vec();
        for (_, text) in files.iter_mut().filter(|(name, _)| *name == file) {
            *text = change(text).leak();
        }
        World::read_from(Files(files.leak()))
    }

    #[test]
    fn the_world_has_what_the_tests_and_the_demo_look_for() {
        let world = World::read().unwrap();
        let flat = &world.buckets["tide-logs"].objects;
        assert!(flat.keys().filter(|key| key.starts_with("readings/2026/")).count() >= 12_000);
        let odd = &world.buckets["tide-oddities"].objects;
        for (what, there) in [
            ("an escape", odd.keys().any(|key| key.contains('\u{1b}'))),
            ("a right-to-left override", odd.keys().any(|key| key.contains('\u{202e}'))),
            ("the longest key", odd.keys().any(|key| key.len() == 1024)),
            ("a leading slash", odd.keys().any(|key| key.starts_with('/'))),
            ("an empty step", odd.keys().any(|key| key.contains("//"))),
            ("a folder marker", odd.iter().any(|(key, object)| key.ends_with('/') && object.size == 0)),
        ] {
            assert!(there, "{what}");
        }
        assert_eq!(world.buckets["tide-eu"].region, "eu-west-1");
    }

    #[test]
    fn an_object_is_as_long_as_it_says() {
        let world = World::read().unwrap();
        let objects = world.buckets.values().flat_map(|bucket| bucket.objects.iter().step_by(97));
        for (key, object) in objects.filter(|(_, object)| !object.is_archived()) {
            assert_eq!(object.content().len() as u64, object.size, "{key:?}");
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
