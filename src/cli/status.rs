//! `ebbtide status`: checks the credentials in the environment, for scripts.
//!
//! Invariant: credentials are good only if the service has just accepted them and if their expiration, where known, is
//! far enough away by the service's clock.

use std::{io::Write, process::ExitCode};

use clap::Args;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    clock_doubt,
    exit::Exit,
    mint::expiration_text,
    output::{self, OutputArgs, OutputForm},
    problem::Problem,
    session::note_untold,
};
use crate::{
    aws::{Minted, Source},
    domain::{
        duration::{NotADuration, SessionDuration},
        failure::{Failure, FailureKind},
        identity::{Identity, is_not_told},
        lifetime::{Phase, format_countdown},
        listing::ListRequest,
        mint::MintRequest,
        profile::{ProfileChoice, SourceOptions},
        safe_text::printable,
    },
    handover::EXPIRATION,
};

/// The hint for credentials that have expired or soon will.
const AGAIN: &str = "export a new session: eval \"$(ebbtide mint -o env)\"";

/// Check exported credentials; exit code 0 if still valid, 4 if not
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// Time that must be left, such as 10m; ignored if the expiration is unknown
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    at_least: Option<SessionDuration>,

    #[command(flatten)]
    output: OutputArgs,

    /// AWS region [default: `AWS_REGION`, us-west-2]
    #[arg(short, long)]
    region: Option<String>,

    /// Service endpoint instead of AWS [default: from the environment]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// Allow plain http:// to a remote endpoint
    #[arg(long)]
    allow_plain_http: bool,
}

fn parse_duration(text: &str) -> Result<SessionDuration, String> {
    text.parse().map_err(|error: NotADuration| error.to_string())
}

pub(super) async fn run_status(args: &StatusArgs) -> Result<ExitCode, Problem> {
    let source = exported_source(args).await?;
    if let Some(problem) = &source.profile_description().unreadable_end {
        let hint = "write it as 2026-11-22T13:00:00Z, or unset it if the expiration is unknown";
        return Err(Problem::typed(problem.to_string(), hint));
    }
    let exported = source.mint_session(&MintRequest::Direct, None).await?;
    let identity = check_accepted(&source, &exported).await.map_err(|failure| match failure.kind {
        FailureKind::Expired => failure.with_hint(AGAIN),
        _ => failure,
    })?;
    let at = source.moment();
    let left = exported.lifetime.map(|lifetime| lifetime.remaining(at));
    let enough = left.is_none_or(|left| is_enough(left, args.at_least));
    let mut out = std::io::stdout();
    if args.output.form == OutputForm::Text {
        let said = |text: Option<&str>| printable(text.unwrap_or("unknown")).into_owned();
        let rows = [
            ("identity", said(identity.as_ref().map(|identity| identity.arn.as_str()))),
            ("account", said(identity.as_ref().and_then(output::account_of))),
            ("expires", expiration_text(&exported, at)),
        ];
        for (name, value) in rows {
            writeln!(out, "{name:<10}  {value}")?;
        }
    } else {
        let answer = json!({
            "arn": identity.as_ref().map(|identity| &identity.arn),
            "account": identity.as_ref().and_then(output::account_of),
            "user_id": identity.as_ref().map(|identity| &identity.user_id),
            "region": source.region(),
            "endpoint": source.sts_endpoint(),
            "expiration": exported.credentials.expiration,
            "seconds_left": left.map(|left| left.as_secs().max(0)),
            "enough": enough,
        });
        args.output.form.write_value(&mut out, &answer)?;
    }
    match left {
        Some(left) if !enough => Err(too_little(left, args.at_least).into()),
        _ => Ok(Exit::Done.into()),
    }
}

/// The identity, once a service has accepted the credentials. If STS has no `GetCallerIdentity`, one S3 request
/// checks them, and the identity is `None`.
async fn check_accepted(source: &Source, exported: &Minted) -> Result<Option<Identity>, Failure> {
    let failure = match source.session_identity(exported).await {
        Ok(identity) => return Ok(Some(identity)),
        Err(failure) => failure,
    };
    // Expired credentials need no check.
    let is_over = exported.lifetime.is_some_and(|lifetime| lifetime.phase(source.moment()) == Phase::Expired);
    if !is_not_told(&failure) {
        return Err(failure);
    }
    note_untold(&failure);
    if is_over {
        return Ok(None);
    }
    match source.s3(exported).list_page(&ListRequest { max_keys: Some(1), ..ListRequest::default() }).await {
        // S3 denies a right only to a key that it knows; a denial without a code proves nothing.
        Err(denied) if denied.kind == FailureKind::Denied && denied.code.is_some() => Ok(None),
        answer => answer.map(|_| None),
    }
}

fn is_enough(left: SignedDuration, wanted: Option<SessionDuration>) -> bool {
    let wanted = wanted.map_or(SignedDuration::ZERO, |wanted| SignedDuration::from_secs(wanted.as_secs().into()));
    left > SignedDuration::ZERO && left >= wanted
}

fn too_little(left: SignedDuration, wanted: Option<SessionDuration>) -> Failure {
    let why = match wanted {
        Some(wanted) if left > SignedDuration::ZERO => {
            format!("{} left, less than {wanted}", format_countdown(left))
        }
        _ => format!("they expired {} ago, according to {EXPIRATION}", format_countdown(left)),
    };
    Failure::local(FailureKind::Expired, "use the credentials in the environment", "", why).with_hint(AGAIN)
}

async fn exported_source(args: &StatusArgs) -> Result<Source, Failure> {
    let options = SourceOptions {
        profile: ProfileChoice::Environment,
        region: args.region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        allow_plain_http: args.allow_plain_http,
        ..SourceOptions::default()
    };
    let source = clock_doubt::aws_with_doubts().source(&options).await;
    source.map_err(|failure| match failure.kind {
        // No credentials, to a script, are as good as expired ones.
        FailureKind::NotFound => Failure { kind: FailureKind::InvalidCredentials, ..failure }
            .with_hint("export a session: eval \"$(ebbtide mint -o env)\", or run the command with `ebbtide exec`"),
        _ => failure,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_what_was_asked_for_and_more_than_nothing() {
        for (left, wanted, enough) in [
            (1, None, true),
            (0, None, false),
            (-1, None, false),
            (600, Some(600), true),
            (599, Some(600), false),
            (-600, Some(600), false),
        ] {
            let wanted = wanted.map(SessionDuration::from_secs);
            assert_eq!(is_enough(SignedDuration::from_secs(left), wanted), enough, "{left} {wanted:?}");
        }
    }

    #[test]
    fn too_little_is_told_with_what_is_left() {
        let ten_minutes = Some(SessionDuration::from_secs(600));
        for (left, wanted, why) in [
            (252, ten_minutes, "04:12 left, less than 10m"),
            (-5, ten_minutes, "they expired 00:05 ago, according to AWS_CREDENTIAL_EXPIRATION"),
            (-5, None, "they expired 00:05 ago, according to AWS_CREDENTIAL_EXPIRATION"),
        ] {
            let failure = too_little(SignedDuration::from_secs(left), wanted);
            assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Expired, why));
        }
    }
}
