//! Stories told to the real server over real sockets, judged by raw JSON and bytes.

mod certificates;
mod exchange;
mod faults;
mod journal;
mod killed;
mod refusals;
mod years;
