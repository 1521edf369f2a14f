//! A Python script with nothing but its standard library downloads.

use careplan_tests::unit::office_of;

use super::workplace::Workplace;

#[test]
#[ignore = "needs curl, openssl and python3"]
fn python_downloads_with_its_standard_library() {
    let place = Workplace::new(&[]);
    // The demo begins with a message for the home-help service.
    let helper = format!("KJ47{}", office_of("11"));
    place.fetch_p12("helper", &helper);
    place.unpack("helper");
    place.write("download.py", include_bytes!("download.py"));
    let relay = place.program.printed("relay").to_owned();
    let script = ["download.py", &relay, "careplan@0008", &helper];
    let printed = place.run("python3", &script);
    assert!(printed.contains("UPPLAN"), "{printed}");
    let again = place.run_in_vain("python3", &script);
    assert!(again.contains("already-fetched"), "{again}");
}
