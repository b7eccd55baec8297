//! `ebbtide stat`: everything about one object, without its content.
//!
//! Invariant: it succeeds as soon as `HeadObject` does. A further part that is refused is named with the reason, and never
//! looks empty.

use std::{io::Write, process::ExitCode};

use clap::Args;

use super::{ObjectArgs, ObjectSession, stat_json::details_json, stat_text::details_rows};
use crate::{
    cli::{
        exit::Exit,
        output::{OutputArgs, OutputForm},
        problem::Problem,
        progress,
        session_args::SessionArgs,
    },
    domain::{
        failure::Failure,
        object::{DetailPart, ObjectAction, ObjectDetails, explain_refusal},
    },
};

/// Mint a session, then show everything about an object
#[derive(Debug, Clone, Args)]
pub struct StatArgs {
    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    object: ObjectArgs,
}

impl StatArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        self.object.session()
    }
}

pub(in crate::cli) async fn run_stat(args: &StatArgs) -> Result<ExitCode, Problem> {
    let session = args.object.open().await?;
    let head = progress::patiently("asking for the object", session.s3.head_object(&session.address)).await;
    let head = head.map_err(|failure| session.explain(failure, ObjectAction::Read))?;
    let mut details = ObjectDetails::of_head(session.address.clone(), head);
    progress::patiently("asking for its details", Box::pin(read_parts(&session, &mut details))).await;
    let mut out = std::io::stdout();
    match args.output.form {
        OutputForm::Text => {
            for (name, value) in details_rows(&details) {
                writeln!(out, "{name:<12}  {value}")?;
            }
        }
        form => form.write_value(&mut out, &details_json(&details))?,
    }
    Ok(Exit::Done.into())
}

/// Asks for all parts at the same time.
async fn read_parts(session: &ObjectSession, details: &mut ObjectDetails) {
    let ObjectSession { s3, address, .. } = session;
    let (tags, attributes, retention, legal_hold, annotations) = tokio::join!(
        s3.object_tags(address),
        s3.object_attributes(address),
        s3.object_retention(address),
        s3.object_legal_hold(address),
        s3.object_annotations(address),
    );
    details.tags = part(session, ObjectAction::ReadTags, tags.map(Some));
    details.attributes = part(session, ObjectAction::ReadAttributes, attributes.map(Some));
    details.retention = part(session, ObjectAction::ReadRetention, retention);
    details.legal_hold = part(session, ObjectAction::ReadLegalHold, legal_hold);
    details.annotations = part(session, ObjectAction::ListAnnotations, annotations.map(Some));
}

fn part<T>(session: &ObjectSession, action: ObjectAction, answer: Result<Option<T>, Failure>) -> DetailPart<T> {
    let rights = session.rights();
    let explain = |failure| explain_refusal(failure, rights.as_ref(), action, &session.address);
    DetailPart::from_answer(answer.map_err(explain))
}
