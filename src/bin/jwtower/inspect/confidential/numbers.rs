//! Numbers that have a check of their own.

/// A number of a payment card: its issuer's first digits, its length, and the check by Luhn (ISO/IEC 7812).
pub(super) fn is_payment_card(text: &str) -> bool {
    if text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '-')) {
        return false;
    }
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let first: u32 = digits.iter().take(4).fold(0, |number, digit| number * 10 + digit);
    let is_known = match digits.len() {
        13 | 19 => first / 1000 == 4,
        15 => matches!(first / 100, 34 | 37),
        16 => matches!(first, 2221..=2720 | 3528..=3589 | 4000..=4999 | 5100..=5599 | 6011 | 6440..=6599),
        _ => false,
    };
    is_known && passes_luhn(&digits)
}

fn passes_luhn(digits: &[u32]) -> bool {
    let double = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let places = digits.iter().rev().enumerate();
    let sum: u32 = places.map(|(place, digit)| if place % 2 == 1 { double(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

/// A number of a bank account: a country, the check modulo 97, and at most 34 characters (ISO 13616).
pub(super) fn is_iban(text: &str) -> bool {
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let (Some(country), Some(check), Some(rest)) = (text.get(..2), text.get(2..4), text.get(4..)) else {
        return false;
    };
    let is_formed = country.bytes().all(|b| b.is_ascii_uppercase())
        && check.bytes().all(|b| b.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && (11..=30).contains(&rest.len());
    let values = rest.chars().chain(country.chars()).chain(check.chars()).filter_map(|c| c.to_digit(36));
    let shift = |remainder: u32, value: u32| (remainder * if value > 9 { 100 } else { 10 } + value) % 97;
    is_formed && values.fold(0, shift) == 1
}
