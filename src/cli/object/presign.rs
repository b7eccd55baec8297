//! `ebbtide presign`: a link to one object that works for a while without credentials.
//!
//! Invariant: the link alone goes to standard output; what limits it goes to standard error before. One request is sent
//! before it is signed: it shows where the bucket is, what the service's clock says, and whether the session may do this
//! at all. A session that is over signs nothing.

use std::{io::Write, process::ExitCode};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{ObjectArgs, ObjectSession};
use crate::{
    cli::{
        exit::Exit,
        output::{OutputArgs, OutputForm, format_time},
        problem::{self, Problem},
        progress,
        session_args::SessionArgs,
    },
    domain::{
        credentials::ExposeSecret,
        duration::SessionDuration,
        failure::{Failure, FailureKind},
        lifetime::format_countdown,
        mint::Mode,
        object::{LinkMethod, ObjectAction, Permit, PresignLimit, PresignPlan, PresignRequest, earlier_ends},
        policy::Ruling,
        safe_text::printable,
    },
};

/// Mint a session, then print a link to an object; it needs no login
#[derive(Debug, Clone, Args)]
pub struct PresignArgs {
    /// How long the link should work: 15m, 1h30m, 3600 or 3600s; it ends with the session in any case
    #[arg(long, value_name = "TIME", default_value = "1h")]
    expires_in: String,

    /// What the link does: get gives the content, head only tells of it
    #[arg(long, value_enum, default_value = "get", hide_possible_values = true, value_name = "get|head")]
    method: LinkMethodArg,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    object: ObjectArgs,
}

/// The value of `--method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LinkMethodArg {
    Get,
    Head,
}

impl PresignArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        self.object.session()
    }

    fn asked(&self) -> Result<SessionDuration, Problem> {
        let asked = self.expires_in.parse();
        asked.map_err(|refusal| Problem::typed(format!("--expires-in: {refusal}"), "the default is --expires-in 1h"))
    }
}

pub(in crate::cli) async fn run_presign(args: &PresignArgs) -> Result<ExitCode, Problem> {
    let asked = args.asked()?;
    let mut session = args.object.open().await?;
    let method = match args.method {
        LinkMethodArg::Get => LinkMethod::Get,
        LinkMethodArg::Head => LinkMethod::Head,
    };
    let request = PresignRequest { address: session.address.clone(), method, asked };
    let probed = progress::patiently("asking for the object", session.s3.head_object(&request.address)).await;
    session.take_stated_end();
    // Judged anew: what the answer showed of the service's clock counts from now on.
    let temporary = session.opened.minted.credentials.are_temporary();
    let plan =
        session.s3.plan_link(&request, temporary).map_err(|failure| session.explain(failure, ObjectAction::Read))?;
    if let Err(failure) = probed.map(|_| ()) {
        note_probe(&session, failure)?;
    }
    note_ruling(&session);
    note_plan(&session, plan);
    let link = session.s3.sign_link(&request, plan).await?;
    let mut out = std::io::stdout();
    if args.output.form == OutputForm::Text {
        writeln!(out, "{}", link.url.expose_secret())?;
    } else {
        let answer = json!({
            "url": link.url.expose_secret(),
            "expires_at": plan.expires_at(),
            "seconds": plan.seconds,
            "asked_seconds": plan.asked_seconds,
            "limited_by": plan.limited_by.to_string(),
            "session_arn": session.identity.as_ref().map(|identity| &identity.arn),
        });
        args.output.form.write_value(&mut out, &answer)?;
    }
    Ok(Exit::Done.into())
}

impl ObjectSession {
    /// Credentials that are used as they are have an end that their source stated, by a clock that is known only now.
    fn take_stated_end(&mut self) {
        if self.opened.checked.request.mode() == Mode::Direct {
            self.opened.minted = self.opened.source.with_stated_end(&self.opened.minted);
            self.s3 = self.s3.with_lifetime(self.opened.minted.lifetime);
        }
    }
}

/// What the answer means for the link. A session that is over, or keys that are none, end it.
fn note_probe(session: &ObjectSession, failure: Failure) -> Result<(), Failure> {
    let failure = session.explain(failure, ObjectAction::Read);
    if matches!(failure.kind, FailureKind::Expired | FailureKind::InvalidCredentials) {
        return Err(failure);
    }
    let answer = match failure.kind {
        FailureKind::NotFound => "there is no such object now: the link works once there is one".to_owned(),
        FailureKind::Denied => format!("the link will be refused as well: {}", failure.in_one_line()),
        _ => format!("whether the link works is unknown: {}", failure.in_one_line()),
    };
    problem::write_note(&answer);
    Ok(())
}

/// What the session's own policies say.
fn note_ruling(session: &ObjectSession) {
    let permit =
        Permit::of_object(session.rights().as_ref(), ObjectAction::Read, &session.address).ruling.map(|ruling| {
            match ruling {
                Ruling::Allowed(by) => format!("the session's policy allows it: {by}"),
                Ruling::Denied(by) => format!("the session's policy denies it: {by}"),
                Ruling::NotAllowed => "the session's policy does not allow it".into(),
                Ruling::Unclear { why, .. } => format!("whether the session's policy allows it depends on {why}"),
            }
        });
    if let Some(told) = permit {
        problem::write_note(&told);
    }
}

/// How long it works and why, who signs, and what ends it earlier.
fn note_plan(session: &ObjectSession, plan: PresignPlan) {
    let until = format_time(Some(plan.expires_at()));
    let granted = format_countdown(jiff::SignedDuration::from_secs(plan.seconds.into()));
    let why = match plan.limited_by {
        PresignLimit::Asked => "as asked".to_owned(),
        PresignLimit::Session => {
            format!("{} were asked for, but the session ends then", SessionDuration::from_secs(plan.asked_seconds))
        }
        PresignLimit::SevenDays => {
            format!(
                "{} were asked for, but no link lasts longer than 7 days",
                SessionDuration::from_secs(plan.asked_seconds)
            )
        }
    };
    problem::write_note(&format!("works for {granted}, until {until}: {why}"));
    if plan.end_is_unknown {
        problem::write_note("the expiration of the session is unknown: the link ends with it");
    }
    let signer = session.identity.as_ref().map(|identity| identity.arn.clone());
    let signer = signer.unwrap_or_else(|| {
        format!("the {} of {}", session.opened.checked.request.mode().noun(), session.opened.source.profile())
    });
    problem::write_note(&format!("signed by {}; anyone who has the link can use it", printable(&signer)));
    let ends = earlier_ends(session.opened.checked.request.mode()).join("; ");
    problem::write_note(&format!("it ends earlier if: {ends}"));
}
