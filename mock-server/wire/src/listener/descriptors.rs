//! How many connections the system lets the process have.

/// File descriptors kept for everything that is no connection: the store, saved states, what the
/// virtual terminals ask.
pub(super) const OWN: usize = 160;

/// Lets the process have `wanted` file descriptors, or as many as the system allows; says in the
/// log where these are fewer.
///
/// Most systems start a program with 1,024 or 256 (macOS), which it may raise by itself.
pub fn raise(wanted: usize) {
    let wanted = wanted.saturating_add(OWN);
    let allowed = raised(wanted);
    if let Some(allowed) = allowed.filter(|allowed| *allowed < wanted) {
        tracing::warn!(
            allowed,
            wanted,
            "the system allows fewer open files than all connections need: beyond that idle ones \
             are closed for new ones; raise the hard limit (ulimit -Hn) to have more"
        );
    }
}

#[cfg(unix)]
fn raised(wanted: usize) -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    if limit.current.is_some_and(|current| current < wanted) {
        let most = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        // Where this is refused all stays as it is, and is said.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum });
    }
    allowed()
}

#[cfg(not(unix))]
fn raised(_: usize) -> Option<usize> {
    allowed()
}

/// How many the process may have, where there is a limit.
#[cfg(unix)]
pub(super) fn allowed() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    usize::try_from(getrlimit(Resource::Nofile).current?).ok()
}

/// How many the process may have, where there is a limit.
#[cfg(not(unix))]
pub(super) fn allowed() -> Option<usize> {
    None
}
