//! What is typed into the search field, and how many customers it has to find.

use std::path::Path;

use anyhow::{Context, Result};
use floorbook_server::database::RedbDatabase;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::folder;
use floorbook_shared::view::row::CustomerRow;
use floorbook_shared::view::search::{Query, SearchKey};

/// Letters of a name's pinyin that are typed at most.
const LETTERS_MAX: usize = 5;
/// Digits of a phone's end that are typed.
const DIGITS: usize = 4;

/// A key that is pressed.
#[derive(Clone, Debug)]
pub struct Keystroke {
    /// What it writes.
    pub writes: char,
    /// Customers that are found then.
    pub finds: usize,
    /// Whether that is another number than before, so that the page tells when it is up to date.
    pub is_told: bool,
}

/// The rows of a store, as its tablets search them.
pub struct Customers {
    rows: Vec<(CustomerRow, SearchKey)>,
}

impl Customers {
    /// Reads the rows in a data folder that no server works on.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn read(data: &Path) -> Result<Self> {
        let database = RedbDatabase::open(&folder::database(data))?;
        let mut rows = Vec::new();
        let mut unreadable = 0;
        database.rows(
            &mut |_, row| match serde_json::from_slice::<CustomerRow>(row) {
                Ok(row) => {
                    let key = SearchKey::of(&row);
                    rows.push((row, key));
                }
                Err(_) => unreadable += 1,
            },
        )?;
        anyhow::ensure!(unreadable == 0, "{unreadable} rows can't be read");
        Ok(Self { rows })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Searches for customers all over the book, by name, by pinyin and by the end of a phone in turns,
    /// each with so many customers.
    ///
    /// # Errors
    /// If there are no customers.
    pub fn searches(&self, of_each: usize) -> Result<Vec<Vec<Keystroke>>> {
        let mut searches = Vec::new();
        for number in 0..of_each * 3 {
            let place = number * self.rows.len() / (of_each * 3);
            let (row, key) = self.rows.get(place).context("a customer")?;
            let typed: Vec<char> = match number % 3 {
                0 => row.name.chars().collect(),
                1 => {
                    let spelled = key.name_order().chars();
                    let letters = spelled.filter(char::is_ascii_lowercase);
                    letters.take(LETTERS_MAX).collect()
                }
                _ => {
                    let phone = row.phones.first().context("a phone")?;
                    let from = phone.chars().count().saturating_sub(DIGITS);
                    phone.chars().skip(from).collect()
                }
            };
            searches.push(self.keystrokes(&typed));
        }
        Ok(searches)
    }

    fn keystrokes(&self, typed: &[char]) -> Vec<Keystroke> {
        let mut text = String::new();
        let mut found = self.rows.len();
        let mut keystrokes = Vec::new();
        for writes in typed {
            text.push(*writes);
            let query = Query::read(&text);
            let keys = self.rows.iter().filter(|(_, key)| query.matches(key));
            let finds = keys.count();
            keystrokes.push(Keystroke {
                writes: *writes,
                finds,
                is_told: finds != found,
            });
            found = finds;
        }
        keystrokes
    }
}
