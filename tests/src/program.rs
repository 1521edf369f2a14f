//! The server as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Names the server binary, where it does not stand beside the tests.
pub const BINARY_VARIABLE: &str = "CAREPLAN_MOCK_SERVER";

/// Shows the server's log (standard error) when set.
const LOG_VARIABLE: &str = "CAREPLAN_TEST_LOG";

/// A server that runs; it is killed when the value goes.
#[derive(Debug)]
pub struct Program {
    child: Child,
    printed: Value,
}

/// The server binary: `CAREPLAN_MOCK_SERVER`, or the one of the same build as this program.
///
/// # Errors
/// There is none; the text says what to do.
pub fn find() -> Result<PathBuf, String> {
    match std::env::var_os(BINARY_VARIABLE) {
        Some(path) => Ok(path.into()),
        None => find_beside("careplan-mock-server"),
    }
}

/// A program of the same build as this one.
///
/// # Errors
/// There is none; the text says what to do.
pub fn find_beside(program: &str) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    // Tests stand in `deps`, beneath the folder of the profile; programs stand in it.
    let mut beside = own.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    beside.find(|path| path.is_file()).ok_or_else(|| {
        format!(
            "there is no {name} beside {}: build it with `cargo build --workspace` (and --release, if \
             this is a release build); {BINARY_VARIABLE} can name a server",
            own.display()
        )
    })
}

fn binary() -> PathBuf {
    find().unwrap_or_else(|error| panic!("{error}"))
}

impl Program {
    /// Starts the server on free ports with these arguments, and waits until it says where it is.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(arguments: &[&str]) -> Self {
        Self::run(Command::new(binary()), arguments)
    }

    /// The same with a subcommand, which comes before every option.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_command(subcommand: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(binary());
        command.arg(subcommand);
        Self::run(command, arguments)
    }

    /// Starts this server binary.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_binary(binary: &Path, arguments: &[&str]) -> Self {
        Self::run(Command::new(binary), arguments)
    }

    /// The same with a subcommand and what belongs to it, which come before every option.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_binary_with(binary: &Path, first: &[&str], arguments: &[&str]) -> Self {
        let mut command = Command::new(binary);
        command.args(first);
        Self::run(command, arguments)
    }

    /// Starts the server so that no file of it can grow beyond `bytes`: as on a full disk.
    ///
    /// # Panics
    /// It does not start.
    #[cfg(unix)]
    pub fn start_with_small_disk(arguments: &[&str], bytes: u64) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", bytes.div_ceil(512));
        shell.arg("-c").arg(script).arg(binary());
        Self::run(shell, arguments)
    }

    /// Starts the server with a library loaded before its own, and variables for it.
    ///
    /// # Panics
    /// It does not start.
    #[cfg(unix)]
    pub fn start_with_library(
        arguments: &[&str],
        library: &Path,
        variables: &[(&str, &Path)],
    ) -> Self {
        let mut command = Command::new(binary());
        command.env("LD_PRELOAD", library).envs(variables.iter().copied());
        Self::run(command, arguments)
    }

    /// Starts the server with these arguments where it must not start; its exit code and what it
    /// says.
    ///
    /// # Panics
    /// It starts, or ends in no order.
    pub fn refuse(arguments: &[&str]) -> (i32, String) {
        let mut child = Command::new(binary())
            .args(["--port-base", "0", "--print-config"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("the server cannot be run: {error}"));
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("it was piped");
        BufReader::new(out).read_line(&mut line).expect("standard output can be read");
        if !line.is_empty() {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{arguments:?}: it starts");
        }
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8(ended.stderr).expect("it says text");
        (ended.status.code().unwrap_or_else(|| panic!("{said}")), said)
    }

    /// Starts the server so that everything it can log goes into this file.
    ///
    /// # Panics
    /// It does not start, or the file cannot be made.
    pub fn start_logging(arguments: &[&str], log: &Path) -> Self {
        let file = std::fs::File::create(log).unwrap_or_else(|error| panic!("{error}"));
        Self::run_into(Command::new(binary()), arguments, "trace", file.into())
    }

    fn run(command: Command, arguments: &[&str]) -> Self {
        let log = match std::env::var_os(LOG_VARIABLE) {
            Some(_) => Stdio::inherit(),
            None => Stdio::null(),
        };
        Self::run_into(command, arguments, "warn", log)
    }

    fn run_into(mut command: Command, arguments: &[&str], filter: &str, log: Stdio) -> Self {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAREPLAN_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(["--port-base", "0", "--print-config", "--log-filter", filter])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("it was piped");
        BufReader::new(out).read_line(&mut line).expect("standard output can be read");
        let printed = serde_json::from_str(&line).unwrap_or_else(|error| {
            let _ = child.kill();
            panic!("{arguments:?}: no configuration ({error}): {line:?}; see {LOG_VARIABLE}=1")
        });
        Self { child, printed }
    }

    /// The line it printed: `relay`, `sites`, `controls`, `ca_pem`, perhaps `admin_token`.
    ///
    /// # Panics
    /// It printed no such member.
    pub fn printed(&self, member: &str) -> &str {
        self.printed[member].as_str().unwrap_or_else(|| panic!("no {member} was printed"))
    }

    /// Number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
