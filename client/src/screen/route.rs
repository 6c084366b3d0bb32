//! The addresses of the screens. They carry ids and never anything personal.

use yew_router::prelude::*;

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    /// What is due today.
    #[at("/")]
    Today,
    /// All customers.
    #[at("/customers")]
    Customers,
    /// A new card.
    #[at("/customers/new")]
    NewCard,
    /// A card.
    #[at("/customers/:id")]
    Card {
        /// The document of the card.
        id: String,
    },
    /// Settings and administration.
    #[at("/more")]
    More,
    /// The staff.
    #[at("/more/people")]
    People,
    /// Customers from a file.
    #[at("/more/import")]
    Import,
    /// Saving and sending.
    #[at("/more/status")]
    Status,
    /// Founding the first store.
    #[at("/setup")]
    Setup,
    /// Enrolling this tablet by a one-time link.
    #[at("/enrol")]
    Enrol,
    /// Setting a password by a one-time link.
    #[at("/join")]
    Join,
    /// Signing in.
    #[at("/sign-in")]
    SignIn,
    /// An address that leads nowhere.
    #[not_found]
    #[at("/404")]
    NotFound,
}
