//! The tablet's database: IndexedDB, version 1.
//!
//! A transaction counts only when its `complete` event came; `abort` without an error (a full
//! disk at the last moment) is a failure like any other. Written directly against the browser's
//! interface: strict durability and the difference between `error` and `abort` matter here.

use std::cell::{Cell, RefCell};
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

/// The open database; cheap to clone.
#[derive(Clone)]
pub(super) struct Storage {
    database: Rc<RefCell<IdbDatabase>>,
    on_close: Rc<dyn Fn()>,
}

impl Storage {
    /// Opens the database, making its stores when it is new. `on_close` hears when something
    /// else than this program closed it.
    ///
    /// # Errors
    /// `newer` if a newer program wrote it (it is left as it is), else what the browser said.
    pub(super) async fn open(on_close: impl Fn() + 'static) -> Result<Self, StorageError> {
        let on_close: Rc<dyn Fn()> = Rc::new(on_close);
        let database = open_database(true).await?;
        watch(&database, &on_close);
        Ok(Self {
            database: Rc::new(RefCell::new(database)),
            on_close,
        })
    }

    /// Reads all entries under a prefix.
    pub(super) async fn read(&self, read: &Read) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        match self.try_read(read).await {
            Ok(entries) => Ok(entries),
            // Errors of a database that the system closed are often gone after opening it again,
            // and those about a full disk are often false.
            Err(_) => {
                self.reopen().await?;
                self.try_read(read).await
            }
        }
    }

    /// Writes a transaction: all of it, or nothing and an error.
    pub(super) async fn write(&self, transaction: &Transaction) -> Result<(), StorageError> {
        match self.try_write(transaction).await {
            Ok(()) => Ok(()),
            // It did not begin or its `abort` came: nothing of it was written. And what is put is
            // the same the second time.
            Err(_) => {
                self.reopen().await?;
                self.try_write(transaction).await
            }
        }
    }

    /// Opens the database again, in place of the open one.
    ///
    /// # Errors
    /// `deleted` if there is none any more: an empty one is not made in its place, or memory and
    /// disk would part. Else what the browser said.
    pub(super) async fn reopen(&self) -> Result<(), StorageError> {
        let database = open_database(false).await?;
        watch(&database, &self.on_close);
        let old = self.database.replace(database);
        unwatch(&old);
        old.close();
        Ok(())
    }

    async fn try_read(&self, read: &Read) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
        let database = self.database.borrow().clone();
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
        let database = self.database.borrow().clone();
        let names = Array::new();
        let mut stores: Vec<StoreName> = transaction.writes.iter().map(store_of).collect();
        stores.sort_unstable();
        stores.dedup();
        for store in stores {
            names.push(&store.key().into());
        }
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
        | Write::DeletePrefix { store, .. }
        | Write::Clear { store } => *store,
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
        Write::Clear { .. } => store.clear().map(|_| ()),
    }
}

/// All keys that begin with a prefix. Keys are plain ASCII, so nothing sorts behind `\u{ffff}`.
fn range(prefix: &str) -> Result<IdbKeyRange, StorageError> {
    let last = format!("{prefix}\u{ffff}");
    IdbKeyRange::bound(&prefix.into(), &last.into()).map_err(|error| failure(&error))
}

/// Hears when the database is closed: by the system, because its data were deleted, or because a
/// newer version of the app waits for it in another tab.
fn watch(database: &IdbDatabase, on_close: &Rc<dyn Fn()>) {
    let closed = Rc::clone(on_close);
    let hear = Closure::<dyn Fn(Event)>::new(move |_: Event| closed()).into_js_value();
    database.set_onclose(Some(hear.unchecked_ref()));
    let (waited_for, closed) = (database.clone(), Rc::clone(on_close));
    let make_way = Closure::<dyn Fn(Event)>::new(move |_: Event| {
        waited_for.close();
        closed();
    });
    database.set_onversionchange(Some(make_way.into_js_value().unchecked_ref()));
}

fn unwatch(database: &IdbDatabase) {
    database.set_onclose(None);
    database.set_onversionchange(None);
}

async fn open_database(may_make: bool) -> Result<IdbDatabase, StorageError> {
    let factory = Reflect::get(&global(), &"indexedDB".into())
        .and_then(|factory| factory.dyn_into::<IdbFactory>())
        .map_err(|error| failure(&error))?;
    let request = factory
        .open_with_u32(DATABASE, VERSION)
        .map_err(|error| failure(&error))?;
    let upgrading = request.clone();
    let is_missing = Rc::new(Cell::new(false));
    let missing = Rc::clone(&is_missing);
    let on_upgrade = Closure::once(move |_: Event| {
        if !may_make {
            missing.set(true);
            if let Some(transaction) = upgrading.transaction()
                && transaction.abort().is_err()
            {
                // Then it has ended already.
            }
            return;
        }
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
    if is_missing.get() {
        return Err(StorageError {
            code: "deleted".to_owned(),
            detail: "the browser deleted the database".to_owned(),
        });
    }
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
