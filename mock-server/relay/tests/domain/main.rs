//! The rules of the central system, without transport: every refusal and every life over years.

mod accounts;
mod beginnings;
mod certificates;
mod coverage;
mod exchange;
mod fallen;
mod kept;
mod licences;
mod loading;
mod login;
mod ranges;
mod searches;
mod sending;
mod states;
mod support;
