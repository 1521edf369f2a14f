//! Says whose certificate a `.p12` file holds, and until when it counts; the password comes from
//! `CAREPLAN_P12_PASSWORD`: `cargo run -p careplan-certs --example whose -- office.p12`

use careplan_certs::package;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let password = std::env::var("CAREPLAN_P12_PASSWORD").unwrap_or_default();
    for path in std::env::args().skip(1) {
        match package::open(&std::fs::read(&path)?, &password) {
            Ok(installed) => {
                let facts = installed.facts();
                let office = facts.office.map_or("no office".to_owned(), |it| it.to_string());
                println!("{path}: {office}, until {}, {}", facts.not_after, facts.subject);
            }
            Err(error) => println!("{path}: {}", error.text().ja),
        }
    }
    Ok(())
}
