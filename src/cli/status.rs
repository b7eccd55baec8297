//! `ebbtide status`: judges the credentials that the environment holds, for scripts to ask before they go on.
//!
//! Invariant: good is only what the service has just accepted and whose end, as far as it is known, is far enough off by
//! the service's clock.

use std::{io::Write, process::ExitCode};

use clap::Args;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    clock_doubt,
    exit::Exit,
    mint::expires,
    output::{self, Form, OutputArgs},
    problem::Problem,
    session::note_untold,
};
use crate::{
    aws::{Minted, Source},
    domain::{
        duration::{NotADuration, SessionDuration},
        failure::{Failure, FailureKind},
        identity::{Identity, is_not_told},
        lifetime::{Phase, countdown},
        listing::ListRequest,
        mint::MintRequest,
        profile::{ProfileChoice, SourceOptions},
        safe_text::printable,
    },
    handover::EXPIRATION,
};

/// What to do about credentials that are over, or soon will be.
const AGAIN: &str = "mint again, and export what was minted: ebbtide mint -o env";

/// Judge the credentials exported in the environment: exit code 0 if they live, and long enough.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// Time that must be left, as 10m; where no end is known, being alive is enough
    #[arg(long, value_name = "TIME", value_parser = duration)]
    at_least: Option<SessionDuration>,

    #[command(flatten)]
    output: OutputArgs,

    /// AWS region [default: `AWS_REGION`, the profile's, us-west-2]
    #[arg(short, long)]
    region: Option<String>,

    /// Ask this service instead of AWS [default: the environment's, the profile's]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// Consent to an http:// endpoint on another machine
    #[arg(long)]
    allow_plain_http: bool,
}

fn duration(text: &str) -> Result<SessionDuration, String> {
    text.parse().map_err(|error: NotADuration| error.to_string())
}

pub(super) async fn run(args: &StatusArgs) -> Result<ExitCode, Problem> {
    let source = source(args).await?;
    if let Some(problem) = &source.described().unreadable_end {
        let hint = "it is written 2026-11-22T13:00:00Z; unset it if the end is not known";
        return Err(Problem::typed(problem.to_string(), hint));
    }
    let exported = source.mint(&MintRequest::Direct, None).await?;
    let identity = accepted(&source, &exported).await.map_err(|failure| match failure.kind {
        FailureKind::Expired => failure.with_hint(AGAIN),
        _ => failure,
    })?;
    let at = source.moment();
    let left = exported.lifetime.map(|lifetime| lifetime.remaining(at));
    let enough = left.is_none_or(|left| is_enough(left, args.at_least));
    let mut out = std::io::stdout();
    if args.output.form == Form::Text {
        let said = |text: Option<&str>| printable(text.unwrap_or("not said")).into_owned();
        let rows = [
            ("identity", said(identity.as_ref().map(|identity| identity.arn.as_str()))),
            ("account", said(identity.as_ref().and_then(output::account))),
            ("expires", expires(&exported, at)),
        ];
        for (name, value) in rows {
            writeln!(out, "{name:<10}  {value}")?;
        }
    } else {
        let answer = json!({
            "arn": identity.as_ref().map(|identity| &identity.arn),
            "account": identity.as_ref().and_then(output::account),
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

/// Who they are, once a service has accepted them: S3 is asked where STS cannot say. `None` where nobody tells who they are.
async fn accepted(source: &Source, exported: &Minted) -> Result<Option<Identity>, Failure> {
    let failure = match source.session_identity(exported).await {
        Ok(identity) => return Ok(Some(identity)),
        Err(failure) => failure,
    };
    // What is over needs nobody's word.
    let is_over = exported.lifetime.is_some_and(|lifetime| lifetime.phase(source.moment()) == Phase::Expired);
    if !is_not_told(&failure) {
        return Err(failure);
    }
    note_untold(&failure);
    if is_over {
        return Ok(None);
    }
    match source.s3(exported).list(&ListRequest { max_keys: Some(1), ..ListRequest::default() }).await {
        // To deny a right, S3 must know whose it is. Without a word it may as well not know the key.
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
            format!("{} left is less than {wanted}", countdown(left))
        }
        _ => format!("{EXPIRATION} says that they ended {} ago", countdown(left)),
    };
    Failure::local(FailureKind::Expired, "go on with the environment's credentials", "", why).with_hint(AGAIN)
}

async fn source(args: &StatusArgs) -> Result<Source, Failure> {
    let options = SourceOptions {
        profile: ProfileChoice::Environment,
        region: args.region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        allow_plain_http: args.allow_plain_http,
        ..SourceOptions::default()
    };
    let source = clock_doubt::aws().source(&options).await;
    source.map_err(|failure| match failure.kind {
        // No credentials, to a script, are as good as expired ones.
        FailureKind::NotFound => Failure { kind: FailureKind::InvalidCredentials, ..failure }
            .with_hint("export some: ebbtide mint -o env, or run the command below ebbtide exec"),
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
            (252, ten_minutes, "04:12 left is less than 10m"),
            (-5, ten_minutes, "AWS_CREDENTIAL_EXPIRATION says that they ended 00:05 ago"),
            (-5, None, "AWS_CREDENTIAL_EXPIRATION says that they ended 00:05 ago"),
        ] {
            let failure = too_little(SignedDuration::from_secs(left), wanted);
            assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Expired, why));
        }
    }
}
