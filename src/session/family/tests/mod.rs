//! The table row by row.

mod table;
