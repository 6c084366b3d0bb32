//! The data folder and files that only its owner may read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Name of the database file.
pub const DATABASE: &str = "floorbook.redb";

/// Name of the socket for administration commands.
pub const ADMIN_SOCKET: &str = "admin.sock";

/// Makes the data folder if it does not exist, and closes it to everybody but its owner.
pub fn prepare(data: &Path) -> io::Result<()> {
    fs::create_dir_all(data)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The database file in a data folder.
pub fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
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
