//! A report for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{
    algorithms,
    finding::{Finding, Level, Pointer},
    node::Node,
    parts::Content,
    report::{Form, Report},
    times::Time,
    words,
};
use crate::visible;

const HEADING: Style = Style::new().bold();
const NAME: Style = AnsiColor::Cyan.on_default();
const REMARK: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
const GOOD_TO_KNOW: Style = AnsiColor::Blue.on_default();

/// Longer values are written in lines of their own, with an indentation.
const ONE_LINE: usize = 72;

/// Names beyond this width do not push the values of the others to the right.
const WIDEST: usize = 20;

impl Report {
    pub(super) fn to_text(&self) -> String {
        let mut text = Text(String::new());
        text.report(self);
        text.0
    }
}

struct Text(String);

impl Text {
    fn report(&mut self, report: &Report) {
        let title = format!("{} {}", report.form.name(), report.kind.name());
        let title =
            title.split_at_checked(1).map_or(String::new(), |(first, rest)| first.to_uppercase() + rest);
        self.line(format_args!("{HEADING}{title}{HEADING:#}, {} bytes", report.bytes));
        self.line(format_args!(
            "{DOUBTFUL}Nothing was verified: this is what it says, true or not.{DOUBTFUL:#}"
        ));
        self.content("Header", &report.header, |name, value| remark_on_header(report, name, value));
        if let Form::Encrypted { .. } = report.form {
            self.encryption(report);
        } else {
            self.content("Claims", &report.claims, |name, _| remark_on_claim(report, name));
        }
        if let Form::Signed { signature } = report.form {
            self.heading("Signature");
            self.line(format_args!("  {signature} bytes, not checked"));
        }
        self.findings(&report.findings);
        if let Some(inner) = &report.inner {
            self.line(format_args!("\n{HEADING}Decrypted, and inside:{HEADING:#}\n"));
            self.report(inner);
        }
    }

    fn line(&mut self, line: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{line}");
    }

    fn heading(&mut self, heading: &str) {
        self.line(format_args!("\n{HEADING}{heading}{HEADING:#}"));
    }

    fn content(&mut self, heading: &str, content: &Content, remark: impl Fn(&str, &Node) -> Option<Remark>) {
        self.heading(heading);
        match content {
            Content::Json(Node::Object(members)) if members.is_empty() => self.line("  {}"),
            Content::Json(Node::Object(members)) => {
                let names: Vec<_> = members.iter().map(|(name, _)| visible::name(name)).collect();
                let widths = names.iter().map(|name| name.chars().count()).filter(|width| *width <= WIDEST);
                let width = widths.max().unwrap_or(0);
                for (shown, (name, value)) in names.iter().zip(members) {
                    let own = shown.chars().count().max(width);
                    let shown_value = self::value(name, value, own + 4);
                    let remark = remark(name, value).map(|remark| remark.to_string()).unwrap_or_default();
                    let space = " ".repeat(own - shown.chars().count());
                    self.line(format_args!("  {NAME}{shown}{NAME:#}{space}  {shown_value}{remark}"));
                }
            }
            Content::Json(other) => self.line(format_args!("  {}", other.pretty(2))),
            Content::Text(text) => self.line(format_args!("  {}", visible::quoted(text))),
            Content::Bytes(bytes) => self.line(format_args!("  {bytes} bytes that are no text")),
            Content::Absent => self.line("  missing"),
        }
    }

    fn encryption(&mut self, report: &Report) {
        let Form::Encrypted { key, ciphertext, tag } = report.form else { return };
        self.heading("Claims");
        let what = if report.inner.is_some() {
            "encrypted; see below"
        } else {
            "encrypted: only the recipient's key shows them"
        };
        self.line(format_args!("  {what}"));
        self.heading("Encryption");
        self.line(format_args!("  {key} bytes of encrypted key, {ciphertext} of ciphertext, {tag} of tag"));
    }

    fn findings(&mut self, findings: &[Finding]) {
        self.heading("Findings");
        if findings.is_empty() {
            self.line("  none; whether it is genuine is another question");
        }
        for finding in findings {
            let style = match finding.level {
                Level::Error => BAD,
                Level::Warning => DOUBTFUL,
                Level::Note => GOOD_TO_KNOW,
            };
            let level = finding.level.name();
            let place = finding.member.as_ref().map(Pointer::to_text);
            let place = place.map(|place| format!("{NAME}{place}{NAME:#}: ")).unwrap_or_default();
            let Finding { code, message, .. } = finding;
            self.line(format_args!(
                "  {style}{level:<7}{style:#}  {place}{message} {REMARK}({code}){REMARK:#}"
            ));
        }
    }
}

/// A value in one line, or in several of which those behind the first are indented.
fn value(name: &str, value: &Node, indent: usize) -> String {
    let scopes: Vec<_> = match value {
        Node::Text(text) if matches!(name, "scope" | "scp") => text.split_whitespace().collect(),
        _ => Vec::new(),
    };
    if scopes.len() > 1 {
        let lines: Vec<_> = scopes.into_iter().map(visible::name).collect();
        return lines.join(&format!("\n{}", " ".repeat(indent)));
    }
    let compact = value.compact();
    let is_short = compact.chars().count() <= ONE_LINE || matches!(value, Node::Text(_));
    if is_short { compact } else { value.pretty(indent) }
}

/// What is said behind a value.
struct Remark {
    style: Style,
    text: String,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { style, text } = self;
        write!(f, "  {style}{text}{style:#}")
    }
}

fn remark(text: impl Into<String>) -> Remark {
    Remark { style: REMARK, text: text.into() }
}

fn remark_on_header(report: &Report, name: &str, value: &Node) -> Option<Remark> {
    let text = value.as_text()?;
    match (name, &report.form) {
        ("alg", Form::Encrypted { .. }) => algorithms::key_management(text).map(remark),
        ("alg", _) => algorithms::signature(text).map(remark),
        ("enc", _) => algorithms::content(text).map(remark),
        _ => None,
    }
}

fn remark_on_claim(report: &Report, name: &str) -> Option<Remark> {
    let time = report.times.iter().find(|time| time.name == name)?;
    let style = if time.refuses { BAD } else { REMARK };
    let lifetime = report.lifetime.filter(|life| name == "exp" && *life > 0.0);
    let lifetime = lifetime.map(|life| format!("; lives {}", words::closely(life))).unwrap_or_default();
    Some(Remark { style, text: format!("{}{lifetime}", said(time)) })
}

fn said(time: &Time) -> String {
    [time.in_zone(), Some(time.words.clone())].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
