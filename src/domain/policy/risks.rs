//! Forms of policies that allow more, or less, than who wrote them may think.
//!
//! Invariant: a policy built from a scope has none of them; whoever sends one that has is asked once more.

use super::{
    SessionPolicy,
    pattern::Pattern,
    rules::{Choice, Effect, Statement},
};

impl SessionPolicy {
    /// What is risky about it, each in a sentence without an end; nothing where nothing is.
    pub fn risks(&self) -> Vec<&'static str> {
        let statements = &self.rules.statements;
        let mut risks: Vec<&'static str> = vec![];
        for risk in statements.iter().flat_map(risks_of) {
            if !risks.contains(&risk) {
                risks.push(risk);
            }
        }
        if statements.iter().all(|statement| statement.effect == Some(Effect::Deny)) {
            risks.push("it only denies, so it allows nothing");
        }
        if self.rules.dead_variables {
            risks.push("without \"Version\": \"2012-10-17\" every ${…} is taken literally");
        }
        risks
    }
}

fn risks_of(statement: &Statement) -> Vec<&'static str> {
    let mut risks = vec![];
    if statement.principal {
        risks.push("a session policy takes no Principal: AWS refuses it");
    }
    match statement.effect {
        Some(Effect::Allow) => {}
        Some(Effect::Deny) => return risks,
        None => {
            risks.push("a statement's Effect is neither Allow nor Deny: AWS refuses it");
            return risks;
        }
    }
    match &statement.actions {
        Choice::AllBut(_) => risks.push("NotAction with Allow allows every action that it does not name"),
        Choice::Of(actions) if names(actions, "*") => risks.push("it allows every action of every service"),
        Choice::Of(actions) if names(actions, "s3:*") => {
            risks.push("s3:* allows every S3 action, also on bucket policies");
        }
        Choice::Of(_) => {}
        Choice::Unclear => risks.push("a statement says no clear Action: AWS refuses it"),
    }
    match &statement.resources {
        Choice::AllBut(_) => risks.push("NotResource with Allow allows everything that it does not name"),
        // Seeing which buckets there are takes this resource and no other.
        Choice::Of(resources) if names(resources, "*") && !only_sees_buckets(statement) => {
            risks.push("Resource * reaches every bucket");
        }
        Choice::Of(_) => {}
        Choice::Unclear => risks.push("a statement says no clear Resource: AWS refuses it"),
    }
    risks
}

fn names(patterns: &[Pattern], written: &str) -> bool {
    patterns.iter().any(|pattern| pattern.written == written)
}

fn only_sees_buckets(statement: &Statement) -> bool {
    statement.actions.of().is_some_and(|actions| actions.iter().all(|it| it.written == "s3:listallmybuckets"))
}
