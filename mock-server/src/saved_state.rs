//! The whole state as one engine-neutral archive.
