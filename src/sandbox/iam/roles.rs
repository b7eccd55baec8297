//! Roles: which there are, for how long they can be assumed, and whom they trust.
//!
//! Invariant: a trust policy is returned as it is written, URL-encoded as IAM does.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::utf8_percent_encode;

use super::call::{IamCall, no_such_entity};
use crate::sandbox::{
    error_response::ErrorResponse,
    query::{MARKER, NAME, PATH, Violations},
    reply::ServiceReply,
    request::RESERVED,
    world::SandboxRole,
    xml::Xml,
};

/// Roles on a page, where the caller does not say.
const DEFAULT_PAGE: u32 = 100;

impl IamCall<'_> {
    /// `GetRole`
    pub(super) fn get_role(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let name = self.parameters.required_text("RoleName", 1..=64, &NAME, &mut broken);
        broken.into_result()?;
        let role = self.inner.world.roles.iter().find(|role| role.name == name);
        let unknown = || format!("arn:aws:iam::{}:role/{name}", self.inner.world.account);
        self.check_permission(
            "iam:GetRole",
            &role.map_or_else(unknown, |role| role.arn.clone()),
            &format!("role {name}"),
        )?;
        let role = role.ok_or_else(|| no_such_entity("role", &name))?;
        Ok(self.action_reply("GetRole", |xml| xml.parent_element("Role", |xml| write_role(xml, role))))
    }

    /// `ListRoles`, in the order of names.
    pub(super) fn list_roles(&self) -> Result<ServiceReply, ErrorResponse> {
        let mut broken = Violations::default();
        let prefix =
            self.parameters.optional_text("PathPrefix", 1..=512, &PATH, &mut broken).unwrap_or_else(|| "/".into());
        let most = self.parameters.whole_number("MaxItems", 1..=1000, DEFAULT_PAGE, &mut broken)?;
        let marker = self.parameters.optional_text("Marker", 1..=usize::MAX, &MARKER, &mut broken);
        broken.into_result()?;
        let arn = format!("arn:aws:iam::{}:role{prefix}", self.inner.world.account);
        self.check_permission("iam:ListRoles", &arn, &arn)?;
        let after = marker.map(|marker| name_of(&marker)).transpose()?.unwrap_or_default();
        let mut roles: Vec<_> = self.inner.world.roles.iter().filter(|role| role.path.starts_with(&prefix)).collect();
        roles.retain(|role| role.name > after);
        roles.sort_unstable_by_key(|role| &role.name);
        let rest = roles.split_off(roles.len().min(usize::try_from(most).unwrap_or(usize::MAX)));
        Ok(self.action_reply("ListRoles", |xml| {
            xml.text_element("IsTruncated", if rest.is_empty() { "false" } else { "true" });
            xml.parent_element("Roles", |xml| {
                for role in &roles {
                    xml.parent_element("member", |xml| write_role(xml, role));
                }
            });
            let marker = roles.last().filter(|_| !rest.is_empty()).map(|role| marker_of(&role.name));
            xml.optional_element("Marker", marker.as_deref());
        }))
    }
}

/// What continues a listing after a role; opaque to clients.
fn marker_of(name: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(name)
}

fn name_of(marker: &str) -> Result<String, ErrorResponse> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.ok_or_else(|| ErrorResponse::bad_request("ValidationError", format!("Invalid Marker: {marker}")))
}

/// The inside of a `Role` element.
fn write_role(xml: &mut Xml, role: &SandboxRole) {
    xml.text_element("Path", &role.path);
    xml.text_element("RoleName", &role.name);
    xml.text_element("RoleId", &role.id);
    xml.text_element("Arn", &role.arn);
    xml.text_element("CreateDate", &format!("{:.0}", role.created));
    xml.text_element("AssumeRolePolicyDocument", &utf8_percent_encode(role.trust_text, RESERVED).to_string());
    xml.text_element("Description", &role.description);
    xml.text_element("MaxSessionDuration", &role.max_duration.to_string());
}
