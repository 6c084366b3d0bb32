//! The data folder and files that only its owner may read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Name of the database file.
pub const DATABASE: &str = "floorbook.redb";

/// Name of the ledger, unless another file is named.
pub const LEDGER: &str = "ledger.jsonl";

/// Name of the file with the master secret, which stands beside the ledger.
pub const MASTER: &str = "master.key";

/// Name of the socket for administration commands.
pub const ADMIN_SOCKET: &str = "admin.sock";

/// Makes the data folder if it does not exist, and closes it to everybody but its owner. A folder
/// that holds other things is not ours to close: it is refused while others may enter it.
pub fn prepare(data: &Path) -> io::Result<()> {
    let is_ours = match fs::read_dir(data) {
        Ok(mut entries) => {
            entries.next().is_none() || database(data).exists() || ledger(data).exists()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(data)?;
            true
        }
        Err(error) => return Err(error),
    };
    close(data, is_ours)
}

#[cfg(unix)]
fn close(data: &Path, is_ours: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(data)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    if !is_ours {
        return Err(io::Error::other(
            "it holds other things and others may enter it; give Floorbook a folder of its own",
        ));
    }
    fs::set_permissions(data, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn close(_data: &Path, _is_ours: bool) -> io::Result<()> {
    Ok(())
}

/// The database file in a data folder.
pub fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// The ledger in a data folder.
pub fn ledger(data: &Path) -> PathBuf {
    data.join(LEDGER)
}

/// Makes sure that the name of a file that was just made or renamed survives a power cut.
///
/// # Errors
/// If the folder can't be synced.
pub fn sync_folder_of(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = match file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            Some(_) | None => Path::new("."),
        };
        fs::File::open(folder)?.sync_all()
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(())
    }
}

/// The administration socket in a data folder.
pub fn admin_socket(data: &Path) -> PathBuf {
    data.join(ADMIN_SOCKET)
}

/// Writes a file that was never readable for others, replacing an older one as a whole.
pub fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    write_with_mode(file, content, 0o600)
}

/// Writes a file that everybody may read, replacing an older one as a whole.
pub fn write_public(file: &Path, content: &[u8]) -> io::Result<()> {
    write_with_mode(file, content, 0o644)
}

fn write_with_mode(file: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let half = file.with_file_name(name);
    // One left by a crash may have other permissions.
    match fs::remove_file(&half) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(mode);
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut opened = options.open(&half)?;
    opened.write_all(content)?;
    opened.sync_all()?;
    fs::rename(&half, file)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_or_own_data_folder_is_closed_and_a_foreign_one_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new/data");
        prepare(&new).unwrap();
        assert_eq!(mode(&new), 0o700);

        let own = folder.path().join("own");
        fs::create_dir(&own).unwrap();
        fs::write(database(&own), "").unwrap();
        fs::set_permissions(&own, fs::Permissions::from_mode(0o755)).unwrap();
        prepare(&own).unwrap();
        assert_eq!(mode(&own), 0o700);

        let foreign = folder.path().join("foreign");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("letters.txt"), "").unwrap();
        fs::set_permissions(&foreign, fs::Permissions::from_mode(0o755)).unwrap();
        prepare(&foreign).unwrap_err();
        assert_eq!(mode(&foreign), 0o755);
    }
}
