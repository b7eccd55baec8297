//! The groups in which `ebbtide --help` lists the commands.
//!
//! Invariant: every visible command is listed once, in the one group that [`GROUPS`] names for it.

use std::fmt::Write as _;

use clap::Command;

/// The groups, and the commands of each in the order in which they are listed. A command that is hidden or does not
/// exist in this build is left out.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Browse", &["demo", "ls", "count"]),
    ("Objects", &["stat", "versions", "cat", "head", "tail", "presign"]),
    ("Sessions", &["mint", "exec", "whoami", "status", "console", "policy", "profiles", "history"]),
    ("IAM", &["user", "role", "roles"]),
    ("Other", &["sandbox", "help"]),
];

/// `ebbtide --help` without a location before the command, which would be an error.
const USAGE: &str = "ebbtide [OPTIONS] [s3://BUCKET[/PREFIX]]\n       ebbtide COMMAND [OPTIONS]";

/// The same command line, whose help lists the commands in groups.
///
/// clap has one list for all commands, so the groups are written into the template of the help, and that list is hidden
/// by hiding each command in it. A hidden command is run, suggested and described like any other.
pub(super) fn group_commands(cli: Command) -> Command {
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{{all-args}}{{after-help}}",
        list_groups(&cli)
    );
    cli.help_template(template).override_usage(USAGE).mut_subcommands(|command| command.hide(true))
}

/// Each group with its heading, followed by an empty line.
fn list_groups(cli: &Command) -> String {
    let heading = cli.get_styles().get_header();
    let name_style = cli.get_styles().get_literal();
    let visible = |name: &str| cli.find_subcommand(name).filter(|command| !command.is_hide_set());
    let width = GROUPS.iter().flat_map(|(_, names)| *names).map(|name| name.len()).max().unwrap_or_default();
    let mut list = String::new();
    for (group, names) in GROUPS {
        let commands: Vec<_> = names.iter().filter_map(|name| visible(name)).collect();
        if commands.is_empty() {
            continue;
        }
        let _ = writeln!(list, "{heading}{group}:{heading:#}");
        for command in commands {
            let name = command.get_name();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(list, "  {name_style}{name}{name_style:#}{:1$}  {about}", "", width - name.len());
        }
        list.push('\n');
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, command_line};
    use clap::CommandFactory;

    fn groups_of(command: &str) -> Vec<&'static str> {
        GROUPS.iter().filter(|(_, names)| names.contains(&command)).map(|(group, _)| *group).collect()
    }

    #[test]
    fn every_command_has_one_group_and_every_name_in_a_group_is_a_command() {
        let cli = command_line();
        for command in cli.get_subcommands() {
            let name = command.get_name();
            let groups = groups_of(name);
            assert_eq!(groups.len(), 1, "{name} needs a row in one group of GROUPS; it is in {groups:?}");
        }
        for name in GROUPS.iter().flat_map(|(_, names)| *names) {
            assert!(cli.find_subcommand(name).is_some(), "{name} is in GROUPS, but is not a command");
        }
    }

    #[test]
    fn help_lists_the_visible_commands_by_group_within_eighty_columns() {
        let help = command_line().render_help().to_string();
        let list = help.split_once("Browse:\n").and_then(|(_, rest)| rest.split_once("\nOptions:")).unwrap().0;
        assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
        let listed: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
        let hidden = Cli::command().get_subcommands().filter(|command| command.is_hide_set()).count();
        assert_eq!(listed.len() + hidden, command_line().get_subcommands().count(), "{list}");
        let headings: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(':')).collect();
        assert_eq!(headings, ["Objects", "Sessions", "IAM", "Other"], "{list}");
    }
}
