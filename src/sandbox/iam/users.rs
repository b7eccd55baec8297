//! Users and their devices.
//!
//! Invariant: whether a user exists is shown only to callers that may know it.

use http::StatusCode;
use jiff::SignedDuration;

use super::call::{IamCall, no_such_entity};
use crate::sandbox::{
    created_users::UserEntry,
    credentials::base32_identifier,
    error_response::ErrorResponse,
    principal::PrincipalKind,
    query::{NAME, PATH, Violations},
    reply::ServiceReply,
    world::SandboxUser,
    xml::Xml,
};

/// IAM's limit on the name of a user.
const MOST_NAME: usize = 64;

impl IamCall<'_> {
    /// `GetUser`, of the caller where no name is given.
    pub(super) fn get_user(&self) -> Result<ServiceReply, ErrorResponse> {
        let name = self.user_name()?;
        self.check_permission("iam:GetUser", &self.user_arn("/", &name), &format!("user {name}"))?;
        let user = self.find_user(&name).ok_or_else(|| no_such_entity("user", &name))?;
        Ok(self.action_reply("GetUser", |xml| xml.parent_element("User", |xml| write_user(xml, &user))))
    }

    /// `CreateUser`: a name and a path, and nothing that such a user could do.
    pub(super) fn create_user(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let name = self.parameters.required_text("UserName", 1..=MOST_NAME, &NAME, &mut broken);
        let path = self.parameters.optional_text("Path", 1..=512, &PATH, &mut broken).unwrap_or_else(|| "/".into());
        broken.into_result()?;
        self.parameters.refuse_unknown(&["UserName", "Path"])?;
        if !(path.starts_with('/') && path.ends_with('/')) {
            return Err(ErrorResponse::bad_request(
                "ValidationError",
                format!("The path {path} must begin and end with /"),
            ));
        }
        let arn = self.user_arn(&path, &name);
        self.check_permission("iam:CreateUser", &arn, &arn)?;
        let taken = || {
            let message = format!("User with name {name} already exists.");
            ErrorResponse::new(StatusCode::CONFLICT, "EntityAlreadyExists", message)
        };
        if self.inner.world.users.iter().any(|user| user.name.eq_ignore_ascii_case(&name)) {
            return Err(taken());
        }
        let mut chance = [0; 17];
        getrandom::fill(&mut chance).map_err(ErrorResponse::no_randomness)?;
        let id = format!("AIDA{}", base32_identifier(&chance));
        let user = UserEntry { path, name: name.clone(), id, arn, created: self.now };
        let delay = SignedDuration::try_from(self.inner.settings.user_delay).unwrap_or(SignedDuration::MAX);
        self.inner
            .created
            .add(user.clone(), self.now.saturating_add(delay).unwrap_or(self.now))
            .map_err(|_| taken())?;
        Ok(self.action_reply("CreateUser", |xml| xml.parent_element("User", |xml| write_user(xml, &user))))
    }

    /// `ListMFADevices`, of the caller where no name is given.
    pub(super) fn list_mfa_devices(&self) -> Result<ServiceReply, ErrorResponse> {
        let name = self.user_name()?;
        self.check_permission("iam:ListMFADevices", &self.user_arn("/", &name), &format!("user {name}"))?;
        self.find_user(&name).ok_or_else(|| no_such_entity("user", &name))?;
        let users = self.told_users().filter(|user| user.name == name);
        Ok(self.action_reply("ListMFADevices", |xml| {
            xml.parent_element("MFADevices", |xml| {
                for device in users.flat_map(|user| &user.devices) {
                    xml.parent_element("member", |xml| {
                        xml.text_element("UserName", &name);
                        xml.text_element("SerialNumber", &device.serial);
                        xml.text_element("EnableDate", &format!("{:.0}", device.enabled));
                    });
                }
            });
            xml.text_element("IsTruncated", "false");
        }))
    }

    /// `UserName`, or the caller's own.
    fn user_name(&self) -> Result<String, ErrorResponse> {
        let mut broken = Violations::default();
        let given = self.parameters.optional_text("UserName", 1..=128, &NAME, &mut broken);
        broken.into_result()?;
        match (given, &self.caller.who) {
            (Some(name), _) => Ok(name),
            (None, PrincipalKind::User(user)) => Ok(user.name.clone()),
            (None, PrincipalKind::Federated(..) | PrincipalKind::RoleSession(..)) => Err(ErrorResponse::bad_request(
                "ValidationError",
                "Must specify userName when calling with non-User credentials",
            )),
        }
    }

    fn find_user(&self, name: &str) -> Option<UserEntry> {
        let known = self.told_users().find(|user| user.name == name);
        known.map(user_entry).or_else(|| self.inner.created.find(name, self.now))
    }

    /// The world's users. Only root finds root, which is not a user.
    fn told_users(&self) -> impl Iterator<Item = &SandboxUser> {
        let world = &self.inner.world;
        let root = Some(&world.root).filter(|_| self.caller.is_root());
        world.users.iter().chain(root).map(AsRef::as_ref)
    }

    fn user_arn(&self, path: &str, name: &str) -> String {
        format!("arn:aws:iam::{}:user{path}{name}", self.inner.world.account)
    }
}

fn user_entry(user: &SandboxUser) -> UserEntry {
    UserEntry {
        path: "/".into(),
        name: user.name.clone(),
        id: user.id.clone(),
        arn: user.arn.clone(),
        created: user.created,
    }
}

/// The inside of a `User` element.
fn write_user(xml: &mut Xml, user: &UserEntry) {
    xml.text_element("Path", &user.path);
    xml.text_element("UserName", &user.name);
    xml.text_element("UserId", &user.id);
    xml.text_element("Arn", &user.arn);
    xml.text_element("CreateDate", &format!("{:.0}", user.created));
}
