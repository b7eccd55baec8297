//! Policies that allow more, or less, than their author may think.
//!
//! Invariant: a risk follows from what a policy allows, all statements together, and not from how it is written. A
//! policy built from a scope has none, because the scope says what it allows. A policy with risks needs a confirmation.

use super::{
    actions::{Target, documented},
    facts::{Facts, Text},
    family::Family,
    pattern::Pattern,
    places::reaches_every_bucket,
    session_policy::SessionPolicy,
    statement::{Choice, Effect, Principals, Statement},
    truth::Truth,
};

impl SessionPolicy {
    /// What is risky about it, each in a sentence without an end; nothing where nothing is.
    pub fn risks(&self) -> Vec<&'static str> {
        if self.scope.is_some() {
            return vec![];
        }
        let statements = &self.rules.statements;
        let mut risks: Vec<&'static str> = vec![];
        for risk in statements.iter().flat_map(refused_by_aws).chain(too_much(statements)) {
            if !risks.contains(&risk) {
                risks.push(risk);
            }
        }
        if statements.iter().all(|statement| statement.effect == Some(Effect::Deny)) {
            risks.push("it has only Deny statements, so it allows nothing");
        }
        if self.rules.dead_variables {
            risks.push("without \"Version\": \"2012-10-17\" a policy variable ${…} is plain text");
        }
        risks
    }
}

fn refused_by_aws(statement: &Statement) -> Vec<&'static str> {
    let mut risks = vec![];
    if statement.principals != Principals::Unsaid {
        risks.push("a session policy cannot have a Principal: AWS rejects it");
    }
    if statement.effect.is_none() {
        risks.push("a statement's Effect is neither Allow nor Deny: AWS rejects it");
        return risks;
    }
    if statement.actions == Choice::Unclear {
        risks.push("a statement has no valid Action: AWS rejects it");
    }
    if statement.resources == Choice::Unclear {
        risks.push("a statement has no valid Resource: AWS rejects it");
    }
    risks
}

/// What statements allow together that is more than one service, one bucket, or what is named.
fn too_much(statements: &[Statement]) -> Vec<&'static str> {
    let allowing: Vec<&Statement> = statements.iter().filter(|it| it.effect == Some(Effect::Allow)).collect();
    let denied = Denied::by(statements);
    let mut risks = vec![];
    let all_but = |choice: fn(&Statement) -> &Choice| {
        allowing.iter().any(|it| matches!(choice(it), Choice::AllBut(patterns) if !is_all(patterns)))
    };
    if all_but(|statement| &statement.actions) {
        risks.push("NotAction with Allow allows every action that it does not list");
    }
    let actions: Vec<&Pattern> = allowing.iter().flat_map(|it| named(&it.actions)).collect();
    if takes_every_action(&actions, &denied.actions) {
        risks.push("it allows every action of every service");
    } else if takes_every_s3_action(&actions, &denied.actions) {
        risks.push("it allows every S3 action, including changes of bucket policies");
    }
    if all_but(|statement| &statement.resources) {
        risks.push("NotResource with Allow allows every resource that it does not list");
    }
    // What is done to the account takes this resource and no other.
    let allows_any = |it: &&&Statement| !matches!(&it.actions, Choice::AllBut(patterns) if is_all(patterns));
    let of_buckets = allowing.iter().filter(allows_any).filter(|statement| !is_only_of_account(statement));
    let resources: Vec<&Pattern> = of_buckets.flat_map(|it| named(&it.resources)).collect();
    if reaches_every_bucket(&resources, &denied.resources) {
        risks.push("its Resource includes every bucket");
    }
    risks
}

/// What is denied whatever else is asked.
struct Denied<'p> {
    /// On every resource.
    actions: Vec<&'p Pattern>,
    /// Every action of S3.
    resources: Vec<&'p Pattern>,
}

impl<'p> Denied<'p> {
    fn by(statements: &'p [Statement]) -> Self {
        let always = || statements.iter().filter(|it| it.effect == Some(Effect::Deny) && it.conditions.is_empty());
        let everywhere = |it: &&Statement| Family::of_arns().is_covered(&named(&it.resources), &[]);
        let whatever = |it: &&Statement| takes_every_s3_action(&named(&it.actions), &[]);
        Self {
            actions: always().filter(everywhere).flat_map(|it| named(&it.actions)).collect(),
            resources: always().filter(whatever).flat_map(|it| named(&it.resources)).collect(),
        }
    }
}

/// The patterns of a choice that is of some.
fn named(choice: &Choice) -> Vec<&Pattern> {
    if let Choice::Of(patterns) = choice { patterns.iter().collect() } else { vec![] }
}

/// Whether nothing is left beside these.
fn is_all(patterns: &[Pattern]) -> bool {
    let patterns: Vec<&Pattern> = patterns.iter().collect();
    Family::of_arns().is_covered(&patterns, &[]) || takes_every_action(&patterns, &[])
}

pub(super) fn takes(pattern: &Pattern, action: &str) -> bool {
    pattern.matches(Text::Exactly(action), &Facts::partial()) == Truth::Yes
}

pub(super) fn takes_every_action(patterns: &[&Pattern], left_out: &[&Pattern]) -> bool {
    Family::of_actions().is_covered(patterns, left_out)
}

/// Whether every action of S3 is taken: every one that can be, or every one that there is.
pub(super) fn takes_every_s3_action(patterns: &[&Pattern], left_out: &[&Pattern]) -> bool {
    let any = |of: &[&Pattern], action: &str| of.iter().any(|pattern| takes(pattern, action));
    Family::of_s3_actions().is_covered(patterns, left_out)
        || documented().all(|action| any(patterns, &action.name) && !any(left_out, &action.name))
}

/// Whether all that it allows is done to the account, such as seeing which buckets there are.
fn is_only_of_account(statement: &Statement) -> bool {
    let Choice::Of(patterns) = &statement.actions else { return false };
    let of_account = |pattern: &Pattern| {
        let mut taken = documented().filter(|action| takes(pattern, &action.name)).peekable();
        taken.peek().is_some() && taken.all(|action| action.target == Target::Account)
    };
    patterns.iter().all(of_account)
}
