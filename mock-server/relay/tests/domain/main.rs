//! The rules of the central system, without transport: every refusal and every life over years.

mod accounts;
mod beginnings;
mod certificates;
mod coverage;
mod damage;
mod exchange;
mod fallen;
mod guesses;
mod kept;
mod licences;
mod loading;
mod login;
mod ranges;
mod searches;
mod sending;
mod signatures;
mod states;
mod support;
