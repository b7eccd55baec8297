//! The commands about one object: `stat`, `versions`, `cat`, `head`, `tail`, `presign`.
//!
//! Invariant: nothing here changes an object. A session that is limited to the location is limited to the folder that the
//! key is in, because a scope ends at a `/`.

mod cat;
mod content;
mod content_text;
mod presign;
mod stat;
mod stat_json;
mod stat_text;
mod tail;
mod version_rows;
mod versions;

pub use cat::{CatArgs, HeadArgs};
pub use presign::PresignArgs;
pub use stat::StatArgs;
pub use tail::TailArgs;
pub use versions::VersionsArgs;

pub(super) use cat::{run_cat, run_head};
pub(super) use presign::run_presign;
pub(super) use stat::run_stat;
pub(super) use tail::run_tail;
pub(super) use versions::run_versions;

use clap::Args;

use super::{
    problem::Problem,
    session::{self, MintedSession},
    session_args::SessionArgs,
};
use crate::{
    aws::S3,
    domain::{
        failure::Failure,
        identity::Identity,
        location::Location,
        object::{ObjectAction, ObjectAddress, explain_refusal},
        policy::SessionRights,
        session::rights_of_request,
    },
};

/// Which object, and whose session.
#[derive(Debug, Clone, Args)]
pub(super) struct ObjectArgs {
    /// This version instead of the current one; `ebbtide versions` lists them
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,

    #[command(flatten)]
    session: SessionArgs,
}

impl ObjectArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }

    /// Which object is meant; no request is sent.
    fn address(&self) -> Result<ObjectAddress, Problem> {
        let location = self.session.typed_location()?;
        let address = ObjectAddress::from_location(&location);
        let address = address.map_err(|refusal| Problem::typed(refusal.to_string(), "`ebbtide ls` lists the keys"))?;
        Ok(address.in_version(self.version_id.clone().filter(|id| !id.is_empty())))
    }

    /// Mints the session for the object.
    async fn open(&self) -> Result<ObjectSession, Problem> {
        let address = self.address()?;
        let folder = Location::new(&address.bucket, &address.key).directory().to_owned();
        let opened = open_at(&self.session, &Location::new(&address.bucket, folder)).await?;
        Ok(ObjectSession::new(opened, address))
    }
}

/// Mints the session that the options ask for, at a location in place of the one that was typed.
async fn open_at(args: &SessionArgs, location: &Location) -> Result<MintedSession, Problem> {
    let location = Some(location.to_string());
    let args = SessionArgs { location, bucket: None, prefix: None, ..args.clone() };
    session::open_session(&args).await
}

/// A session that was minted for one object.
struct ObjectSession {
    opened: MintedSession,
    s3: S3,
    address: ObjectAddress,
    /// By the reply that granted the session.
    identity: Option<Identity>,
}

impl ObjectSession {
    fn new(opened: MintedSession, address: ObjectAddress) -> Self {
        let s3 = opened.source.s3(&opened.minted);
        let identity = opened.minted.grant.granted_identity();
        Self { opened, s3, address, identity }
    }

    /// What the session's own policies leave it.
    fn rights(&self) -> Option<SessionRights<'_>> {
        let now = self.opened.source.moment().by_the_services();
        rights_of_request(&self.opened.checked.request, self.opened.source.endpoint(), self.identity.as_ref(), now)
    }

    /// A failure in the session's own terms, with the next move.
    fn explain(&self, failure: Failure, action: ObjectAction) -> Failure {
        let failure = explain_refusal(failure, self.rights().as_ref(), action, &self.address);
        if failure.hint.is_some() { failure } else { self.opened.explain_failure(failure, false) }
    }
}
