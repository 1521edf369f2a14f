//! Lists the items of the vendor test and how each is judged:
//! `cargo run -p careplan-rehearsal --example items`

use careplan_rehearsal::catalogue;

fn main() {
    for item in catalogue::all() {
        println!("{} {} [{}]", item.id, item.title.ja, item.clause);
        for judge in item.judged {
            println!("  {}", judge.describe().ja);
        }
    }
}
