//! The reader, told as a transcript: one line a stretch, and what was counted at the end.

mod reader {
    mod any_bytes;
    mod encodings;
    mod kept;
    mod layouts;
    mod limits;
    mod masking;
    mod quotes;
    mod records;
    mod transcript;
}
