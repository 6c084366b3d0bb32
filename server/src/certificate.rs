//! `floorbook cert`: a local certificate authority and server certificates from it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};

use crate::folder;

/// Certificate of the authority, to be put on the tablets.
pub const AUTHORITY: &str = "floorbook-ca.crt";
/// Private key of the authority.
pub const AUTHORITY_KEY: &str = "floorbook-ca.key";
/// Certificate of the server.
pub const SERVER: &str = "floorbook-server.crt";
/// Private key of the server.
pub const SERVER_KEY: &str = "floorbook-server.key";

/// Days that the authority is valid.
const AUTHORITY_DAYS: i64 = 3650;

/// Days that a server certificate is valid; iPads refuse those of more than 398.
const SERVER_DAYS: i64 = 397;

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// Whether the authority is new, so that it must be put on the tablets.
    pub is_new_authority: bool,
    /// The authority's certificate.
    pub authority: PathBuf,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// The server's private key.
    pub key: PathBuf,
}

/// Makes a server certificate for these names and addresses, with the authority in `out`, which
/// is made first if it is not there.
pub fn make(hosts: &[String], out: &Path, now: OffsetDateTime) -> Result<Written> {
    ensure!(!hosts.is_empty(), "name at least one --host");
    // The keys are closed one by one: the folder may hold other things.
    std::fs::create_dir_all(out)
        .with_context(|| format!("can't make the folder {}", out.display()))?;
    let authority = out.join(AUTHORITY);
    let authority_key = out.join(AUTHORITY_KEY);
    let is_new_authority = match (authority.exists(), authority_key.exists()) {
        (true, true) => false,
        (false, false) => true,
        (true, false) | (false, true) => anyhow::bail!(
            "only one of {AUTHORITY} and {AUTHORITY_KEY} is in {}; put the other one back, or \
             remove it to make a new authority (which must then be put on every tablet again)",
            out.display()
        ),
    };
    if is_new_authority {
        make_authority(&authority, &authority_key, now)?;
    }
    let key = KeyPair::from_pem(&std::fs::read_to_string(&authority_key)?)
        .with_context(|| format!("can't read {}", authority_key.display()))?;
    let issuer = Issuer::from_ca_cert_pem(&std::fs::read_to_string(&authority)?, key)
        .with_context(|| format!("can't read {}", authority.display()))?;

    let server_key = KeyPair::generate()?;
    let mut params = CertificateParams::new(hosts.to_vec())
        .context("a --host is neither a name nor an address")?;
    params.distinguished_name = name("Floorbook server");
    params.not_before = now - Duration::days(1);
    params.not_after = params.not_before + Duration::days(SERVER_DAYS);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&server_key, &issuer)?;

    let (certificate_file, key_file) = (out.join(SERVER), out.join(SERVER_KEY));
    // The key first: a server that looks in between keeps its old pair.
    folder::write_private(&key_file, server_key.serialize_pem().as_bytes())?;
    folder::write_public(&certificate_file, certificate.pem().as_bytes())?;
    Ok(Written {
        is_new_authority,
        authority,
        certificate: certificate_file,
        key: key_file,
    })
}

fn make_authority(certificate_file: &Path, key_file: &Path, now: OffsetDateTime) -> Result<()> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name = name("Floorbook local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = now - Duration::days(1);
    params.not_after = params.not_before + Duration::days(AUTHORITY_DAYS);
    let certificate = params.self_signed(&key)?;
    folder::write_private(key_file, key.serialize_pem().as_bytes())?;
    folder::write_public(certificate_file, certificate.pem().as_bytes())?;
    Ok(())
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// How to start the server with the certificate and how to put the authority on tablets.
pub fn instructions(written: &Written, host: &str) -> String {
    let authority = written.authority.display();
    let start = format!(
        "Start the server with\n\n  floorbook serve --address 0.0.0.0:8443 \\\n    \
         --tls-cert {} \\\n    --tls-key {}\n\nand open https://{host}:8443 on the tablets.\n\
         A running server takes a renewed certificate into use within a minute.\n",
        written.certificate.display(),
        written.key.display()
    );
    if !written.is_new_authority {
        return format!(
            "Renewed the server's certificate with the authority that the tablets know.\n\
             已用平板信任的证书颁发机构更新服务器证书，平板无需任何操作。\n\n{start}"
        );
    }
    format!(
        "Made a certificate authority and a certificate for the server.\n\n{start}\n\
         Put the authority on every tablet once: send {authority} to it. Never send the .key files.\n\n\
         iPad: open the file, then Settings > Profile Downloaded > Install. Then Settings > General >\n\
         About > Certificate Trust Settings: switch \"Floorbook local CA\" on.\n\
         Android: Settings > Security > Encryption & credentials > Install a certificate >\n\
         CA certificate > Install anyway, and choose the file.\n\n\
         请在每台平板上安装一次证书颁发机构：把 {authority} 发送到平板（切勿发送 .key 文件）。\n\n\
         iPad：打开该文件，然后到 设置 > 已下载描述文件 > 安装；再到 设置 > 通用 > 关于本机 >\n\
         证书信任设置，打开“Floorbook local CA”。\n\
         安卓：设置 > 安全 > 加密与凭据 > 安装证书 > CA 证书 > 仍然安装，选择该文件。\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::TlsFiles;

    #[test]
    fn a_second_run_renews_with_the_same_authority() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("certificates");
        let hosts = ["floorbook.local".to_owned(), "192.168.1.20".to_owned()];
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let first = make(&hosts, &out, now).unwrap();
        let authority = std::fs::read(&first.authority).unwrap();
        let certificate = std::fs::read(&first.certificate).unwrap();
        let second = make(&hosts, &out, now + Duration::days(300)).unwrap();
        assert!(first.is_new_authority && !second.is_new_authority);
        assert_eq!(std::fs::read(&second.authority).unwrap(), authority);
        assert_ne!(std::fs::read(&second.certificate).unwrap(), certificate);
        TlsFiles {
            certificate: second.certificate,
            key: second.key,
        }
        .read()
        .unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn private_keys_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let written = make(
            &["localhost".to_owned()],
            folder.path(),
            OffsetDateTime::UNIX_EPOCH,
        )
        .unwrap();
        for key in [&written.key, &folder.path().join(AUTHORITY_KEY)] {
            assert_eq!(
                std::fs::metadata(key).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }
}
