//! What a peer minted: keys, and tokens with the verdict that each deserves.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::peer::Peer;

/// What a token allows, if it is good at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grants {
    /// The token is bad.
    Reject,
    /// The token is good and allows neither of the guarded routes.
    Nothing,
    /// The role `admin`.
    Admin,
    /// The permission `posts:write`.
    Posts,
}

/// One line of `tokens.tsv`.
pub(crate) struct Token {
    /// The algorithm and what is special about the token.
    pub(crate) name: String,
    /// `jwks`, or the algorithm of the secret.
    pub(crate) keys: String,
    /// Its `sub`.
    pub(crate) subject: String,
    /// What it allows.
    pub(crate) grants: Grants,
    /// The token.
    pub(crate) text: String,
}

/// The files that one run of `mint` wrote.
pub(crate) struct Minted {
    folder: PathBuf,
    tokens: Vec<Token>,
}

impl Minted {
    /// Lets the peer mint, and reads what it wrote.
    pub(crate) fn by(peer: &Peer, issuer: &str, audience: &str) -> Self {
        let folder = peer.folder("minted");
        let _ = peer.run("mint", &[&folder.display().to_string(), issuer, audience], "");
        let lines = fs::read_to_string(folder.join("tokens.tsv")).expect("tokens.tsv");
        Self { folder, tokens: lines.lines().map(token).collect() }
    }

    pub(crate) fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter()
    }

    /// The names of all algorithms that signed a good token.
    pub(crate) fn algorithms(&self) -> BTreeSet<&str> {
        let good = self.tokens().filter(|token| token.grants != Grants::Reject);
        good.filter_map(|token| token.name.split('-').next()).collect()
    }

    /// `jwks`, and the algorithm of each secret.
    pub(crate) fn keys(&self) -> BTreeSet<&str> {
        self.tokens().map(|token| token.keys.as_str()).collect()
    }

    /// How a server is started that trusts these keys.
    pub(crate) fn server_arguments(&self, keys: &str, issuer: &str, audience: &str) -> Vec<String> {
        let path = |file: &str| self.folder.join(file).display().to_string();
        let mut arguments = Vec::from(["--issuer", issuer, "--audience", audience].map(String::from));
        match keys {
            "jwks" => arguments.extend(["--jwks-file".into(), path("jwks.json")]),
            algorithm => arguments.extend([
                "--secret-file".into(),
                path(&format!("{algorithm}.secret")),
                "--alg".into(),
                algorithm.into(),
            ]),
        }
        arguments
    }
}

fn token(line: &str) -> Token {
    let [name, keys, subject, grants, text] = line.split('\t').collect::<Vec<_>>()[..] else {
        panic!("a line of tokens.tsv has five columns");
    };
    let grants = match grants {
        "reject" => Grants::Reject,
        "nothing" => Grants::Nothing,
        "role:admin" => Grants::Admin,
        "permission:posts:write" => Grants::Posts,
        other => panic!("nobody told us what {other} grants"),
    };
    Token { name: name.into(), keys: keys.into(), subject: subject.into(), grants, text: text.into() }
}
