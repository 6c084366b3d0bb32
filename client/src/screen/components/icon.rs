//! Icons as inline SVG: always beside a word or a name, so they are hidden from readers.

use yew::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Today.
    Today,
    /// Customers.
    Customers,
    /// More.
    More,
    /// Search.
    Search,
    /// Add.
    Add,
    /// Back.
    Back,
    /// Close.
    Close,
    /// A telephone.
    Phone,
    /// A telephone that is not to be used.
    NoPhone,
    /// Writing something down.
    Write,
    /// A calendar.
    Calendar,
    /// Two values for one thing.
    Conflict,
    /// Waits to be sent.
    Unsent,
    /// Leads on.
    Forward,
    /// Done.
    Done,
    /// A warning.
    Warning,
    /// Takes the last sign back.
    Delete,
    /// Locked.
    Lock,
    /// Handed to somebody else.
    HandOver,
    /// Two people, one after the other.
    Switch,
    /// A key.
    Key,
    /// Out of the door.
    Leave,
    /// A QR code.
    Qr,
    /// A message.
    Message,
    /// Some of all.
    Filter,
    /// Back to how it was.
    Undo,
    /// Looking something through.
    Look,
    /// Into the store.
    Receive,
}

impl Picture {
    const fn path(self) -> &'static str {
        match self {
            Self::Today => {
                "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM3 9h18M8 2v4M16 2v4M8.5 14.5l2.5 2.5 4.5-4.5"
            }
            Self::Customers => {
                "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-7 7-7s7 3 7 7M16 3.5a4 4 0 0 1 0 7M18 14.5c2.5.8 4 3.2 4 6.5"
            }
            Self::More => "M4 7h16M4 12h16M4 17h16",
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
            Self::Add => "M12 5v14M5 12h14",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Phone => {
                "M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3C10 21 3 14 3 6a3 3 0 0 1 3-3z"
            }
            Self::NoPhone => {
                "M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3C10 21 3 14 3 6a3 3 0 0 1 3-3zM21 3L3 21"
            }
            Self::Write => "M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4",
            Self::Calendar => {
                "M5 5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM3 10h18M8 3v4M16 3v4"
            }
            Self::Conflict => "M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4",
            Self::Unsent => "M12 20V7M6 12l6-6 6 6M5 3h14",
            Self::Forward => "M9 5l7 7-7 7",
            Self::Done => "M5 12.5l4.5 4.5L19 7",
            Self::Warning => "M12 3l10 18H2L12 3zM12 10v5M12 18v.5",
            Self::Delete => {
                "M9 5h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-6-7 6-7zM11.5 9.5l5 5M16.5 9.5l-5 5"
            }
            Self::Lock => {
                "M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8 11V7.5a4 4 0 0 1 8 0V11"
            }
            Self::Switch => "M4 9h14l-4-4M20 15H6l4 4",
            Self::Key => "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9v4M17 12v3",
            Self::Leave => "M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M15 8l4 4-4 4M19 12H9",
            Self::Qr => {
                "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v2h-2v4M14 20h2M20 20v.5"
            }
            Self::Message => "M4 5h16v11H10l-5 4v-4H4zM8 10h8",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Receive => "M14 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5M10 8l4 4-4 4M14 12H4",
            Self::Look => {
                "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::Undo => "M8 4L4 8l4 4M4 8h10a6 6 0 0 1 0 12H7",
            Self::HandOver => {
                "M8 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-3.5 2.5-6 6-6 1.8 0 3.3.6 4.4 1.7M13 19h9M18.5 15.5L22 19l-3.5 3.5"
            }
        }
    }
}

/// Properties of [`Icon`].
#[derive(PartialEq, Properties)]
pub struct IconProps {
    /// What it shows.
    pub picture: Picture,
}

/// An icon of the size of its line.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={props.picture.path()} />
        </svg>
    }
}
