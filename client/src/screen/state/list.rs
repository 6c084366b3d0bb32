//! What the list of customers shows.

use floorbook_shared::view::search::ClassFilter;

/// What the list of customers shows; kept while other places are visited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListView {
    /// What was typed into the search field.
    pub query: String,
    /// The class that is shown, or all.
    pub class: Option<ClassFilter>,
    /// Whether only cards with something marked are shown.
    pub mark: Option<Mark>,
    /// The order.
    pub order: ListOrder,
    /// Pixels that the list is scrolled down.
    pub scroll: i32,
}

/// A mark of a row that can be filtered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Two values wait for someone to choose.
    Conflict,
    /// Changes wait to be sent.
    Unsent,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// The latest contact first.
    #[default]
    Recent,
    /// The earliest next step first.
    NextStep,
}
