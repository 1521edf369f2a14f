//! What the operating system says of a process; nothing where there is no `/proc`.

use std::time::Duration;

/// Processor time of a process so far.
pub(crate) fn cpu_time(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name of the program, in parentheses, may hold spaces.
    let after_name = stat.rsplit_once(") ")?.1;
    let mut fields = after_name.split(' ').skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    // Linux counts in hundredths of a second (USER_HZ) on every platform Rust runs on.
    Some(Duration::from_millis(10 * (user + system)))
}

/// Time all processors together have spent idle so far.
pub(crate) fn idle_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let mut fields = stat.lines().next()?.split_whitespace().skip(4);
    let idle: u64 = fields.next()?.parse().ok()?;
    let waiting_for_disks: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(10 * (idle + waiting_for_disks)))
}

/// Memory of a process in MiB: now, and at its highest.
pub(crate) fn memory(id: u32) -> Option<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let mib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    };
    Some((mib("VmRSS:")?, mib("VmHWM:")?))
}

/// Model of the processor.
pub(crate) fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or("unknown processor", |(_, model)| model).to_owned()
}
