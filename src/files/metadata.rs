//! Giving a new file what the old one had: owner, extended attributes, mode.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;

use super::FileErrorKind;
use super::io::{Io, again};
use super::save::Old;

/// How [`copy`] went.
pub(super) enum Kept {
    /// The new file has everything.
    All,
    /// Something could not be given to it.
    Not(&'static str),
}

/// Gives `new` the owner, the extended attributes (access lists are among them) and the mode of `old`, in this order:
/// changing the owner takes set-user-id away, and an access list brings mode bits of its own.
pub(super) fn copy(io: &dyn Io, old: &Old, new: &File) -> Result<Kept, FileErrorKind> {
    let now = again(|| io.stat(new))?;
    let (uid, gid) = (old.stat.uid, old.stat.gid);
    if (now.uid, now.gid) != (uid, gid) && again(|| io.set_owner(new, uid, gid)).is_err() {
        return Ok(Kept::Not("its owner or group could not be kept otherwise"));
    }
    if !copy_attributes(io, &old.file, new) {
        return Ok(Kept::Not("its extended attributes or access list could not be kept otherwise"));
    }
    if again(|| io.set_mode(new, old.stat.mode)).is_err() {
        return Ok(Kept::Not("its permissions could not be kept otherwise"));
    }
    Ok(Kept::All)
}

fn copy_attributes(io: &dyn Io, old: &File, new: &File) -> bool {
    use rustix::io::Errno;
    let list = |file: &File| match again(|| io.attributes(file)) {
        Ok(names) => Some(names),
        Err(error) if Errno::from_io_error(&error).is_some_and(|e| e == Errno::NOTSUP || e == Errno::NOSYS) => Some(Vec::new()),
        Err(_) => None,
    };
    let (Some(names), Some(present)) = (list(old), list(new)) else { return false };
    let copied = |name: &OsString| {
        let one = || {
            let value = again(|| io.attribute(old, name))?;
            // What the folder has given it already need not be set, which is often not allowed.
            match again(|| io.attribute(new, name)) {
                Ok(has) if has == value => Ok(()),
                _ => again(|| io.set_attribute(new, name, &value)),
            }
        };
        one().is_ok() || name == "security.selinux"
    };
    // A list of access rights that only the folder's default has put there.
    let extra = |name: &&OsString| name.as_bytes().starts_with(b"system.posix_acl_") && !names.contains(name);
    names.iter().filter(|name| !is_about_content(name)).all(copied)
        && present.iter().filter(extra).all(|name| again(|| io.remove_attribute(new, name)).is_ok())
}

/// Signatures and powers that belong to the old content; the kernel takes them from a file that is written to.
fn is_about_content(name: &OsStr) -> bool {
    name == "security.capability" || name == "security.ima" || name == "security.evm"
}
