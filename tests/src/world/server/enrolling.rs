//! People and tablets that come into a world.

use floorbook_server::access::secret::{PasswordHash, SecretHash};
use floorbook_server::database::Database;
use floorbook_server::database::model::{By, Founding, NewAccount, NewSession};
use floorbook_shared::access::{Identity, Post, Role, Store, StoreSettings};
use floorbook_shared::id::{DeviceId, PersonId, StoreId};
use floorbook_shared::time::Timestamp;

use super::super::Dice;
use super::Server;
use crate::tablets::{enrol, issue_code, new_tablet};

impl Server {
    /// Signs a new person in on a new tablet, perhaps in a new store.
    pub fn enrol(
        &mut self,
        number: usize,
        opens_store: bool,
        dice: &mut Dice,
        now: Timestamp,
    ) -> Identity {
        let by = By {
            at: now,
            person: None,
            device: None,
        };
        if opens_store {
            let id = StoreId::new(now, dice);
            let store = store(id, self.stores.len() + 1);
            self.database
                .add_store(&store, by)
                .expect("stores are added");
            self.stores.push(id);
            let people = self.scope().people.clone();
            for person in people.iter().filter(|_| !self.has_books) {
                let post = Post::new(id, Role::Manager);
                self.database
                    .add_post(person.id, post, by)
                    .expect("posts are given");
            }
        }
        let home = self.stores[dice.below(self.stores.len())];
        let name = format!("顾问{number}");
        let person = PersonId::new(now, dice);
        // What the id of their book was drawn from once: so the seeds go on meaning what they meant.
        let _ = PersonId::new(now, dice);
        let mut posts = vec![Post::new(home, Role::Consultant)];
        // In a world without books everyone works with everything.
        let managed = self.stores.iter().filter(|_| !self.has_books);
        posts.extend(managed.map(|store| Post::new(*store, Role::Manager)));
        let device = DeviceId::new(now, dice);
        let session = NewSession {
            device,
            token: SecretHash::of("world", name.as_bytes()),
            now,
            expires: now.plus_millis(i64::MAX / 4),
        };
        let identity = if number == 0 {
            let store = store(home, 1);
            let password = PasswordHash::from_phc("none".to_owned());
            self.database
                .found(&Founding {
                    store,
                    person,
                    name,
                    password,
                    tablet: new_tablet(device, now),
                    session,
                })
                .map(|(_, identity)| identity)
        } else {
            let account = NewAccount {
                id: person,
                name,
                posts,
                code: None,
            };
            self.database
                .add_person(&account, by)
                .and_then(|()| issue_code(self.database.as_ref(), device, now))
                .and_then(|()| enrol(self.database.as_ref(), &new_tablet(device, now)))
                .and_then(|()| self.database.sign_in(person, &session))
        };
        self.announce_scope();
        identity.expect("the world's server signs people in")
    }

    /// Someone else begins to work on a tablet, in the same store.
    pub fn employ(&mut self, first: &Identity, dice: &mut Dice, now: Timestamp) -> Identity {
        let person = PersonId::new(now, dice);
        let mut posts = vec![Post::new(first.store, Role::Consultant)];
        // In a world without books everyone works with everything.
        let managed = self.stores.iter().filter(|_| !self.has_books);
        posts.extend(managed.map(|store| Post::new(*store, Role::Manager)));
        let account = NewAccount {
            id: person,
            name: format!("顾问{person}"),
            posts,
            code: None,
        };
        let by = By {
            at: now,
            person: None,
            device: None,
        };
        self.database
            .add_person(&account, by)
            .expect("people are added");
        self.announce_scope();
        Identity {
            person,
            name: account.name,
            ..first.clone()
        }
    }
}

fn store(id: StoreId, number: usize) -> Store {
    Store {
        id,
        code: format!("HZ{number}"),
        name: format!("杭州{number}店"),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}
