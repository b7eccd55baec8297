//! The command line.
//!
//! Invariant: what is printed and how the program ends is a contract with scripts; results go to standard output,
//! everything else to standard error.
//!
//! | file | what it does |
//! |---|---|
//! | `arguments` | puts the arguments into the order in which clap reads them |
//! | `session_args` | the session options, the same for every command |
//! | `further_args`, `mfa` | options that few sessions need; how the code of an MFA device is read |
//! | `session` | resolve, check, mint: the first steps of every command that mints |
//! | `ls`, `count`, `mint`, `exec`, `whoami`, `policy`, `profiles`, `status`, `console`, `user`, `role`, `sandbox` | one command each |
//! | `object` | the commands about one object: `stat`, `versions`, `cat`, `head`, `tail`, `presign` |
//! | `source_args` | the options of commands that mint nothing |
//! | `checks` | the checks of `ls --check`: user, role and bucket |
//! | `renewing_session` | replaces a session that expires during a long listing |
//! | `signals` | ends a command on a signal |
//! | `history` | prints the mint log |
//! | `handover` | the output formats of `mint` |
//! | `interface` | starts the terminal interface |
//! | `no_sandbox` | replaces `sandbox` and the demo in a build without them |
//! | `output`, `json`, `progress` | output formats, and the progress line |
//! | `help`, `groups` | what `--help` prints below the options; the groups of its list of commands |
//! | `usage` | parses the command line; usage errors |
//! | `problem`, `exit` | how errors are printed, exit codes |
//! | `log` | the log file of `--debug` |

mod arguments;
mod checks;
mod clock_doubt;
mod console;
mod count;
mod exec;
mod exit;
mod further_args;
mod groups;
mod handover;
mod help;
mod history;
mod interface;
mod json;
mod log;
mod ls;
mod mfa;
mod mint;
#[cfg(not(feature = "sandbox"))]
mod no_sandbox;
mod object;
mod output;
mod policy;
mod problem;
mod profiles;
mod progress;
mod renewing_session;
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
pub use further_args::{ExtraArgs, RejectedCode};
pub use history::HistoryArgs;
pub use ls::LsArgs;
pub use mint::MintArgs;
pub use object::{CatArgs, HeadArgs, PresignArgs, StatArgs, TailArgs, VersionsArgs};
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

use self::help::{
    CAT_HELP, CONSOLE_HELP, COUNT_HELP, EXEC_HELP, LS_HELP, MINT_HELP, POLICY_HELP, PRESIGN_HELP, PROFILES_HELP,
    ROLE_HELP, SANDBOX_HELP, STAT_HELP, STATUS_HELP, VERSIONS_HELP, after_help,
};
use self::interface::ScreenArgs;
#[cfg(not(feature = "sandbox"))]
use self::no_sandbox::{self as sandbox, AnyArgs as SandboxArgs};
use crate::{
    domain::{
        failure::{Failure, FailureKind},
        safe_text::printable,
    },
    process,
    run::Ending,
};

/// Browse S3 buckets on borrowed time: turn an AWS profile into a short-lived session, browse S3 with exactly its
/// credentials, see the time they have left. Without a command, ebbtide opens the terminal interface.
#[derive(Debug, Parser)]
#[command(version, after_help = after_help(), max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    interface: InterfaceArgs,
}

/// The terminal interface, on AWS or whatever the session options name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct InterfaceArgs {
    /// The values with which the form starts.
    #[command(flatten)]
    pub session: SessionArgs,

    #[command(flatten)]
    screen: ScreenArgs,
}

/// What to do instead of opening the interface.
#[derive(Debug, Subcommand)]
enum Command {
    /// Try the interface on a built-in S3 and STS; needs no AWS account
    #[command(hide = !cfg!(feature = "sandbox"))]
    Demo(ScreenArgs),
    /// Run a local S3, STS and IAM for testing, on 127.0.0.1
    #[command(after_help = SANDBOX_HELP)]
    #[command(hide = !cfg!(feature = "sandbox"))]
    Sandbox(SandboxArgs),
    #[command(after_help = LS_HELP)]
    Ls(LsArgs),
    #[command(after_help = COUNT_HELP)]
    Count(CountArgs),
    #[command(after_help = STAT_HELP)]
    Stat(StatArgs),
    #[command(after_help = VERSIONS_HELP)]
    Versions(VersionsArgs),
    #[command(after_help = CAT_HELP)]
    Cat(CatArgs),
    #[command(after_help = CAT_HELP)]
    Head(HeadArgs),
    #[command(after_help = CAT_HELP)]
    Tail(TailArgs),
    #[command(after_help = PRESIGN_HELP)]
    Presign(PresignArgs),
    #[command(after_help = MINT_HELP)]
    Mint(MintArgs),
    #[command(after_help = EXEC_HELP)]
    Exec(ExecArgs),
    Whoami(WhoamiArgs),
    #[command(after_help = POLICY_HELP)]
    Policy(PolicyArgs),
    #[command(after_help = PROFILES_HELP)]
    Profiles(ProfilesArgs),
    #[command(after_help = STATUS_HELP)]
    Status(StatusArgs),
    History(HistoryArgs),
    #[command(after_help = CONSOLE_HELP)]
    Console(ConsoleArgs),
    User(UserArgs),
    #[command(after_help = ROLE_HELP)]
    Role(RoleArgs),
    #[command(after_help = ROLE_HELP)]
    Roles(RolesArgs),
}

/// The command line as clap reads it, with the commands in groups in its help.
fn command_line() -> clap::Command {
    let mut cli = Cli::command();
    cli.build(); // adds `help`
    groups::group_commands(
        cli.mut_subcommand("help", |help| help.about("Describe a command, as `COMMAND --help` does")),
    )
}

/// Runs the command line; errors go to standard error. `arguments` start with the program's name.
pub fn run_command_line(arguments: Vec<OsString>) -> ExitCode {
    let cli = command_line();
    match arguments::in_order(&cli, arguments).map(|arguments| usage::parse_command_line::<Cli>(&cli, arguments)) {
        Ok(Ok(cli)) => dispatch(cli).unwrap_or_else(|problem| problem.report()),
        Ok(Err(code)) => code,
        Err(problem) => problem.report(),
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, Problem> {
    if cli.command.is_some() && cli.interface != InterfaceArgs::default() {
        let hint = "write `ebbtide ls s3://BUCKET`, not `ebbtide s3://BUCKET ls`";
        return Err(Problem::typed("a location stands before the command: write it after the command", hint));
    }
    let debug = cli.command.as_ref().map_or(cli.interface.session.debug, Command::debug);
    if debug {
        let path = log::start_logging().map_err(|error| {
            Problem::typed(
                format!("--debug: could not open the log file: {error}"),
                "run it without --debug, or correct the log file's directory",
            )
        })?;
        problem::write_error_lines(&[format!("log: {}", printable(&path.to_string_lossy()))]);
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
            .with_hint("this machine has no processes or memory left: close something, then try again")
    })?;
    let ended = runtime.block_on(async {
        match cli.command {
            None => match interface::open_interface(&cli.interface.session, &cli.interface.screen).await {
                Ok(Ending::Demo) => sandbox::demo(&cli.interface.screen).await,
                ended => ended.map(interface::exit_code),
            },
            Some(command) => Box::pin(command.run_command()).await,
        }
    });
    clock_doubt::report_doubt();
    // Dropping it would wait for a name that is being looked up, or for a file on a disk that does not answer.
    runtime.shutdown_background();
    process::end_commands();
    ended
}

/// The keyboard goes first: keys are handled and drawn by the main thread alone, while a listing keeps all
/// others busy. On Linux a thread has a niceness of its own; elsewhere the whole process would stand back.
fn stand_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(5); // as it was, if refused
}

impl Command {
    /// Whether `--debug` was given; some commands do not have it.
    fn debug(&self) -> bool {
        match self {
            Self::Ls(args) => args.session().debug,
            Self::Count(args) => args.session().debug,
            Self::Stat(args) => args.session().debug,
            Self::Versions(args) => args.session().debug,
            Self::Cat(args) => args.session().debug,
            Self::Head(args) => args.session().debug,
            Self::Tail(args) => args.session().debug,
            Self::Presign(args) => args.session().debug,
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

    async fn run_command(self) -> Result<ExitCode, Problem> {
        match self {
            Self::Demo(screen) => sandbox::demo(&screen).await,
            Self::Sandbox(args) => sandbox::run_sandbox(args).await,
            Self::Ls(args) => Box::pin(ls::run_ls(&args)).await,
            Self::Count(args) => Box::pin(count::run_count(&args)).await,
            Self::Stat(args) => Box::pin(object::run_stat(&args)).await,
            Self::Versions(args) => Box::pin(object::run_versions(&args)).await,
            Self::Cat(args) => Box::pin(object::run_cat(&args)).await,
            Self::Head(args) => Box::pin(object::run_head(&args)).await,
            Self::Tail(args) => Box::pin(object::run_tail(&args)).await,
            Self::Presign(args) => Box::pin(object::run_presign(&args)).await,
            Self::Mint(args) => mint::run_mint(&args).await,
            Self::Exec(args) => exec::run_exec(&args).await.map(|never| match never {}),
            Self::Whoami(args) => whoami::run_whoami(&args).await,
            Self::Profiles(args) => profiles::run_profiles(&args).await,
            Self::Status(args) => status::run_status(&args).await,
            Self::History(args) => history::run_history(&args),
            Self::Console(args) => console::run_console(&args).await,
            Self::User(args) => user::run_user(&args).await,
            Self::Role(args) => role::run_role(&args).await,
            Self::Roles(args) => role::run_list(&args).await,
            Self::Policy(args) => policy::run_policy(&args),
        }
    }
}
