//! A folder in which programs run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use careplan_tests::bed::ISSUE_PASSWORD;
use careplan_tests::program::Program;
use serde_json::Value;
use tempfile::TempDir;

/// A folder, and a server the programs in it talk to.
pub(crate) struct Workplace {
    folder: TempDir,
    pub(crate) program: Program,
}

impl Workplace {
    /// With the certificates of the test authority as `ca.pem`.
    pub(crate) fn new(arguments: &[&str]) -> Self {
        Self::around(TempDir::new().unwrap(), Program::start(arguments))
    }

    /// With a server that logs all it can into the file `log`.
    pub(crate) fn logging() -> Self {
        let folder = TempDir::new().unwrap();
        let program = Program::start_logging(&[], &folder.path().join("log"));
        Self::around(folder, program)
    }

    fn around(folder: TempDir, program: Program) -> Self {
        let place = Self { folder, program };
        place.write("ca.pem", place.program.printed("ca_pem").as_bytes());
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(arguments);
        command.output().unwrap_or_else(|error| panic!("{program} does not run: {error}"))
    }

    /// Runs a program that must succeed; what it printed.
    #[track_caller]
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.output(program, arguments);
        assert!(output.status.success(), "{program} {arguments:?}: {}", both(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a program that must fail; what it printed and complained of.
    #[track_caller]
    pub(crate) fn run_in_vain(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.output(program, arguments);
        assert!(!output.status.success(), "{program} {arguments:?} succeeded: {}", both(&output));
        both(&output)
    }

    /// A URL of a listener.
    pub(crate) fn url(&self, listener: &str, path: &str) -> String {
        format!("{}{path}", self.program.printed(listener))
    }

    /// curl; status and body of the answer.
    #[track_caller]
    pub(crate) fn curl(&self, arguments: &[&str]) -> (u16, Vec<u8>) {
        let options = ["-sS", "--noproxy", "*", "--cacert", "ca.pem", "-o", "answer", "-w"];
        let all = [&options[..], &["%{http_code}"], arguments].concat();
        let status = self.run("curl", &all);
        (status.parse().unwrap(), self.read("answer"))
    }

    /// curl with an answer of this status that is JSON.
    #[track_caller]
    pub(crate) fn curl_json(&self, status: u16, arguments: &[&str]) -> Value {
        let (found, body) = self.curl(arguments);
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(found, status, "{arguments:?}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The .p12 of an office of the demo, from the billing site, as `<name>.p12`.
    pub(crate) fn fetch_p12(&self, name: &str, kj_id: &str) {
        let body = format!(r#"{{"user_id":"{kj_id}","password":"Careplan1"}}"#);
        let login = self.url("sites", "/v1/portal/login");
        let login = self.curl_json(200, &["--json", &body, &login]);
        let token = format!("Authorization: Bearer {}", login["portal_token"].as_str().unwrap());
        let rows =
            self.curl_json(200, &["-H", &token, &self.url("sites", "/v1/portal/certificates")]);
        let id = rows["items"][0]["id"].as_str().unwrap();
        let url = self.url("sites", &format!("/v1/portal/certificates/{id}/p12"));
        let (status, p12) = self.curl(&["-H", &token, &url]);
        assert_eq!(status, 200);
        self.write(&format!("{name}.p12"), &p12);
    }

    /// Both stages of the login with `<name>.p12`; the header with the access token.
    pub(crate) fn log_in(&self, name: &str, c_id: &str, kj_id: &str) -> String {
        let body = format!(r#"{{"user_id":"{c_id}","password":"Terminal1"}}"#);
        let url = self.url("relay", "/v1/login/terminal");
        let first = self.curl_json(200, &["--json", &body, &url]);
        let token = format!("Authorization: Bearer {}", first["terminal_token"].as_str().unwrap());
        let body = format!(r#"{{"user_id":"{kj_id}","password":"Careplan1"}}"#);
        let (url, p12) = (self.url("relay", "/v1/login/office"), p12(name));
        let stage2 = ["--cert-type", "P12", "--cert", &p12, "-H", &token, "--json", &body, &url];
        let login = self.curl_json(200, &stage2);
        format!("Authorization: Bearer {}", login["access_token"].as_str().unwrap())
    }

    /// Certificate, key and chain of `<name>.p12` as `<name>.pem`, by openssl.
    pub(crate) fn unpack(&self, name: &str) {
        let password = format!("pass:{ISSUE_PASSWORD}");
        let (from, to) = (format!("{name}.p12"), format!("{name}.pem"));
        let unpack = ["pkcs12", "-in", &from, "-passin", &password, "-noenc", "-out", &to];
        self.run("openssl", &unpack);
    }
}

/// The option of curl that names `<name>.p12` and its password.
pub(crate) fn p12(name: &str) -> String {
    format!("{name}.p12:{ISSUE_PASSWORD}")
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}
