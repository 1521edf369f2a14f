//! Says what file names mean: `cargo run -p careplan-spec --example what_is_it -- NAME…`

use careplan_spec::Lang;
use careplan_spec::file_name::{self, Reading};

fn main() {
    for name in std::env::args().skip(1) {
        match file_name::read(file_name::base_name(&name)) {
            Reading::Standard { name, .. } => {
                let month = name.service_month().map(|month| format!(", service month {month}"));
                println!(
                    "{} from {} to {}{}",
                    name.kind.title().get(Lang::En),
                    name.sender,
                    name.receiver,
                    month.unwrap_or_default()
                );
            }
            Reading::NearMiss { defects, .. } => {
                for defect in defects {
                    println!("{name}: {}", defect.describe().en);
                }
            }
            Reading::Foreign => println!("{name}: no name of the standard"),
        }
    }
}
