//! Rust source as a row of words and signs: what a wall, a circle and a double name are looked for in.
//!
//! Invariant: comments, strings and character literals are no code, so nothing in them is ever seen.

/// Identifiers, `::` and single punctuation, without comments, strings and character literals.
pub(crate) fn tokens(source: &str) -> Vec<String> {
    let (mut tokens, mut rest) = (vec![], source);
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if let Some(skipped) = not_code(rest) {
            skipped
        } else if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        if not_code(rest).is_none() && !c.is_whitespace() {
            tokens.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    tokens
}

/// What is left where every `#[cfg(test)] mod … { … }` is taken out.
pub(crate) fn without_tests(tokens: &[String]) -> Vec<String> {
    let marked = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let (mut left, mut at) = (vec![], 0);
    while at < tokens.len() {
        if tokens[at..].iter().zip(marked).filter(|(token, mark)| token == mark).count() == marked.len() {
            at = after_block(tokens, at);
        } else {
            left.push(tokens[at].clone());
            at += 1;
        }
    }
    left
}

/// Where the item that begins at `at` is over: at its semicolon, or behind its braces.
fn after_block(tokens: &[String], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at,
            "}" => depth -= 1,
            ";" if depth == 0 => return at,
            _ => {}
        }
    }
    at
}

/// The length of the comment or literal at the start of `rest`, if there is one.
fn not_code(rest: &str) -> Option<usize> {
    let until = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return Some(until("\n", 2));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if rest.starts_with("r\"") || rest.starts_with("r#") {
        let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
        let opens = rest[1 + hashes..].starts_with('"');
        return opens.then(|| until(&format!("\"{}", "#".repeat(hashes)), hashes + 2));
    }
    if rest.starts_with('"') {
        return Some(quoted(rest));
    }
    // A lifetime has no closing quote after its first character.
    let mut chars = rest.strip_prefix('\'')?.chars();
    match (chars.next()?, chars.next()) {
        ('\\', Some(escaped)) => Some(until("'", 2 + escaped.len_utf8())),
        (c, Some('\'')) => Some(2 + c.len_utf8()),
        _ => None,
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let (change, length) = match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (1, 2),
            [b'*', b'/', ..] => (-1, 2),
            _ => (0, 1),
        };
        depth += change;
        at += length;
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}
