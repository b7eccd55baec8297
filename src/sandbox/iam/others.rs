//! The calls of IAM that the sandbox does not have, by the name that the call and its action share.
//!
//! Invariant: whoever may not make one is denied in its name, and everybody else told that it is not here; only what is no
//! call of IAM's at all is unknown.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html>

use super::call::Call;
use crate::sandbox::refusal::Refusal;

/// Lists of one kind, which are about all of that kind below a path.
const LISTS: [(&str, &str); 4] = [
    ("ListGroups", "group"),
    ("ListInstanceProfiles", "instance-profile"),
    ("ListPolicies", "policy"),
    ("ListUsers", "user"),
];
/// Parameters that name what a call is about, and the kind of it.
const SUBJECTS: [(&str, &str); 4] =
    [("UserName", "user"), ("RoleName", "role"), ("GroupName", "group"), ("InstanceProfileName", "instance-profile")];
/// Parameters that name it by an ARN.
const ARNS: [&str; 4] = ["PolicyArn", "SAMLProviderArn", "OpenIDConnectProviderArn", "PolicySourceArn"];

impl Call<'_> {
    /// A call that is not here: denied in its own name, or not implemented.
    pub(super) fn refuse_other(&self, name: &str) -> Refusal {
        let (arn, shown) = self.subject(name);
        match self.permit(&format!("iam:{name}"), &arn, &shown) {
            Err(denied) => denied,
            Ok(()) => Refusal::no_such_call(name),
        }
    }

    /// What a call is about: its ARN, and how IAM names it in a denial.
    fn subject(&self, name: &str) -> (String, String) {
        let account = &self.inner.world.account;
        if let Some((_, kind)) = LISTS.iter().find(|(list, _)| *list == name) {
            let arn = format!("arn:aws:iam::{account}:{kind}{}", self.parameters.get("PathPrefix").unwrap_or("/"));
            return (arn.clone(), arn);
        }
        let named = SUBJECTS.iter().find_map(|(parameter, kind)| Some((kind, self.parameters.get(parameter)?)));
        if let Some((kind, called)) = named {
            return (format!("arn:aws:iam::{account}:{kind}/{called}"), format!("{kind} {called}"));
        }
        let arn = ARNS.iter().find_map(|parameter| self.parameters.get(parameter)).unwrap_or("*");
        (arn.into(), arn.into())
    }
}

/// Every call of IAM's but those of [`super::ACTIONS`].
#[rustfmt::skip] // a list of names
pub(super) const OTHERS: [&str; 175] = [
    "AcceptDelegationRequest", "AcquireRole", "AddClientIDToOpenIDConnectProvider",
    "AddRoleToInstanceProfile", "AddUserToGroup", "AssociateDelegationRequest",
    "AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy",
    "ChangePassword", "CreateAccessKey", "CreateAccountAlias",
    "CreateDelegationRequest", "CreateGroup", "CreateInstanceProfile",
    "CreateLoginProfile", "CreateOpenIDConnectProvider", "CreatePolicy",
    "CreatePolicyVersion", "CreateRole", "CreateSAMLProvider",
    "CreateServiceLinkedRole", "CreateServiceSpecificCredential", "CreateVirtualMFADevice",
    "DeactivateMFADevice", "DeleteAccessKey", "DeleteAccountAlias",
    "DeleteAccountPasswordPolicy", "DeleteGroup", "DeleteGroupPolicy",
    "DeleteInstanceProfile", "DeleteLoginProfile", "DeleteOpenIDConnectProvider",
    "DeletePolicy", "DeletePolicyVersion", "DeleteRole",
    "DeleteRolePermissionsBoundary", "DeleteRolePolicy", "DeleteSAMLProvider",
    "DeleteSSHPublicKey", "DeleteServerCertificate", "DeleteServiceLinkedRole",
    "DeleteServiceSpecificCredential", "DeleteSigningCertificate", "DeleteUser",
    "DeleteUserPermissionsBoundary", "DeleteUserPolicy", "DeleteVirtualMFADevice",
    "DetachGroupPolicy", "DetachRolePolicy", "DetachUserPolicy",
    "DisableOrganizationsRootCredentialsManagement", "DisableOrganizationsRootSessions", "DisableOutboundWebIdentityFederation",
    "EnableMFADevice", "EnableOrganizationsRootCredentialsManagement", "EnableOrganizationsRootSessions",
    "EnableOutboundWebIdentityFederation", "GenerateCredentialReport", "GenerateOrganizationsAccessReport",
    "GenerateServiceLastAccessedDetails", "GetAccessKeyLastUsed", "GetAccountAuthorizationDetails",
    "GetAccountPasswordPolicy", "GetAccountProperties", "GetAccountSummary",
    "GetContextKeysForCustomPolicy", "GetContextKeysForPrincipalPolicy", "GetCredentialReport",
    "GetDelegationRequest", "GetGroup", "GetGroupPolicy",
    "GetHumanReadableSummary", "GetInstanceProfile", "GetLoginProfile",
    "GetMFADevice", "GetOpenIDConnectProvider", "GetOrganizationsAccessReport",
    "GetOutboundWebIdentityFederationInfo", "GetPolicy", "GetPolicyVersion",
    "GetRolePolicy", "GetRoleTemplateVersion", "GetSAMLProvider",
    "GetSSHPublicKey", "GetServerCertificate", "GetServiceLastAccessedDetails",
    "GetServiceLastAccessedDetailsWithEntities", "GetServiceLinkedRoleDeletionStatus", "GetUserPolicy",
    "ListAccessKeys", "ListAccountAliases", "ListAttachedGroupPolicies",
    "ListAttachedRolePolicies", "ListAttachedUserPolicies", "ListDelegationRequests",
    "ListEntitiesForPolicy", "ListGroupPolicies", "ListGroups",
    "ListGroupsForUser", "ListInstanceProfileTags", "ListInstanceProfiles",
    "ListInstanceProfilesForRole", "ListMFADeviceTags", "ListOpenIDConnectProviderTags",
    "ListOpenIDConnectProviders", "ListOrganizationsFeatures", "ListPolicies",
    "ListPoliciesGrantingServiceAccess", "ListPolicyTags", "ListPolicyVersions",
    "ListRolePolicies", "ListRoleTags", "ListSAMLProviderTags",
    "ListSAMLProviders", "ListSSHPublicKeys", "ListServerCertificateTags",
    "ListServerCertificates", "ListServiceSpecificCredentials", "ListSigningCertificates",
    "ListUserPolicies", "ListUserTags", "ListUsers",
    "ListVirtualMFADevices", "PutAccountProperties", "PutGroupPolicy",
    "PutRolePermissionsBoundary", "PutRolePolicy", "PutUserPermissionsBoundary",
    "PutUserPolicy", "RejectDelegationRequest", "RemoveClientIDFromOpenIDConnectProvider",
    "RemoveRoleFromInstanceProfile", "RemoveUserFromGroup", "ResetServiceSpecificCredential",
    "ResyncMFADevice", "SendDelegationToken", "SetDefaultPolicyVersion",
    "SetSecurityTokenServicePreferences", "SimulateCustomPolicy", "SimulatePrincipalPolicy",
    "TagInstanceProfile", "TagMFADevice", "TagOpenIDConnectProvider",
    "TagPolicy", "TagRole", "TagSAMLProvider",
    "TagServerCertificate", "TagUser", "UntagInstanceProfile",
    "UntagMFADevice", "UntagOpenIDConnectProvider", "UntagPolicy",
    "UntagRole", "UntagSAMLProvider", "UntagServerCertificate",
    "UntagUser", "UpdateAccessKey", "UpdateAccountPasswordPolicy",
    "UpdateAssumeRolePolicy", "UpdateDelegationRequest", "UpdateGroup",
    "UpdateLoginProfile", "UpdateOpenIDConnectProviderThumbprint", "UpdateRole",
    "UpdateRoleDescription", "UpdateSAMLProvider", "UpdateSSHPublicKey",
    "UpdateServerCertificate", "UpdateServiceSpecificCredential", "UpdateSigningCertificate",
    "UpdateUser", "UploadSSHPublicKey", "UploadServerCertificate",
    "UploadSigningCertificate",
];
