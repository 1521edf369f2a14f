//! What people learn with: the pages of the sites and of the trainer's console, virtual terminals,
//! ready-made scenarios, the demo, and the other side of a rehearsal.
//!
//! [`sites::start`] starts a server with all of it.

mod client_clock;
pub mod demo;
pub mod rehearse;
pub mod scenario;
pub mod sites;
