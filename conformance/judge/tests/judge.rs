//! The judge: its rules, what it says about every labelled mutant, how it reads. One program, so
//! that mutants are built and judged once for all tests.

#[path = "judge/causes.rs"]
mod causes;
#[path = "judge/columns.rs"]
mod columns;
#[path = "judge/corpus.rs"]
mod corpus;
#[path = "judge/mutants.rs"]
mod mutants;
#[path = "judge/reading.rs"]
mod reading;
#[path = "judge/rules.rs"]
mod rules;
#[path = "judge/wording.rs"]
mod wording;
