//! Effects that call IAM, with the profile's own credentials.
//!
//! Invariant: roles come page by page under one number, and the last page says so; every other question gets one answer.

use super::hands::{Hands, caught};
use crate::{
    app::{Generation, Message},
    domain::{
        failure::{Failure, FailureKind},
        iam::{OfferedRole, Role, RoleName},
        profile::SourceOptions,
    },
};

impl Hands {
    /// Every role, with the forecast for the caller.
    pub(super) async fn list_roles(self, generation: Generation, options: SourceOptions) {
        let pages = async {
            let source = self.aws.source(&options).await?;
            let credentials = source.own_credentials().await?;
            let caller = source.caller_identity(&credentials).await?;
            let iam = source.iam_with(&credentials);
            let mut pages = iam.role_pages(None);
            while let Some(roles) = pages.next().await? {
                let roles = roles.into_iter().map(|role| OfferedRole::to(role, &caller)).collect();
                self.reply(Message::RolesArrived { generation, outcome: Ok((roles, pages.has_more())) }).await;
            }
            Ok(())
        };
        if let Err(failure) = caught("list", "the roles", pages).await {
            self.reply(Message::RolesArrived { generation, outcome: Err(failure) }).await;
        }
    }

    pub(super) async fn find_role(self, options: SourceOptions, role_arn: String) {
        let outcome = caught("find", &role_arn, Box::pin(self.role(&options, &role_arn))).await;
        self.reply(Message::RoleFound { source: options, role_arn, outcome }).await;
    }

    async fn role(&self, options: &SourceOptions, role_arn: &str) -> Result<Option<Role>, Failure> {
        let wanted = RoleName::parse(role_arn)
            .ok_or_else(|| Failure::local(FailureKind::Invalid, "find", role_arn, "not a role's ARN"))?;
        self.aws.source(options).await?.iam().await?.role(wanted).await
    }

    pub(super) async fn find_mfa_devices(self, source: SourceOptions) {
        let asked = async { self.aws.source(&source).await?.iam().await?.mfa_devices().await };
        let outcome = caught("list", "the MFA devices", Box::pin(asked)).await;
        self.reply(Message::MfaDevicesFound { source, outcome }).await;
    }

    pub(super) async fn find_user(self, generation: Generation, options: SourceOptions, name: String) {
        let asked = async { self.aws.source(&options).await?.iam().await?.user(&name).await };
        let outcome = caught("find the user", &name, Box::pin(asked)).await;
        self.reply(Message::UserFound { generation, outcome }).await;
    }
}
