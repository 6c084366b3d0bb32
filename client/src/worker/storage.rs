//! The tablet's database: IndexedDB, version 1.
//!
//! A transaction counts only when its `complete` event came; `abort` without an error (a full
//! disk at the last moment) is a failure like any other. Written directly against the browser's
//! interface: strict durability and the difference between `error` and `abort` matter here.

use std::cell::RefCell;
use std::rc::Rc;

use floorbook_shared::device::storage::{
    Durability, Read, StorageError, StoreName, Transaction, Write,
};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, Event, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbRequest,
    IdbTransaction,
};

/// Name of the database.
const DATABASE: &str = "floorbook";
/// Version of the database. Upgrades only add stores.
const VERSION: u32 = 1;

/// The open database.
#[derive(Clone)]
pub(super) struct Storage(Rc<RefCell<IdbDatabase>>);

impl Storage {
    /// Opens the database, making its stores when it is new.
    ///
    /// # Errors
    /// `newer` if a newer program wrote it (it is left as it is), else what the browser said.
    pub(super) async fn open() -> Result<Self, StorageError> {
        open_database()
            .await
            .map(|database| Self(Rc::new(RefCell::new(database))))
    }

    /// Reads all entries under a prefix.
    pub(super) async fn read(&self, read: &Read) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        match self.try_read(read).await {
            Ok(entries) => Ok(entries),
            // Errors of a database that the system closed are often gone after opening it again.
            Err(_) => {
                self.reopen().await?;
                self.try_read(read).await
            }
        }
    }

    /// Writes a transaction: all of it, or nothing and an error.
    pub(super) async fn write(&self, transaction: &Transaction) -> Result<(), StorageError> {
        match self.try_write(transaction).await {
            Err(error) if error.code == "closed" => {
                self.reopen().await?;
                self.try_write(transaction).await
            }
            other => other,
        }
    }

    async fn reopen(&self) -> Result<(), StorageError> {
        let database = open_database().await?;
        self.0.replace(database).close();
        Ok(())
    }

    async fn try_read(&self, read: &Read) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        let database = self.0.borrow().clone();
        let transaction = database
            .transaction_with_str(read.store.key())
            .map_err(|error| failure(&error))?;
        let store = transaction
            .object_store(read.store.key())
            .map_err(|error| failure(&error))?;
        let (keys, values) = if read.prefix.is_empty() {
            (store.get_all_keys(), store.get_all())
        } else {
            let range = range(&read.prefix)?;
            (
                store.get_all_keys_with_key(&range),
                store.get_all_with_key(&range),
            )
        };
        let keys = keys.map_err(|error| failure(&error))?;
        let values = values.map_err(|error| failure(&error))?;
        // Both were asked in one transaction, so they answer about the same state.
        let (keys, values) = (finished(keys), finished(values));
        let keys: Array = JsFuture::from(keys)
            .await
            .map_err(|error| failure(&error))?
            .into();
        let values: Array = JsFuture::from(values)
            .await
            .map_err(|error| failure(&error))?
            .into();
        Ok(keys
            .iter()
            .zip(values.iter())
            .filter_map(|(key, value)| {
                let bytes = value.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
                // A value of another type is damaged: opening its envelope will say so.
                Some((key.as_string()?, bytes.unwrap_or_default()))
            })
            .collect())
    }

    async fn try_write(&self, transaction: &Transaction) -> Result<(), StorageError> {
        let database = self.0.borrow().clone();
        let names = Array::new();
        let mut stores: Vec<StoreName> = transaction.writes.iter().map(store_of).collect();
        stores.sort_unstable();
        stores.dedup();
        stores
            .iter()
            .for_each(|store| drop(names.push(&store.key().into())));
        let running =
            begin(&database, &names, transaction.durability).map_err(|error| failure(&error))?;
        let completed = completed(&running);
        let asked = transaction
            .writes
            .iter()
            .try_for_each(|write| ask(&running, write));
        if let Err(error) = asked {
            let _ = running.abort();
            let _ = JsFuture::from(completed).await;
            return Err(failure(&error));
        }
        let outcome = JsFuture::from(completed).await;
        outcome.map(|_| ()).map_err(|error| failure(&error))
    }
}

/// Begins a writing transaction. The bindings keep the durability option behind an unstable flag,
/// so the browser's function is called by its name.
fn begin(
    database: &IdbDatabase,
    stores: &Array,
    durability: Durability,
) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    let durability = match durability {
        Durability::Strict => "strict",
        Durability::Relaxed => "relaxed",
    };
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let transaction: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    transaction
        .call3(database, stores, &"readwrite".into(), &options)?
        .dyn_into()
}

const fn store_of(write: &Write) -> StoreName {
    match write {
        Write::Put { store, .. }
        | Write::Delete { store, .. }
        | Write::DeletePrefix { store, .. } => *store,
    }
}

fn ask(transaction: &IdbTransaction, write: &Write) -> Result<(), JsValue> {
    let store: IdbObjectStore = transaction.object_store(store_of(write).key())?;
    match write {
        Write::Put { key, value, .. } => {
            let bytes = Uint8Array::from(value.as_slice());
            store.put_with_key(&bytes, &key.into()).map(|_| ())
        }
        Write::Delete { key, .. } => store.delete(&key.into()).map(|_| ()),
        Write::DeletePrefix { prefix, .. } => {
            let range = range(prefix).map_err(|error| JsValue::from_str(&error.detail))?;
            store.delete(&range).map(|_| ())
        }
    }
}

/// All keys that begin with a prefix. Keys are plain ASCII, so nothing sorts behind `\u{ffff}`.
fn range(prefix: &str) -> Result<IdbKeyRange, StorageError> {
    let last = format!("{prefix}\u{ffff}");
    IdbKeyRange::bound(&prefix.into(), &last.into()).map_err(|error| failure(&error))
}

async fn open_database() -> Result<IdbDatabase, StorageError> {
    let factory = Reflect::get(&global(), &"indexedDB".into())
        .and_then(|factory| factory.dyn_into::<IdbFactory>())
        .map_err(|error| failure(&error))?;
    let request = factory
        .open_with_u32(DATABASE, VERSION)
        .map_err(|error| failure(&error))?;
    let upgrading = request.clone();
    let on_upgrade = Closure::once(move |_: Event| {
        let Ok(database) = upgrading
            .result()
            .and_then(|result| result.dyn_into::<IdbDatabase>())
        else {
            return;
        };
        let existing = database.object_store_names();
        for store in StoreName::ALL {
            if !existing.contains(store.key()) && database.create_object_store(store.key()).is_err()
            {
                // The upgrade is aborted by the browser, and opening fails.
                return;
            }
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    let opened = JsFuture::from(finished(request.unchecked_into())).await;
    let database: IdbDatabase = opened.map_err(|error| failure(&error))?.unchecked_into();
    Ok(database)
}

/// Settles with the result of a request.
fn finished(request: IdbRequest) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let answering = request.clone();
        let on_success = Closure::once_into_js(move |_: Event| {
            let result = answering.result().unwrap_or(JsValue::UNDEFINED);
            let _ = resolve.call1(&JsValue::NULL, &result);
        });
        let failing = request.clone();
        let on_error = Closure::once_into_js(move |event: Event| {
            event.prevent_default();
            let error = failing
                .error()
                .ok()
                .flatten()
                .map_or(JsValue::UNDEFINED, JsValue::from);
            let _ = reject.call1(&JsValue::NULL, &error);
        });
        request.set_onsuccess(Some(on_success.unchecked_ref()));
        request.set_onerror(Some(on_error.unchecked_ref()));
    })
}

/// Settles when a transaction is complete or aborted.
fn completed(transaction: &IdbTransaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let on_complete = Closure::once_into_js(move |_: Event| {
            let _ = resolve.call0(&JsValue::NULL);
        });
        let aborted = transaction.clone();
        let on_abort = Closure::once_into_js(move |_: Event| {
            let error = aborted.error().map_or(JsValue::UNDEFINED, JsValue::from);
            let _ = reject.call1(&JsValue::NULL, &error);
        });
        transaction.set_oncomplete(Some(on_complete.unchecked_ref()));
        transaction.set_onabort(Some(on_abort.unchecked_ref()));
    })
}

/// The browser's error with a stable code.
fn failure(error: &JsValue) -> StorageError {
    let exception = error.dyn_ref::<DomException>();
    let name = exception.map_or_else(|| "aborted".to_owned(), DomException::name);
    let code = match name.as_str() {
        "QuotaExceededError" => "quota",
        "VersionError" => "newer",
        "InvalidStateError" | "TransactionInactiveError" => "closed",
        _ => "failed",
    };
    let message = exception.map(DomException::message).unwrap_or_default();
    StorageError {
        code: code.to_owned(),
        detail: format!("{name}: {message}"),
    }
}
