//! MAN: whether there are money, authority and need behind a purchase intention, and what that asks
//! for (`domain.md` section 3).

use crate::record::entry::{Entry, EntryField};
use crate::record::keyed::keyed;

keyed! {
    /// A combination of the answers; a capital letter is a yes. What was not asked yet counts as no.
    Qualification {
        /// Ideal: sell.
        Man = "MAN",
        /// Approachable: good technique may win.
        NoNeed = "MAn",
        /// Find the person who decides.
        NoAuthority = "MaN",
        /// Check the business and credit, offer finance.
        NoMoney = "mAN",
        /// Watch over the long term.
        NeedAlone = "maN",
        /// Watch over the long term.
        AuthorityAlone = "mAn",
        /// Watch over the long term.
        MoneyAlone = "Man",
        /// Not a customer: stop.
        Nothing = "man",
    }
}

impl Qualification {
    /// The combination of an intention; `None` as long as nothing was asked.
    pub fn of(intention: &Entry) -> Option<Self> {
        let answers = [EntryField::Money, EntryField::Authority, EntryField::Need]
            .map(|field| intention.is_yes(field));
        if answers.iter().all(Option::is_none) {
            return None;
        }
        let [money, authority, need] = answers.map(Option::unwrap_or_default);
        Some(match (money, authority, need) {
            (true, true, true) => Self::Man,
            (true, true, false) => Self::NoNeed,
            (true, false, true) => Self::NoAuthority,
            (false, true, true) => Self::NoMoney,
            (false, false, true) => Self::NeedAlone,
            (false, true, false) => Self::AuthorityAlone,
            (true, false, false) => Self::MoneyAlone,
            (false, false, false) => Self::Nothing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;

    #[test]
    fn every_combination_of_answers_has_its_advice() {
        for combination in Qualification::ALL {
            let answer = |place: usize| {
                let letter = combination.key().chars().nth(place).unwrap();
                if letter.is_uppercase() { "yes" } else { "no" }
            };
            let values = [
                (EntryField::Money, answer(0).to_owned()),
                (EntryField::Authority, answer(1).to_owned()),
                (EntryField::Need, answer(2).to_owned()),
            ];
            let mut intention = Entry {
                id: EntryId::from_bytes([1; 16]),
                values: values.into(),
            };
            assert_eq!(Qualification::of(&intention), Some(*combination));
            intention.values.clear();
            assert_eq!(Qualification::of(&intention), None, "nothing was asked yet");
        }
    }
}
