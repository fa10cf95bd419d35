//! Where a token comes from: an argument or standard input, alone or in a line of HTTP.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Read as _},
};

use clap::Args;

use crate::{base64, failure::Failure, output, visible};

/// The token that a subcommand is about.
#[derive(Args)]
pub(crate) struct TokenArgument {
    /// The token, or a whole `Authorization`, `Cookie` or `Set-Cookie` line that holds it
    ///
    /// Without it, or for `-`, standard input is read: shells keep arguments in their history.
    token: Vec<String>,
}

/// The most that is read; nobody takes a token of more than some KiB.
const LIMIT: u64 = 1024 * 1024;

impl TokenArgument {
    /// The token, without what stood around it. Whether it is well-formed is another question.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let text = match &*self.token {
            [] if io::stdin().is_terminal() => {
                return Err(Failure::new(
                    "no token: pipe one into standard input, such as `pbpaste | jwtower inspect`, or give `-` and \
                     paste it",
                ));
            }
            [] => standard_input()?,
            [one] if one == "-" => standard_input()?,
            words => {
                output::tell("hint: shells keep arguments in their history; standard input stays out of it");
                words.join(" ")
            }
        };
        find(&text)
    }
}

fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let unreadable = |error| Failure::new(format_args!("standard input: {error}"));
    io::stdin().take(LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT {
        return Err(Failure::new("no token: standard input has more than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new("no token: standard input is not UTF-8"))
}

/// What may be a token, with the cookie's name where it is one.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    cookie: Option<&'a str>,
    text: &'a str,
}

/// How much a text is like a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// It has the right number of parts and begins with a JSON object.
    Whole,
    /// A part of it is a JSON object.
    Broken,
    None,
}

/// The one token in a text.
fn find(text: &str) -> Result<String, Failure> {
    let text = unwrapped(text.trim_start_matches('\u{feff}').trim());
    if text.is_empty() {
        return Err(Failure::new("no token: the input is empty"));
    }
    let candidates: Vec<_> = text.lines().flat_map(candidates).collect();
    for likeness in [Likeness::Whole, Likeness::Broken] {
        let mut alike: Vec<_> = candidates.iter().filter(|one| likeness_of(one.text) == likeness).collect();
        alike.dedup_by_key(|one| one.text);
        match &*alike {
            [] => {}
            [one] => return Ok(one.text.to_owned()),
            several => {
                let cookies =
                    cookies(several.iter().copied()).map(|names| format!(" in the cookies {names}"));
                return Err(Failure::new(format_args!(
                    "{} tokens{}: give the one that you mean",
                    several.len(),
                    cookies.unwrap_or_default()
                )));
            }
        }
    }
    Err(match cookies(&candidates) {
        Some(names) => Failure::new(format_args!("no token in the cookies {names}")),
        None => Failure::new(
            "no token: one has three parts with dots between (five where it is encrypted), alone or in an \
             Authorization, Cookie or Set-Cookie line",
        ),
    })
}

/// A token that a terminal or a mail program broke into lines, in one line again.
fn unwrapped(text: &str) -> Cow<'_, str> {
    let continues = |line: &str| {
        let line = line.trim();
        line.chars().all(|c| c.is_ascii_alphanumeric() || "-_.=+/".contains(c))
            && likeness_of(line) != Likeness::Whole
    };
    match text.lines().skip(1).all(continues) {
        true => text.lines().map(str::trim).collect::<String>().into(),
        false => text.into(),
    }
}

/// What may be a token in a line: its words, or the values of its cookies.
fn candidates(line: &str) -> Vec<Candidate<'_>> {
    let line = unquoted(line);
    let words = |text| words(text).map(|text| Candidate { cookie: None, text }).collect::<Vec<_>>();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match line.split_once(':').filter(|(name, _)| is_name(name)) {
        Some((name, value)) if name.eq_ignore_ascii_case("cookie") => pairs(value).collect(),
        Some((name, value)) if name.eq_ignore_ascii_case("set-cookie") => pairs(value).take(1).collect(),
        Some((_, value)) => words(value),
        None if begins_with_a_name(line) => pairs(line).take(1).collect(),
        None => words(line),
    }
}

/// Whether a line is a cookie without the header's name; a token may have `=` too, as padding.
fn begins_with_a_name(line: &str) -> bool {
    let name = line.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| !name.contains(['.', ' ']) && likeness_of(name) == Likeness::None)
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// A line without what a shell had around it, such as `-H '..' \`.
fn unquoted(mut line: &str) -> &str {
    loop {
        let before = line;
        line = line.trim().trim_end_matches('\\').trim_matches(QUOTES);
        for word in ["curl ", "--header", "-H", "$'"] {
            line = line.strip_prefix(word).unwrap_or(line);
        }
        if line == before {
            return line;
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(QUOTES).trim_matches([',', ';']).trim_matches(QUOTES))
}

fn pairs(text: &str) -> impl Iterator<Item = Candidate<'_>> {
    text.split(';').filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        Some(Candidate { cookie: Some(name.trim()), text: value.trim().trim_matches(QUOTES) })
    })
}

/// The cookies' names, which are no secrets, unless none of them is a cookie.
fn cookies<'a>(candidates: impl IntoIterator<Item = &'a Candidate<'a>>) -> Option<String> {
    /// A longer name is a value that lost its name.
    const LONGEST: usize = 64;
    let names = candidates.into_iter().filter_map(|one| one.cookie).filter(|name| name.len() <= LONGEST);
    let names: Vec<_> = names.map(visible::name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Whether a text has the form of a token.
pub(crate) fn is_token(text: &str) -> bool {
    likeness_of(text) == Likeness::Whole
}

fn likeness_of(text: &str) -> Likeness {
    let mut parts = text.split('.');
    let first = parts.next().is_some_and(begins_an_object);
    let second = parts.next().is_some_and(begins_an_object);
    match text.split('.').count() {
        3 | 5 if first => Likeness::Whole,
        _ if first || second => Likeness::Broken,
        _ => Likeness::None,
    }
}

/// Whether base64 begins as `{"name"` or `{}` does, whatever comes behind it.
fn begins_an_object(part: &str) -> bool {
    /// As many digits as white space may reasonably take, in groups of four.
    const DIGITS: usize = 64;
    let is_digit = |c: &char| c.is_ascii_alphanumeric() || "-_+/".contains(*c);
    let digits: String = part.chars().take_while(is_digit).take(DIGITS).collect();
    let bytes = base64::lenient(&digits).or_else(|| base64::lenient(digits.get(..digits.len() / 4 * 4)?));
    let bytes = bytes.unwrap_or_default();
    let inside = bytes.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.trim_ascii_end() == b"}")
}
