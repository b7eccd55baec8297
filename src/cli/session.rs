//! The beginning of every headless command: resolve the profile, check what was typed, mint.
//!
//! Invariant: nothing is asked of a service before everything typed has been checked.

use super::{
    further_args::FurtherArgs,
    mfa,
    problem::{self, Problem},
    progress,
    session_args::SessionArgs,
};
use crate::{
    aws::{Aws, Minted, Setting, Source},
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        identity::Identity,
        mint::{Checked, Known, MintRequest},
        policy::SessionPolicy,
        translator::{Standing, meaning},
    },
    store::{LoggedMint, Store},
};

/// A session that was just minted for this command.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) source: Source,
    pub(super) checked: Checked,
    pub(super) minted: Minted,
}

impl Opened {
    /// Who the session is. Services that are not AWS may not tell: that is noted, and no reason to give up.
    ///
    /// # Errors
    /// Whatever else STS says.
    pub(super) async fn identity(&self) -> Result<Option<Identity>, Failure> {
        match self.source.caller_identity(&self.minted.credentials).await {
            Ok(identity) => Ok(Some(identity)),
            Err(failure) if failure.kind == FailureKind::Unsupported => {
                problem::note("this service does not tell who a session is: it has no GetCallerIdentity");
                Ok(None)
            }
            Err(failure) => Err(self.told(failure, false)),
        }
    }

    /// Notes the mint in the log, if there is one.
    pub(super) fn log(&self, args: &SessionArgs) {
        log(args.store().as_ref(), &self.source, &self.checked.request, &self.minted);
    }

    /// What the session was refused, told to whoever has one of this kind; `worked` says whether the same had been allowed
    /// to it before.
    pub(super) fn told(&self, failure: Failure, worked: bool) -> Failure {
        let standing = Standing::of(&self.checked.request, worked, self.source.clock_offset());
        let meaning = meaning(&failure, &standing).in_one_line();
        failure.with_hint(meaning)
    }
}

/// What the options ask for, checked; nothing has been asked of a service.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) source: Source,
    pub(super) checked: Checked,
    /// How a code is given.
    further: FurtherArgs,
}

/// Mints what the options ask for, and notes it in the log.
pub(super) async fn open(args: &SessionArgs) -> Result<Opened, Problem> {
    let opened = resolve(args).await?.mint().await?;
    opened.log(args);
    Ok(opened)
}

/// Checks what was typed, and says what is only advice.
pub(super) async fn resolve(args: &SessionArgs) -> Result<Resolved, Problem> {
    let draft = args.draft()?;
    let aws = Aws::new(Clock::system(), Setting::Process);
    let source = aws.source(&args.source_options()).await?;
    let draft = args.complete(draft, source.described());
    let known = Known::of_profile(source.described(), &draft);
    let checked = draft.check(source.limits(), known).map_err(|notes| problem::refused(&notes))?;
    for advice in &checked.advice {
        problem::note(&problem::by_flag(advice));
    }
    if let Some(problem) = &source.described().unreadable_end {
        problem::note(&format!("{problem}; when these keys expire is unknown"));
    }
    for risk in checked.request.policy().map(SessionPolicy::risks).unwrap_or_default() {
        problem::note(&format!("--policy: {risk}"));
    }
    Ok(Resolved { source, checked, further: args.further.clone() })
}

impl Resolved {
    /// Mints; asks for an MFA device's code first, where one goes along. The log is the caller's to write.
    pub(super) async fn mint(self) -> Result<Opened, Problem> {
        let Self { source, checked, further } = self;
        let code = match checked.request.mfa_serial() {
            Some(serial) => Some(mfa::code(&further, source.described(), serial).await?),
            None => None,
        };
        let minted = progress::patiently("minting", Box::pin(source.mint(&checked.request, code.as_ref()))).await?;
        Ok(Opened { source, checked, minted })
    }
}

/// Notes a mint in the log, if there is one.
pub(super) fn log(store: Option<&Store>, source: &Source, request: &MintRequest, minted: &Minted) {
    let logged = LoggedMint::of(source.profile(), request, minted.issued, &minted.credentials);
    if let (Some(store), Some(mint)) = (store, logged)
        && let Err(failure) = store.log_mint(&mint)
    {
        problem::note(&format!("this mint is not in the log: {failure}"));
    }
}
