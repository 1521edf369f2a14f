//! How what may hold somebody's data is printed for developers: lengths and counts, never values.

/// `Debug` by shape.
macro_rules! shapes {
    ($($name:ident: $it:ident => { $($field:ident: $value:expr),* $(,)? };)*) => {
        $(
            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    let $it = self;
                    f.debug_struct(stringify!($name))
                        $(.field(stringify!($field), &$value))*
                        .finish_non_exhaustive()
                }
            }
        )*
    };
}

pub(crate) use shapes;
