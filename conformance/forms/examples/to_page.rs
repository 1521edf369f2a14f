//! Draws files as the official forms, as a page on standard output:
//! `cargo run -p careplan-forms --example to_page -- FILE… >forms.html`

use careplan_forms::Options;
use careplan_judge::Profile;

fn main() -> std::io::Result<()> {
    let paths = std::env::args().skip(1);
    let files: Vec<(String, Vec<u8>)> = paths
        .map(|path| std::fs::read(&path).map(|bytes| (path, bytes)))
        .collect::<Result<_, _>>()?;
    println!("{}", careplan_forms::render(&files, &Profile::default(), &Options::default()));
    Ok(())
}
