//! What tells something about a person.

use std::net::IpAddr;

use super::{identifier::Identifier, numbers};

/// Personal data, and whether it is no more than a name.
pub(super) struct Personal {
    pub(super) what: &'static str,
    pub(super) is_name: bool,
}

/// What a member is by its name.
pub(super) fn by_name(name: &Identifier) -> Option<Personal> {
    let personal = |what| Some(Personal { what, is_name: false });
    let is_of_machine = name.has_word(&["ip", "mac", "wallet", "server", "host"]);
    match () {
        () if name.has_word(&["email", "mail", "emails"]) => personal("an e-mail address"),
        () if name.holds(&["phonenumber"]) || name.has_word(&["phone", "mobile", "msisdn", "telephone"]) => {
            personal("a phone number")
        }
        () if name.holds(&["birthdate", "birthday", "dateofbirth"]) || name.has_word(&["dob"]) => {
            personal("a date of birth")
        }
        () if name.has_word(&["address", "addresses", "street", "postcode"]) && !is_of_machine => {
            personal("an address")
        }
        () if name.has_word(&["ssn"]) || name.holds(&["socialsecurity", "nationalid", "taxid"]) => {
            personal("a number of the state")
        }
        () if name.has_word(&["passport"]) => personal("a passport"),
        () if name.has_word(&["iban"]) => personal("a bank account"),
        () if name.is(&["creditcard", "cardnumber", "creditcardnumber", "pan"]) => personal("a payment card"),
        () if name.is(&[
            "name",
            "fullname",
            "givenname",
            "firstname",
            "middlename",
            "familyname",
            "lastname",
            "surname",
            "nickname",
            "picture",
        ]) =>
        {
            Some(Personal { what: "a person's name or picture", is_name: true })
        }
        () => None,
    }
}

/// What a text is by its looks.
pub(super) fn by_value(name: &Identifier, value: &str) -> Option<Personal> {
    let what = match () {
        () if is_email(value) => "an e-mail address",
        () if value.parse::<IpAddr>().is_ok() && !name.has_word(&["version", "ver"]) => "an IP address",
        () if numbers::is_payment_card(value) => "the number of a payment card",
        () if numbers::is_iban(value) => "an IBAN",
        () => return None,
    };
    Some(Personal { what, is_name: false })
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
    !local.is_empty()
        && local.chars().all(is_local)
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && value.len() <= 254
}
