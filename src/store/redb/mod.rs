//! A store in one file.
//!
//! redb has one writer, and each commit waits for the disk. So a thread takes what there is to write, does all
//! that is waiting in one commit, and answers after it. Reads see the last commit and wait for no writer; they
//! have threads of their own, because they may wait for the disk too; what may take long has another one.

mod fault;
mod file;
mod reader;
mod shared;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod threads;
mod writer;

pub use store::RedbStore;
