//! The addresses of the screens. They carry ids and never anything personal.

use yew_router::prelude::*;

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    /// What is due today.
    #[at("/")]
    Today,
    /// The coming seven days.
    #[at("/week")]
    Week,
    /// Cards that are to be looked through.
    #[at("/review")]
    Review,
    /// All customers.
    #[at("/customers")]
    Customers,
    /// A new card.
    #[at("/customers/new")]
    NewCard,
    /// The card of somebody who has just walked in.
    #[at("/customers/walk-in")]
    WalkIn,
    /// A card.
    #[at("/customers/:id")]
    Card {
        /// The document of the card.
        id: String,
    },
    /// Settings and administration.
    #[at("/more")]
    More,
    /// Cards whose class looks wrong.
    #[at("/more/classes")]
    Resort,
    /// The staff.
    #[at("/more/people")]
    People,
    /// A new staff member.
    #[at("/more/people/new")]
    NewPerson,
    /// A staff member.
    #[at("/more/people/:id")]
    Person {
        /// The person.
        id: String,
    },
    /// The stores.
    #[at("/more/stores")]
    Stores,
    /// A new store.
    #[at("/more/stores/new")]
    NewStore,
    /// A store.
    #[at("/more/stores/:id")]
    Store {
        /// The store.
        id: String,
    },
    /// The tablets.
    #[at("/more/tablets")]
    Tablets,
    /// A new tablet.
    #[at("/more/tablets/new")]
    NewTablet,
    /// A tablet.
    #[at("/more/tablets/:id")]
    Tablet {
        /// The tablet.
        id: String,
    },
    /// The work of a tablet that can't reach the store any more.
    #[at("/more/rescue")]
    Rescue,
    /// Handovers under way.
    #[at("/more/handovers")]
    Handovers,
    /// Customers from a file.
    #[at("/more/import")]
    Import,
    /// Cards on which two values wait for someone to choose.
    #[at("/more/conflicts")]
    Conflicts,
    /// Saving and sending.
    #[at("/more/status")]
    Status,
    /// Founding the first store.
    #[at("/setup")]
    Setup,
    /// Enrolling this tablet.
    #[at("/enrol")]
    Enrol,
    /// Setting a password by a one-time link.
    #[at("/join")]
    Join,
    /// An address that leads nowhere.
    #[not_found]
    #[at("/404")]
    NotFound,
}
