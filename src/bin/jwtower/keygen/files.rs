//! New files, all of them or none.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// A file to be.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: Zeroizing<String>,
    /// Whether its owner alone may read it.
    pub(super) private: bool,
}

/// Files that are taken away again, unless all goes well.
#[derive(Default)]
struct Created<'a>(Vec<&'a Path>);

impl Drop for Created<'_> {
    fn drop(&mut self) {
        for path in &self.0 {
            // The first failure is the one that is told.
            let _ = fs::remove_file(path);
        }
    }
}

/// Writes the files; none of them exists before, and after a failure none does.
pub(super) fn write(files: &[File]) -> Result<(), Failure> {
    let mut created = Created::default();
    for file in files {
        let refuse = |error: io::Error| {
            let path = file.path.display();
            match error.kind() {
                ErrorKind::AlreadyExists => Failure::new(format_args!(
                    "{path} exists, and nothing was written; remove it, or give another name to --out"
                )),
                _ => Failure::new(format_args!("{path} cannot be written: {error}")),
            }
        };
        let mut open = options(file.private).create_new(true).open(&file.path).map_err(refuse)?;
        created.0.push(&file.path);
        open.write_all(file.text.as_bytes()).map_err(refuse)?;
    }
    created.0.clear();
    Ok(())
}

#[cfg(unix)]
fn options(private: bool) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = OpenOptions::new();
    let _ = options.write(true).mode(if private { 0o600 } else { 0o644 });
    options
}

/// Elsewhere the folder decides who may read.
#[cfg(not(unix))]
fn options(_private: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    let _ = options.write(true);
    options
}
