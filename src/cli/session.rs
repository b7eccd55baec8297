//! The beginning of every headless command: resolve the profile, check what was typed, mint.
//!
//! Invariant: nothing is asked of a service before everything typed has been checked.

use super::{
    clock_doubt,
    further_args::FurtherArgs,
    mfa,
    problem::{self, Problem},
    progress,
    session_args::SessionArgs,
};
use crate::{
    aws::{Minted, Source},
    domain::{
        failure::{Failure, FailureKind},
        identity::{Identity, is_not_told},
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
    /// Who the session is, for a command that can do without: why that is not known is noted. What STS told when it was
    /// minted stands in for `GetCallerIdentity`.
    pub(super) async fn identity(&self) -> Option<Identity> {
        let failure = match self.source.session_identity(&self.minted).await {
            Ok(identity) => return Some(identity),
            Err(failure) => failure,
        };
        note_untold(&failure);
        self.minted.grant.identity()
    }

    /// The same, for a command that asks for nothing else.
    ///
    /// # Errors
    /// Why it is not known.
    pub(super) async fn known_identity(&self) -> Result<Identity, Failure> {
        let failure = match self.source.session_identity(&self.minted).await {
            Ok(identity) => return Ok(identity),
            Err(failure) => failure,
        };
        let granted = self.minted.grant.identity().filter(|_| is_not_told(&failure));
        let identity = granted.ok_or_else(|| self.told(failure.clone(), false))?;
        note_untold(&failure);
        Ok(identity)
    }

    /// What the session was refused, told to whoever has one of this kind; `worked` says whether the same had been allowed
    /// to it before.
    pub(super) fn told(&self, failure: Failure, worked: bool) -> Failure {
        let standing = Standing::of(&self.checked.request, worked, self.source.clock_offset());
        let meaning = meaning(&failure, &standing).in_one_line();
        failure.with_hint(meaning)
    }
}

/// Notes that a service has not told who a session is.
pub(super) fn note_untold(failure: &Failure) {
    let why = match failure.kind {
        FailureKind::Unsupported | FailureKind::NotFound => "it has no GetCallerIdentity".to_owned(),
        _ => failure.reason(),
    };
    problem::note(&format!("this service does not tell who a session is: {why}"));
}

/// What the options ask for, checked; nothing has been asked of a service.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) source: Source,
    pub(super) checked: Checked,
    /// How a code is given.
    further: FurtherArgs,
}

/// Mints what the options ask for.
pub(super) async fn open(args: &SessionArgs) -> Result<Opened, Problem> {
    resolve(args).await?.mint(args).await
}

/// Checks what was typed, and says what is only advice.
pub(super) async fn resolve(args: &SessionArgs) -> Result<Resolved, Problem> {
    let draft = args.draft()?;
    let aws = clock_doubt::aws();
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
    /// Mints; asks for an MFA device's code first, where one goes along.
    pub(super) async fn mint(self, args: &SessionArgs) -> Result<Opened, Problem> {
        let Self { source, checked, further } = self;
        let code = match checked.request.mfa_serial() {
            Some(serial) => Some(mfa::code(&further, source.described(), serial).await?),
            None => None,
        };
        let minting = progress::patiently("minting", Box::pin(source.mint(&checked.request, code.as_ref()))).await;
        let minted = minting.map_err(|failure| {
            // A clock that is off is a reason that only this place knows of.
            let standing = Standing { clock_offset: source.clock_offset(), ..Standing::default() };
            let meaning = meaning(&failure, &standing).in_one_line();
            failure.with_hint(meaning)
        })?;
        let opened = Opened { source, checked, minted };
        log(args.store().as_ref(), &opened.source, &opened.checked.request, &opened.minted);
        Ok(opened)
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
