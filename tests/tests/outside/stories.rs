//! Stories told to the real server over real sockets, judged by raw JSON and bytes.

mod certificates;
#[cfg(unix)]
mod disk;
mod exchange;
mod faults;
mod folder;
mod journal;
mod killed;
#[cfg(target_os = "linux")]
mod measures;
#[cfg(target_os = "linux")]
mod memory;
mod refusals;
#[cfg(unix)]
mod states;
mod together;
mod two_processes;
mod years;
