//! The tables and the forms of values, from outside: what other crates read of them.

mod spec {
    mod characters;
    mod names;
    mod tables;
}
