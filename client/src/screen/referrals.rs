//! Who introduced whom: the chain of referrals 转介绍 above a card.

use std::collections::BTreeSet;

use floorbook_shared::id::DocumentId;

/// Cards that a chain shows at most.
const CHAIN_MAX: usize = 12;

/// The cards above one, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Who introduced the customer, who introduced them, and so on.
    pub above: Vec<DocumentId>,
    /// Whether it comes back to a card that stands in it already: one of them must be wrong.
    pub is_circle: bool,
}

impl Chain {
    /// The chain above a card, as far as `referrer_of` knows it.
    pub fn of(
        card: DocumentId,
        referrer: Option<DocumentId>,
        referrer_of: impl Fn(DocumentId) -> Option<DocumentId>,
    ) -> Self {
        let mut chain = Self::default();
        let mut seen = BTreeSet::from([card]);
        let mut next = referrer;
        while let Some(above) = next
            && chain.above.len() < CHAIN_MAX
        {
            if !seen.insert(above) {
                chain.is_circle = true;
                break;
            }
            chain.above.push(above);
            next = referrer_of(above);
        }
        chain
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn card(number: u8) -> DocumentId {
        DocumentId::from_bytes([number; 16])
    }

    fn chain(referrers: &[(u8, u8)]) -> Chain {
        let referrers: BTreeMap<DocumentId, DocumentId> = referrers
            .iter()
            .map(|(of, by)| (card(*of), card(*by)))
            .collect();
        let referrer_of = |of| referrers.get(&of).copied();
        Chain::of(card(1), referrer_of(card(1)), referrer_of)
    }

    #[test]
    fn a_chain_leads_up_to_who_came_alone() {
        let found = chain(&[(1, 2), (2, 3), (4, 1)]);
        assert_eq!(found.above, [card(2), card(3)]);
        assert!(!found.is_circle);
        assert_eq!(chain(&[]), Chain::default());
    }

    #[test]
    fn a_circle_ends_where_it_closes() {
        for (referrers, above) in [
            (&[(1, 1)][..], vec![]),
            (&[(1, 2), (2, 1)], vec![card(2)]),
            (&[(1, 2), (2, 3), (3, 2)], vec![card(2), card(3)]),
        ] {
            let found = chain(referrers);
            assert_eq!(found.above, above);
            assert!(found.is_circle);
        }
    }

    #[test]
    fn an_endless_chain_is_cut() {
        let all: Vec<(u8, u8)> = (1..200).map(|number| (number, number + 1)).collect();
        assert_eq!(chain(&all).above.len(), CHAIN_MAX);
    }
}
