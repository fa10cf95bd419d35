//! The claims that options and files give.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use crate::{failure::Failure, file, visible};

/// The application's own claims.
#[derive(Args)]
pub(crate) struct ClaimArguments {
    /// A claim: NAME=TEXT, or NAME:=JSON for what is no text; may be given several times
    #[arg(long, value_name = "NAME=TEXT")]
    claim: Vec<String>,
    /// A file with one JSON object of claims; what options give wins over it
    #[arg(long, value_name = "FILE")]
    claims_file: Option<PathBuf>,
    /// The claim `scope`, names with spaces between them
    #[arg(long)]
    scope: Option<String>,
    /// One of the claim `roles`; may be given several times
    #[arg(long)]
    role: Vec<String>,
    /// One of the claim `permissions`; may be given several times
    #[arg(long)]
    permission: Vec<String>,
}

/// The claims that an issuer makes itself and would leave out here, and what to do instead.
const OF_THE_ISSUER: [(&str, &str); 11] = [
    ("iss", "give --issuer"),
    ("sub", "give --subject"),
    ("aud", "give --audience"),
    ("exp", "give --lifetime"),
    ("iat", "give --issued-at"),
    ("client_id", "give --client-id"),
    ("nbf", "none is made; --issued-at says when the token begins"),
    ("jti", "every token gets one of its own"),
    ("sid", "it names a login, and here is none"),
    ("sgen", "it belongs to a login, and here is none"),
    ("cnf", "the token is bound to no key"),
];

impl ClaimArguments {
    /// All of them; a claim that is given twice, or is not theirs to give, is refused.
    pub(crate) fn read(&self) -> Result<Map<String, Value>, Failure> {
        let mut given = Map::new();
        for claim in &self.claim {
            let (name, value) = parse(claim)?;
            add(&mut given, "--claim", name, value)?;
        }
        if let Some(scope) = &self.scope {
            add(&mut given, "--scope", "scope", scope.as_str().into())?;
        }
        for (option, name, values) in
            [("--role", "roles", &self.role), ("--permission", "permissions", &self.permission)]
        {
            if !values.is_empty() {
                add(&mut given, option, name, values.as_slice().into())?;
            }
        }
        let mut claims = self.filed()?;
        claims.extend(given);
        for (name, instead) in OF_THE_ISSUER {
            if claims.contains_key(name) {
                return Err(Failure::new(format_args!(
                    "the claim {name} is not given as a claim: {instead}"
                )));
            }
        }
        Ok(claims)
    }

    fn filed(&self) -> Result<Map<String, Value>, Failure> {
        let Some(path) = &self.claims_file else { return Ok(Map::new()) };
        let unusable = |problem: String| file::unusable("--claims-file", path, problem);
        match serde_json::from_slice(&file::read("--claims-file", path)?) {
            Ok(Value::Object(claims)) => Ok(claims),
            Ok(_) => Err(unusable("it is no JSON object".into())),
            Err(error) => {
                Err(unusable(format!("it is no JSON, at line {} column {}", error.line(), error.column())))
            }
        }
    }
}

fn add(given: &mut Map<String, Value>, option: &str, name: &str, value: Value) -> Result<(), Failure> {
    if given.insert(name.to_owned(), value).is_some() {
        let name = visible::name(name);
        return Err(Failure::new(format_args!(
            "{option}: the claim {name} is given twice; a list is {name}:='[..]'"
        )));
    }
    Ok(())
}

/// A name and a value: `name=text` or `name:=json`.
fn parse(claim: &str) -> Result<(&str, Value), Failure> {
    let refuse = |problem: String| Failure::new(format_args!("--claim: {problem}"));
    let (name, value) = claim
        .split_once('=')
        .filter(|(name, _)| !["", ":"].contains(name))
        .ok_or_else(|| refuse("one is not of the form NAME=TEXT or NAME:=JSON".into()))?;
    match name.strip_suffix(':') {
        None => Ok((name, value.into())),
        Some(name) => {
            let value = serde_json::from_str(value).map_err(|_| {
                let name = visible::name(name);
                refuse(format!("what stands behind {name}:= is no JSON; a text is {name}=TEXT"))
            })?;
            Ok((name, value))
        }
    }
}
