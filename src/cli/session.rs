//! The first steps of every command that mints: resolve the profile, check the options, mint.
//!
//! Invariant: no request is sent before all options have been checked.

use super::{
    clock_doubt,
    further_args::ExtraArgs,
    mfa,
    problem::{self, Problem},
    progress,
    session_args::{SessionArgs, refuse_what_the_mode_ignores},
};
use crate::{
    aws::{Minted, Source},
    domain::{
        failure::{Failure, FailureKind},
        identity::{Identity, is_not_told},
        location::Location,
        mint::{Checked, Draft, Field, MintFacts, MintRequest, Mode},
        policy::SessionPolicy,
        profile::ProfileKind,
        safe_text::printable,
        translator::{ErrorContext, explain_failure},
    },
    store::{LoggedMint, Store},
};

/// Why the mode is direct although `--mode` was not given.
const TEMPORARY_ALREADY: &str = "mode direct: the profile's credentials are temporary and are used as they are; --role-arn assumes a role with them";

/// A session that was just minted for this command.
#[derive(Debug)]
pub(super) struct MintedSession {
    pub(super) source: Source,
    pub(super) checked: Checked,
    pub(super) minted: Minted,
}

impl MintedSession {
    /// The session's account, if it is known without a request.
    pub(super) fn known_account(&self) -> Option<String> {
        self.source.account(&self.checked.request, &self.minted.grant)
    }

    /// The session's identity, for a command that works without one: a note says why it is unknown. Without
    /// `GetCallerIdentity`, the identity in the reply that granted the session is used.
    pub(super) async fn identity(&self) -> Option<Identity> {
        match self.source.session_identity(&self.minted).await {
            Ok(identity) => {
                self.warn_of_contradiction(&identity);
                Some(identity)
            }
            Err(failure) => {
                let granted = self.minted.grant.granted_identity();
                self.note_source(&failure, granted.as_ref());
                granted
            }
        }
    }

    /// The same, for a command that needs the identity.
    ///
    /// # Errors
    /// If it is unknown.
    pub(super) async fn known_identity(&self) -> Result<Identity, Failure> {
        let failure = match self.source.session_identity(&self.minted).await {
            Ok(identity) => {
                self.warn_of_contradiction(&identity);
                return Ok(identity);
            }
            Err(failure) => failure,
        };
        let granted = self.minted.grant.granted_identity().filter(|_| is_not_told(&failure));
        let identity = granted.ok_or_else(|| self.explain_failure(failure.clone(), false))?;
        self.note_source(&failure, Some(&identity));
        Ok(identity)
    }

    /// Notes that `GetCallerIdentity` told nothing, and from where the identity is that is shown.
    fn note_source(&self, failure: &Failure, granted: Option<&Identity>) {
        match (granted, granting_call(self.checked.request.mode())) {
            (Some(_), Some(call)) => {
                let why = why_untold(failure);
                problem::write_note(&format!("{why}; the identity shown is from the {call} response"));
            }
            _ => note_untold(failure),
        }
    }

    /// Notes that long-term keys are exported, not a session.
    pub(super) fn note_lasting_keys(&self) {
        if !self.minted.credentials.are_temporary() {
            problem::write_note("mode direct: these are the profile's long-term keys, which do not expire");
        }
    }

    /// Warns if `GetCallerIdentity` names another identity than the session was granted for.
    pub(super) fn warn_of_contradiction(&self, identity: &Identity) {
        if let Some(contradiction) = self.minted.grant.find_contradiction(&self.checked.request, identity) {
            problem::write_error_lines(&[format!("warning: {}", printable(&contradiction))]);
        }
    }

    /// Logs the mint, if there is a log.
    pub(super) fn log_mint(&self, args: &SessionArgs) {
        append_to_log(args.store().as_ref(), &self.source, &self.checked.request, &self.minted);
    }

    /// The failure, with a hint that fits this kind of session; `worked` says whether the session was allowed to do the
    /// same before.
    pub(super) fn explain_failure(&self, failure: Failure, worked: bool) -> Failure {
        if let (Some(asked), FailureKind::NotFound, None) =
            (&self.checked.narrowed_from, failure.kind, failure.code.as_deref())
        {
            return beyond_the_scope(asked, &self.checked.location);
        }
        if failure.hint.is_some() {
            return failure;
        }
        let context = ErrorContext::of_request(&self.checked.request, worked, self.source.clock_offset());
        let meaning = explain_failure(&failure, &context).in_one_line();
        failure.with_hint(meaning)
    }
}

/// Notes that the identity of the session is unknown.
pub(super) fn note_untold(failure: &Failure) {
    problem::write_note(&format!("the identity of the session is unknown: {}", why_untold(failure)));
}

fn why_untold(failure: &Failure) -> String {
    match failure.kind {
        FailureKind::Unsupported | FailureKind::NotFound => {
            "GetCallerIdentity is not available on this service".to_owned()
        }
        _ => format!("GetCallerIdentity failed: {}", failure.in_one_line()),
    }
}

/// The call whose response names the identity of the session.
const fn granting_call(mode: Mode) -> Option<&'static str> {
    match mode {
        Mode::Federation => Some("GetFederationToken"),
        Mode::Role => Some("AssumeRole"),
        Mode::Session | Mode::Direct => None,
    }
}

/// Nothing is below the prefix at which the scope ends. Similar names are outside the scope and were not listed.
fn beyond_the_scope(asked: &Location, listed: &Location) -> Failure {
    let above = Location { prefix: asked.directory().to_owned(), ..asked.clone() };
    let why = format!("nothing is below it; other names that start with {asked} are outside the session's scope");
    Failure::local(FailureKind::NotFound, "list", listed.to_string(), why)
        .with_hint(format!("to see those names, use the location {above}, or a role with --scope none"))
}

/// What the options ask for, checked; no request has been sent.
#[derive(Debug)]
pub(super) struct CheckedOptions {
    pub(super) source: Source,
    pub(super) checked: Checked,
    /// How the MFA code is given.
    further: ExtraArgs,
    /// Whether to use the profile's credentials as they are if they turn out to be temporary.
    takes: bool,
}

/// Mints what the options ask for, and logs it.
pub(super) async fn open_session(args: &SessionArgs) -> Result<MintedSession, Problem> {
    let opened = resolve_options(args).await?.mint_session().await?;
    opened.log_mint(args);
    Ok(opened)
}

/// Checks what was typed, and prints advice as notes.
pub(super) async fn resolve_options(args: &SessionArgs) -> Result<CheckedOptions, Problem> {
    let requested = args.requested_session()?;
    let aws = clock_doubt::aws_with_doubts();
    let source = aws.source(&args.source_options()).await?;
    let profile = source.profile_description();
    let draft = requested.fill_draft(&Draft::default(), Some(profile), None);
    refuse_what_the_mode_ignores(&requested, draft.mode)?;
    let facts = MintFacts::of_profile(profile, &draft);
    let checked = draft.check_fields(source.limits(), facts).map_err(|notes| problem::refused_draft(&notes, facts))?;
    if draft.mode == Mode::Direct && !requested.has_typed(Field::Mode) {
        problem::write_note(TEMPORARY_ALREADY);
    }
    for advice in &checked.advice {
        problem::write_note(&problem::by_flag(advice));
    }
    if let Some(problem) = &source.profile_description().unreadable_end {
        problem::write_note(&format!("{problem}; the expiration of these keys is unknown"));
    }
    // Whoever chooses a profile in the interface reads it there.
    let described = source.profile_description();
    if let Some(problem) = described.problem.as_ref().filter(|_| described.problem != described.unreadable_end) {
        problem::write_note(&problem.to_string());
    }
    for risk in checked.request.policy().map(SessionPolicy::find_risks).unwrap_or_default() {
        problem::write_note(&format!("--policy: {risk}"));
    }
    // What a command prints is known when it has run.
    let may_be_temporary = profile.kind == ProfileKind::Process && !requested.has_typed(Field::Mode);
    let takes = may_be_temporary && requested.ignored_by(Mode::Direct).is_empty();
    Ok(CheckedOptions { source, checked, further: args.further.clone(), takes })
}

impl CheckedOptions {
    /// Mints; asks for an MFA code first, if one is needed. The caller writes the log.
    pub(super) async fn mint_session(self) -> Result<MintedSession, Problem> {
        let Self { source, mut checked, further, takes } = self;
        let code = match checked.request.mfa_serial() {
            Some(serial) => Some(mfa::read_code(&further, source.profile_description(), serial).await?),
            None => None,
        };
        let minting = async {
            if takes {
                return source.mint_or_take(&checked.request, code.as_ref()).await;
            }
            source.mint_session(&checked.request, code.as_ref()).await.map(|minted| (checked.request.clone(), minted))
        };
        let minted = progress::patiently("minting", Box::pin(minting)).await;
        let (request, minted) = minted.map_err(|failure| {
            // A clock that is off is a reason that only this place knows of.
            let context = ErrorContext { clock_offset: source.clock_offset(), ..ErrorContext::default() };
            let meaning = explain_failure(&failure, &context).in_one_line();
            failure.with_hint(meaning)
        })?;
        if request != checked.request {
            problem::write_note(TEMPORARY_ALREADY);
            checked.request = request;
        }
        Ok(MintedSession { source, checked, minted })
    }
}

/// Notes a mint in the log, if there is one.
pub(super) fn append_to_log(store: Option<&Store>, source: &Source, request: &MintRequest, minted: &Minted) {
    let logged = LoggedMint::from_request(source.profile(), request, minted.issued, &minted.credentials);
    if let (Some(store), Some(mint)) = (store, logged)
        && let Err(failure) = store.log_mint(&mint)
    {
        problem::write_note(&format!("this session is not logged: {failure}"));
    }
}
