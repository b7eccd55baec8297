//! Users and their devices.
//!
//! Invariant: whether somebody exists is told only to who may ask.

use http::StatusCode;
use jiff::SignedDuration;

use super::call::{Call, no_such_entity};
use crate::sandbox::{
    caller::Who,
    created::UserEntry,
    issued::identifier,
    query::{NAME, PATH, Violations},
    refusal::Refusal,
    reply::Reply,
    world::User,
    xml::Xml,
};

/// IAM's limit on the name of a user.
const MOST_NAME: usize = 64;

impl Call<'_> {
    /// `GetUser`, of the caller where no name is given.
    pub(super) fn get_user(&self) -> Result<Reply, Refusal> {
        let name = self.user_name()?;
        self.permit("iam:GetUser", &self.user_arn("/", &name), &format!("user {name}"))?;
        let user = self.find_user(&name).ok_or_else(|| no_such_entity("user", &name))?;
        Ok(self.reply("GetUser", |xml| xml.group("User", |xml| tell(xml, &user))))
    }

    /// `CreateUser`: a name and a path, and nothing that such a user could do.
    pub(super) fn create_user(&self) -> Result<Reply, Refusal> {
        let mut broken = Violations::default();
        let name = self.parameters.required("UserName", 1..=MOST_NAME, &NAME, &mut broken);
        let path = self.parameters.optional("Path", 1..=512, &PATH, &mut broken).unwrap_or_else(|| "/".into());
        broken.settle()?;
        self.parameters.only(&["UserName", "Path"])?;
        if !(path.starts_with('/') && path.ends_with('/')) {
            return Err(Refusal::bad("ValidationError", format!("The path {path} must begin and end with /")));
        }
        let arn = self.user_arn(&path, &name);
        self.permit("iam:CreateUser", &arn, &arn)?;
        let taken = || {
            let message = format!("User with name {name} already exists.");
            Refusal::new(StatusCode::CONFLICT, "EntityAlreadyExists", message)
        };
        if self.inner.world.users.iter().any(|user| user.name.eq_ignore_ascii_case(&name)) {
            return Err(taken());
        }
        let mut chance = [0; 17];
        getrandom::fill(&mut chance).map_err(Refusal::no_randomness)?;
        let id = format!("AIDA{}", identifier(&chance));
        let user = UserEntry { path, name: name.clone(), id, arn, created: self.now };
        let delay = SignedDuration::try_from(self.inner.settings.user_delay).unwrap_or(SignedDuration::MAX);
        self.inner
            .created
            .add(user.clone(), self.now.saturating_add(delay).unwrap_or(self.now))
            .map_err(|_| taken())?;
        Ok(self.reply("CreateUser", |xml| xml.group("User", |xml| tell(xml, &user))))
    }

    /// `ListMFADevices`, of the caller where no name is given.
    pub(super) fn list_mfa_devices(&self) -> Result<Reply, Refusal> {
        let name = self.user_name()?;
        self.permit("iam:ListMFADevices", &self.user_arn("/", &name), &format!("user {name}"))?;
        self.find_user(&name).ok_or_else(|| no_such_entity("user", &name))?;
        let users = self.told_users().filter(|user| user.name == name);
        Ok(self.reply("ListMFADevices", |xml| {
            xml.group("MFADevices", |xml| {
                for device in users.flat_map(|user| &user.devices) {
                    xml.group("member", |xml| {
                        xml.text("UserName", &name);
                        xml.text("SerialNumber", &device.serial);
                        xml.text("EnableDate", &format!("{:.0}", device.enabled));
                    });
                }
            });
            xml.text("IsTruncated", "false");
        }))
    }

    /// `UserName`, or the caller's own.
    fn user_name(&self) -> Result<String, Refusal> {
        let mut broken = Violations::default();
        let given = self.parameters.optional("UserName", 1..=128, &NAME, &mut broken);
        broken.settle()?;
        match (given, &self.caller.who) {
            (Some(name), _) => Ok(name),
            (None, Who::User(user)) => Ok(user.name.clone()),
            (None, Who::Federated(..) | Who::RoleSession(..)) => {
                Err(Refusal::bad("ValidationError", "Must specify userName when calling with non-User credentials"))
            }
        }
    }

    fn find_user(&self, name: &str) -> Option<UserEntry> {
        let known = self.told_users().find(|user| user.name == name);
        known.map(entry).or_else(|| self.inner.created.find(name, self.now))
    }

    /// The world's users. Nobody but root finds root, who is no user.
    fn told_users(&self) -> impl Iterator<Item = &User> {
        let world = &self.inner.world;
        let root = Some(&world.root).filter(|_| self.caller.is_root());
        world.users.iter().chain(root).map(AsRef::as_ref)
    }

    fn user_arn(&self, path: &str, name: &str) -> String {
        format!("arn:aws:iam::{}:user{path}{name}", self.inner.world.account)
    }
}

fn entry(user: &User) -> UserEntry {
    UserEntry {
        path: "/".into(),
        name: user.name.clone(),
        id: user.id.clone(),
        arn: user.arn.clone(),
        created: user.created,
    }
}

/// The inside of a `User` element.
fn tell(xml: &mut Xml, user: &UserEntry) {
    xml.text("Path", &user.path);
    xml.text("UserName", &user.name);
    xml.text("UserId", &user.id);
    xml.text("Arn", &user.arn);
    xml.text("CreateDate", &format!("{:.0}", user.created));
}
