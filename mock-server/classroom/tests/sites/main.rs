//! The pages over HTTP, as a browser without JavaScript sees them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod attacks;
mod billing;
mod browser;
mod client;
mod console;
mod course;
mod guards;
mod helping;
mod install;
mod letters;
mod practice;
mod start;
mod usage;
