//! `floorbook person` and `floorbook store`: the first steps, and what is left when nobody can sign
//! in any more.

use clap::{Args, Subcommand};
use floorbook_shared::access::{StoreSettings, UnknownRole};

use super::DataArguments;
use crate::admin::{
    AdminRequest, ListedPerson, ListedStore, NamedPost, SettingEdit, SettingsPatch, UnreadSetting,
    described,
};

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Adds a staff member and prints the one-time link by which they set their password.
    Add {
        /// Their name.
        name: String,
        #[command(flatten)]
        posts: PostArguments,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Lists the staff with what they do where.
    List(DataArguments),
    /// Changes the name of a staff member, or what they do where.
    Change {
        /// Their name.
        name: String,
        /// Their new name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// All that they do from now on, such as HZ1:consultant; the store of the first one is home.
        #[arg(long = "post", num_args = 1.., value_name = "STORE:ROLE", value_parser = named_post)]
        posts: Vec<NamedPost>,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Signs a staff member out everywhere and lets them in no more.
    Disable {
        /// Their name.
        name: String,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Lets a staff member in again.
    Enable {
        /// Their name.
        name: String,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Prints a new one-time link for a staff member, for example after a forgotten password.
    Invite {
        /// Their name.
        name: String,
        #[command(flatten)]
        data: DataArguments,
    },
}

#[derive(Debug, Args)]
pub(super) struct PostArguments {
    /// What they do where, such as HZ1:consultant; the roles are consultant, manager, office,
    /// display and admin. The store of the first one is home.
    #[arg(
        long = "post",
        required = true,
        num_args = 1..,
        value_name = "STORE:ROLE",
        value_parser = named_post
    )]
    posts: Vec<NamedPost>,
}

/// Reads what somebody does where, as the command line writes it.
fn named_post(text: &str) -> Result<NamedPost, String> {
    let (store, role) = text
        .split_once(':')
        .ok_or("write it as STORE:ROLE, such as HZ1:consultant")?;
    let role = role
        .parse()
        .map_err(|error: UnknownRole| error.to_string())?;
    let store = store.to_owned();
    Ok(NamedPost { store, role })
}

impl PersonCommand {
    /// What is asked of the server, and where it is.
    pub(super) fn request(self) -> (DataArguments, AdminRequest) {
        let change = |name, is_active| AdminRequest::ChangePerson {
            name,
            rename: None,
            posts: None,
            is_active,
        };
        match self {
            Self::Add { name, posts, data } => {
                let posts = posts.posts;
                (data, AdminRequest::AddPerson { name, posts })
            }
            Self::List(data) => (data, AdminRequest::ListPeople),
            Self::Change {
                name,
                rename,
                posts,
                data,
            } => {
                let posts = (!posts.is_empty()).then_some(posts);
                let request = AdminRequest::ChangePerson {
                    name,
                    rename,
                    posts,
                    is_active: None,
                };
                (data, request)
            }
            Self::Disable { name, data } => (data, change(name, Some(false))),
            Self::Enable { name, data } => (data, change(name, Some(true))),
            Self::Invite { name, data } => (data, AdminRequest::InvitePerson { name }),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Adds a store.
    Add {
        /// Its code, the first part of card numbers.
        code: String,
        /// Its name.
        name: String,
        /// Its IANA time zone, such as Asia/Shanghai.
        #[arg(long, value_name = "TZ")]
        time_zone: String,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Lists the stores with what each sets for itself.
    List(DataArguments),
    /// Changes a store; what is not named stays.
    Change {
        /// Its code.
        code: String,
        /// Its new name.
        #[arg(long)]
        name: Option<String>,
        /// Its IANA time zone.
        #[arg(long, value_name = "TZ")]
        time_zone: Option<String>,
        /// Whether its consultants read one another's books.
        #[arg(long, value_name = "YES", num_args = 1)]
        open_books: Option<bool>,
        /// Hours that a tablet works without having met the server.
        #[arg(long, value_name = "HOURS")]
        lease_hours: Option<u32>,
        /// Minutes without a touch after which a tablet locks itself.
        #[arg(long, value_name = "MINUTES")]
        auto_lock_minutes: Option<u32>,
        /// Any setting by its key, such as cadence.c_days=45; an unknown key lists all of them.
        #[arg(long = "set", num_args = 1.., value_name = "KEY=VALUE", value_parser = setting)]
        others: Vec<SettingEdit>,
        #[command(flatten)]
        data: DataArguments,
    },
}

impl StoreCommand {
    /// What is asked of the server, and where it is.
    pub(super) fn request(self) -> (DataArguments, AdminRequest) {
        match self {
            Self::Add {
                code,
                name,
                time_zone,
                data,
            } => {
                let request = AdminRequest::AddStore {
                    code,
                    name,
                    time_zone,
                };
                (data, request)
            }
            Self::List(data) => (data, AdminRequest::ListStores),
            Self::Change {
                code,
                name,
                time_zone,
                open_books,
                lease_hours,
                auto_lock_minutes,
                others,
                data,
            } => {
                let request = AdminRequest::ChangeStore {
                    code,
                    name,
                    time_zone,
                    settings: SettingsPatch {
                        books_are_open: open_books,
                        lease_hours,
                        auto_lock_minutes,
                        others,
                    },
                };
                (data, request)
            }
        }
    }
}

/// The staff, a line each.
pub(super) fn describe_people(people: &[ListedPerson]) -> String {
    let line = |person: &ListedPerson| {
        let posts: Vec<String> = person.posts.iter().map(NamedPost::to_string).collect();
        let mark = match (person.is_active, person.has_password) {
            (false, _) => "  (disabled)",
            (true, false) => "  (no password yet)",
            (true, true) => "",
        };
        format!("{}  {}{mark}\n", person.name, posts.join(" "))
    };
    people.iter().map(line).collect()
}

/// Reads a setting as the command line writes it.
fn setting(text: &str) -> Result<SettingEdit, UnreadSetting> {
    SettingEdit::read(text)
}

/// The stores, a line each, and below it what each sets otherwise than is usual.
pub(super) fn describe_stores(stores: &[ListedStore]) -> String {
    let line = |store: &ListedStore| {
        let settings = store.settings;
        let usual = described(&StoreSettings::default());
        let shown_above = ["books_are_open", "lease_hours", "auto_lock_minutes"];
        let own: String = described(&settings)
            .into_iter()
            .filter(|one| !usual.contains(one) && !shown_above.contains(&one.0.as_str()))
            .map(|(key, value)| format!("  {key}={value}\n"))
            .collect();
        format!(
            "{}  {}  {}  open books: {}  lease: {} h  auto-lock: {} min\n{own}",
            store.code,
            store.name,
            store.time_zone,
            if settings.books_are_open { "yes" } else { "no" },
            settings.lease_hours,
            settings.auto_lock_minutes,
        )
    };
    stores.iter().map(line).collect()
}
