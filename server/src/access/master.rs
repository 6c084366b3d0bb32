//! The master secret: the file that it stands in, and the keys that are derived from it.
//!
//! *Invariant:* it never gets into the database or a backup; the database knows only by a hash
//! whether a secret is the one that tablets got their keys from.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use floorbook_shared::access::Scope;
use floorbook_shared::id::{DeviceId, PersonId, Randomness};
use floorbook_shared::secret::SessionToken;
use floorbook_shared::vault::issued::{FeedKey, IssuedKeys};
use floorbook_shared::vault::master::MasterSecret;

use super::secret::SecretHash;
use crate::database::Database;
use crate::folder;

/// What the file begins with.
const HEAD: &str = "floorbook master 1 ";

/// Reads the secret that belongs to these data, or makes one for data that have none yet.
///
/// # Errors
/// If it is missing or another one, unless `may_begin_anew`; if it can't be read or written.
pub fn open(
    file: &Path,
    database: &dyn Database,
    may_begin_anew: bool,
    randomness: &mut dyn Randomness,
) -> Result<MasterSecret> {
    let bound = database.master_check()?;
    let found = read(file)?;
    let master = match (found, bound) {
        (Some(master), None) => master,
        (Some(master), Some(bound)) if check(&master) == bound => master,
        (Some(master), Some(_)) if may_begin_anew => master,
        (Some(_), Some(_)) => bail!(
            "{} is not the master secret of these data; put the right file there (it is not in \
             backups), or, if it is lost for good, start the server once with --new-master: \
             everybody then signs in anew, and work that was not sent yet is refused",
            file.display()
        ),
        (None, Some(_)) if !may_begin_anew => bail!(
            "the master secret {} is missing; put the file back (it is not in backups), or, if it \
             is lost for good, start the server once with --new-master: everybody then signs in \
             anew, and work that was not sent yet is refused",
            file.display()
        ),
        (None, _) => {
            let master = MasterSecret::draw(randomness);
            write(file, &master).with_context(|| format!("can't write {}", file.display()))?;
            master
        }
    };
    if bound != Some(check(&master)) {
        database.bind_master(check(&master))?;
    }
    Ok(master)
}

/// Reads the secret in a file, if there is one.
///
/// # Errors
/// If it can't be read, others may read it, or it is none.
pub fn read(file: &Path) -> Result<Option<MasterSecret>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("can't read {}", file.display()));
        }
    };
    ensure!(
        is_private(file)?,
        "{} may be read by others; close it with chmod 600",
        file.display()
    );
    let hex = text.strip_prefix(HEAD).map(str::trim_end);
    // The same bytes in the same spelling as a token.
    let secret = hex.and_then(|hex| SessionToken::from_hex(hex).ok());
    let secret = secret.with_context(|| format!("{} is no master secret", file.display()))?;
    Ok(Some(MasterSecret::from_bytes(*secret.expose())))
}

#[cfg(unix)]
fn is_private(file: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(file)?.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_file: &Path) -> io::Result<bool> {
    Ok(true)
}

fn write(file: &Path, master: &MasterSecret) -> io::Result<()> {
    let hex = SessionToken::from_bytes(*master.expose()).to_hex();
    folder::write_private(file, format!("{HEAD}{}\n", hex.expose()).as_bytes())?;
    folder::sync_folder_of(file)
}

/// What the database keeps to recognise a secret.
fn check(master: &MasterSecret) -> SecretHash {
    SecretHash::of("floorbook master secret", master.expose())
}

/// The keys of a person on a tablet, for all feeds of what they may see.
pub fn issue(
    master: &MasterSecret,
    device: DeviceId,
    person: PersonId,
    scope: &Scope,
) -> IssuedKeys {
    let feeds = scope.feeds.iter().map(|feed| FeedKey {
        feed: feed.id,
        key: master.feed_key(device, feed.id),
    });
    IssuedKeys {
        delivery: master.delivery_key(device, person),
        feeds: feeds.collect(),
    }
}

#[cfg(test)]
mod tests {
    use redb::backends::InMemoryBackend;

    use super::*;
    use crate::clock::SystemRandomness;
    use crate::database::RedbDatabase;

    #[test]
    fn the_secret_is_made_once_and_only_the_right_one_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        let data = RedbDatabase::with_backend(InMemoryBackend::new()).unwrap();
        let open = |may_begin_anew| open(&file, &data, may_begin_anew, &mut SystemRandomness);

        let first = open(false).unwrap();
        assert_eq!(open(false).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
            open(false).unwrap_err();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }

        write(&file, &MasterSecret::from_bytes([7; 32])).unwrap();
        open(false).unwrap_err();
        fs::remove_file(&file).unwrap();
        let missing = open(false).unwrap_err().to_string();
        assert!(missing.contains("is missing"), "{missing}");
        let second = open(true).unwrap();
        assert_ne!(second, first);
        assert_eq!(open(false).unwrap(), second);
    }
}
