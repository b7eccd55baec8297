//! The command line.
//!
//! Invariant: what is printed and how the program ends is a contract with scripts; results go to standard output,
//! everything else to standard error.
//!
//! | file | what it does |
//! |---|---|
//! | `arguments` | the words as typed, in the order in which clap reads them |
//! | `session_args` | the options that every command shares |
//! | `further_args`, `mfa` | those that few sessions need; the code of an MFA device |
//! | `session` | resolve, check, mint: the beginning of every headless command |
//! | `ls`, `count`, `mint`, `exec`, `whoami`, `policy`, `profiles`, `status`, `console`, `user`, `role`, `sandbox` | one command each |
//! | `source_args` | the options of commands that mint nothing |
//! | `checks` | what `ls --check` asks first |
//! | `lasting` | the session that a long listing goes on with when its own is over |
//! | `signals` | those that end a command which has listened for them |
//! | `history` | what was minted, from the mint log |
//! | `handover` | in which form `mint` hands its credentials over |
//! | `interface` | the terminal interface |
//! | `no_sandbox` | what stands for `sandbox` and the demo in a build without them |
//! | `output`, `json`, `progress` | forms of results, and the line that says how far it is |
//! | `usage` | the command line, read, and what is said where it cannot be |
//! | `problem`, `exit` | errors as they are told, exit codes |
//! | `log` | the log file of `--debug` |

mod arguments;
mod checks;
mod clock_doubt;
mod console;
mod count;
mod exec;
mod exit;
mod further_args;
mod handover;
mod history;
mod interface;
mod json;
mod lasting;
mod log;
mod ls;
mod mfa;
mod mint;
#[cfg(not(feature = "sandbox"))]
mod no_sandbox;
mod output;
mod policy;
mod problem;
mod profiles;
mod progress;
mod role;
#[cfg(feature = "sandbox")]
mod sandbox;
mod session;
mod session_args;
mod signals;
mod source_args;
mod status;
mod usage;
mod user;
mod whoami;

pub use console::ConsoleArgs;
pub use count::CountArgs;
pub use exec::ExecArgs;
pub use exit::Exit;
pub use further_args::{FurtherArgs, NotHere};
pub use history::HistoryArgs;
pub use ls::LsArgs;
pub use mint::MintArgs;
pub use policy::PolicyArgs;
pub use problem::Problem;
pub use profiles::ProfilesArgs;
pub use role::{RoleArgs, RolesArgs};
#[cfg(feature = "sandbox")]
pub use sandbox::SandboxArgs;
pub use session_args::{PathStyleArg, ScopeArg, SessionArgs, SourceArg};
pub use source_args::SourceArgs;
pub use status::StatusArgs;
pub use user::UserArgs;
pub use whoami::WhoamiArgs;

use std::{ffi::OsString, process::ExitCode};

use clap::{Args, CommandFactory, Parser, Subcommand};

use self::interface::ScreenArgs;
#[cfg(not(feature = "sandbox"))]
use self::no_sandbox::{self as sandbox, AnyArgs as SandboxArgs};
use crate::{
    domain::{
        failure::{Failure, FailureKind},
        safe_text::printable,
    },
    process,
};

/// The first example of `--help`, where there is a sandbox.
const EXAMPLE_OF_DEMO: &str = "
  ebbtide demo                                            try it without an AWS account";

/// What stands below the options in `--help`.
fn after_help() -> String {
    format!("Examples:{}{AFTER_HELP}", if cfg!(feature = "sandbox") { EXAMPLE_OF_DEMO } else { "" })
}

/// The examples besides, variables and exit codes.
const AFTER_HELP: &str = "
  ebbtide -p work s3://my-bucket/logs/                    browse with a session token of an hour
  ebbtide ls -R -b my-bucket -u ana                       every key, as a federated user who may only read that bucket
  ebbtide ls -o json --role-arn arn:aws:iam::111122223333:role/reader s3://my-bucket
  ebbtide mint -m role --role-arn ARN --scope read -b my-bucket -o json     for credential_process
  ebbtide exec -u ana -b my-bucket -- aws s3 ls s3://my-bucket              another tool, with that session alone

Environment:
  AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
  AWS_SESSION_TOKEN, AWS_SECURITY_TOKEN, AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_STS,
  AWS_ENDPOINT_URL_IAM, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT,
  AWS_CREDENTIAL_EXPIRATION, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE: as for the AWS CLI.
  EBBTIDE_MINT_LOG=off: log no mints.  RUST_LOG: what --debug logs.  EBBTIDE_ALLOW_CORE: permit core files and debuggers.

Exit codes:
  0 done; 1 failed; 2 usage; 3 access denied; 4 credentials expired or invalid; 5 no such bucket, key, prefix, profile,
  user or role; 6 the service could not be reached or did not answer in time. Ended by a signal: 128 and its number,
  130 by Ctrl-C. Of exec, where the command ends otherwise than by its own code: 126 it cannot be run, 127 there is no such
  command";

/// Browse S3 buckets on borrowed time: mint a short-lived session, watch it run out, renew it in place.
#[derive(Debug, Parser)]
#[command(version, about, after_help = after_help(), max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    interface: InterfaceArgs,
}

/// The terminal interface, on AWS or whatever the session options name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct InterfaceArgs {
    /// What the launch form begins with.
    #[command(flatten)]
    pub session: SessionArgs,

    #[command(flatten)]
    screen: ScreenArgs,
}

/// What to do instead of opening the interface.
#[derive(Debug, Subcommand)]
enum Command {
    /// Open the interface on the embedded sandbox: no AWS account, nothing to set up.
    #[command(hide = !cfg!(feature = "sandbox"))]
    Demo(ScreenArgs),
    /// Serve the sandbox, S3 and STS on 127.0.0.1, to other programs until interrupted.
    #[command(hide = !cfg!(feature = "sandbox"))]
    Sandbox(SandboxArgs),
    #[command(after_help = LS_HELP)]
    Ls(LsArgs),
    #[command(after_help = COUNT_HELP)]
    Count(CountArgs),
    #[command(after_help = MINT_HELP)]
    Mint(MintArgs),
    #[command(after_help = EXEC_HELP)]
    Exec(ExecArgs),
    Whoami(WhoamiArgs),
    #[command(after_help = POLICY_HELP)]
    Policy(PolicyArgs),
    Profiles(ProfilesArgs),
    #[command(after_help = STATUS_HELP)]
    Status(StatusArgs),
    History(HistoryArgs),
    Console(ConsoleArgs),
    User(UserArgs),
    Role(RoleArgs),
    Roles(RolesArgs),
}

const LS_HELP: &str = "\
Without a bucket, lists buckets with region and creation date. One level is listed unless -R is given.
A listing that ends early never looks complete. After a failure the exit code is not 0, and the text form ends without
its count; where --max ends it, text and a note say that there is more. Either way json says \"complete\": false.

Examples:
  ebbtide ls                                       buckets
  ebbtide ls s3://my-bucket/logs/                  one level
  ebbtide ls -R -o ndjson s3://my-bucket | jq -r .key
  ebbtide ls -R --max 100 -b my-bucket -u ana      the first hundred keys, as a federated user
  ebbtide ls -R --max 50 --etags --check -u ana --role-arn ARN -b my-bucket
                                                   are user, role and bucket there? then fifty lines of key => etag";

const COUNT_HELP: &str = "\
Everything below is listed, by as many requests at a time as the service answers, up to --max-in-flight: S3 has no other
way to tell. What is printed is all that there is, or says that it is not: Ctrl-C ends it with what it has counted so far
and exit code 130, a failure with that and its own code. A session that ends midway is minted once more, by the same
request, unless that takes an MFA code.

Examples:
  ebbtide count s3://my-bucket
  ebbtide count -o json s3://my-bucket/logs/ | jq '.prefixes[] | select(.bytes > 1e9)'";

const MINT_HELP: &str = "\
The text form shows no secrets. To let other tools use what is minted, name it in ~/.aws/config:
  [profile reader]
  credential_process = ebbtide mint -p work --role-arn arn:aws:iam::111122223333:role/reader -o json
or run them below `ebbtide exec`, which leaves nothing behind. Or export it into this shell:
  eval \"$(ebbtide mint -o env)\"                      sh, bash, zsh
  ebbtide mint -o fish | source                      fish
  ebbtide mint -o powershell | Invoke-Expression     PowerShell
Region and endpoint are exported too where somebody named them, and variables that would lead elsewhere are unset.
Each line begins with a space: pasted, it stays out of a history that leaves such lines out (HISTCONTROL=ignorespace).";

const EXEC_HELP: &str = "\
The command replaces ebbtide: its signals and its exit code are its own. It finds the credentials, their end, the region
and any custom endpoint in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION,
AWS_REGION, AWS_DEFAULT_REGION and AWS_ENDPOINT_URL, and the account in AWS_ACCOUNT_ID where it is known; AWS_PROFILE and all
else that leads to other credentials is removed.
They are not renewed. Core files stay forbidden to the command too, unless EBBTIDE_ALLOW_CORE is set.

Exit codes: the command's own; 126 it cannot be run; 127 there is no such command; before it runs, those of `ebbtide`.

Examples:
  ebbtide exec -u ana -b my-bucket -- aws s3 ls s3://my-bucket
  ebbtide exec --role-arn arn:aws:iam::111122223333:role/reader -- bash";

const POLICY_HELP: &str = "\
Templates: list-only, read-prefix, read-versions, read-until (an hour from now), drop-box, tag-steward, no-deletes.

Examples:
  ebbtide policy s3://my-bucket/team/                                          what it allows, in words and as JSON
  ebbtide policy --scope list,tags -o json s3://my-bucket/team/ > policy.json      as it is sent
  ebbtide policy --policy template:drop-box s3://my-bucket/inbox/
  ebbtide policy --policy @policy.json s3://my-bucket                          what a policy of one's own allows";

const STATUS_HELP: &str = "\
Asks the service who the credentials are, and reads their end from AWS_CREDENTIAL_EXPIRATION, by the service's clock.

Exit codes: 0 alive, with that much time left; 4 expired, invalid, none exported or too little left; 6 unreachable.

Example:
  ebbtide status --at-least 10m || eval \"$(ebbtide mint -p work -o env)\"";

/// Does what the command line says; errors are told on standard error. `arguments` begin with the program's own name.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    match arguments::in_order(&Cli::command(), arguments).map(usage::read::<Cli>) {
        Ok(Ok(cli)) => dispatch(cli).unwrap_or_else(|problem| problem.report()),
        Ok(Err(code)) => code,
        Err(problem) => problem.report(),
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, Problem> {
    if cli.command.is_some() && cli.interface != InterfaceArgs::default() {
        let hint = "write `ebbtide ls s3://BUCKET`, not `ebbtide s3://BUCKET ls`";
        return Err(Problem::typed("a location before a command: it belongs behind it", hint));
    }
    let debug = cli.command.as_ref().map_or(cli.interface.session.debug, Command::debug);
    if debug {
        let path = log::start().map_err(|error| {
            Problem::typed(format!("--debug: could not open the log file: {error}"), "leave it out")
        })?;
        problem::say(&[format!("log: {}", printable(&path.to_string_lossy()))]);
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if matches!(cli.command, None | Some(Command::Demo(_))) {
        runtime.on_thread_start(stand_back);
    } else {
        process::command::before_commands(signals::end_commands_too);
    }
    let runtime = runtime.worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::local(FailureKind::Other, "start", "threads", error.to_string())
            .with_hint("this machine has no processes or memory left: end something, then try again")
    })?;
    let ended = runtime.block_on(async {
        match cli.command {
            None => interface::open(&cli.interface.session, &cli.interface.screen).await,
            Some(command) => Box::pin(command.run()).await,
        }
    });
    clock_doubt::tell();
    // Dropping it would wait for a name that is being looked up, or for a file on a disk that does not answer.
    runtime.shutdown_background();
    process::end_commands();
    ended
}

/// Whoever is at the keyboard goes first: keys are handled and drawn by the main thread alone, while a listing keeps all
/// others busy. On Linux a thread has a niceness of its own; elsewhere the whole process would stand back.
fn stand_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(5); // as it was, if refused
}

impl Command {
    /// Whether `--debug` was given, where it can be.
    fn debug(&self) -> bool {
        match self {
            Self::Ls(args) => args.session().debug,
            Self::Count(args) => args.session().debug,
            Self::Mint(args) => args.session().debug,
            Self::Exec(args) => args.session().debug,
            Self::Whoami(args) => args.session().debug,
            Self::Console(args) => args.session.debug,
            Self::User(args) => args.source.debug,
            Self::Role(args) => args.source.debug,
            Self::Roles(args) => args.source.debug,
            Self::Demo(_)
            | Self::Sandbox(_)
            | Self::Policy(_)
            | Self::Profiles(_)
            | Self::Status(_)
            | Self::History(_) => false,
        }
    }

    async fn run(self) -> Result<ExitCode, Problem> {
        match self {
            Self::Demo(screen) => sandbox::demo(&screen).await,
            Self::Sandbox(args) => sandbox::run(args).await,
            Self::Ls(args) => Box::pin(ls::run(&args)).await,
            Self::Count(args) => Box::pin(count::run(&args)).await,
            Self::Mint(args) => mint::run(&args).await,
            Self::Exec(args) => exec::run(&args).await.map(|never| match never {}),
            Self::Whoami(args) => whoami::run(&args).await,
            Self::Profiles(args) => profiles::run(&args).await,
            Self::Status(args) => status::run(&args).await,
            Self::History(args) => history::run(&args),
            Self::Console(args) => console::run(&args).await,
            Self::User(args) => user::run(&args).await,
            Self::Role(args) => role::run(&args).await,
            Self::Roles(args) => role::run_list(&args).await,
            Self::Policy(args) => policy::run(&args),
        }
    }
}
