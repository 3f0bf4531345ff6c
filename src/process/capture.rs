//! Running a program and reading both of its outputs.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::{CaptureError, Captured, CommandLine, Ended, Limits};
use crate::buffer::Buffer;
use crate::tasks::Progress;

/// Between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(10);

/// What is waited for outputs that others hold open after the program itself ended.
const GRACE: Duration = Duration::from_millis(500);

/// Bytes that are handed over at once.
const BLOCK: usize = 64 * 1024;

/// Which output, and what came; `None` where it ended.
type Piece = (bool, Option<Vec<u8>>);

/// Ends the program, and what it started, however this ends.
struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a program with nothing to read, and gathers what it writes. It runs in the folder and with the environment of this one.
///
/// What a limit cuts off is kept as far as it came, and [`Captured::ended`] says so. After a cancel, nothing of it runs any more.
///
/// # Errors
/// `Empty`, `NotStarted`, `Lost`, `Cancelled`.
pub fn capture(line: &CommandLine, limits: &Limits, progress: &Progress) -> Result<Captured, CaptureError> {
    let (program, arguments) = line.words.split_first().filter(|(program, _)| !program.is_empty()).ok_or(CaptureError::Empty)?;
    let until = Instant::now() + limits.time;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let not_started = |what: String| CaptureError::NotStarted { program: line.name(), what };
    let child = command.spawn().map_err(|error| not_started(in_words(&error)))?;
    let mut group = Group { child, ended: false };
    let (sender, receiver) = sync_channel(8);
    let readers: [Option<Box<dyn Read + Send>>; 2] = [
        group.child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        group.child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ];
    for (errors, pipe) in [false, true].into_iter().zip(readers) {
        let (Some(pipe), sender) = (pipe, sender.clone()) else { continue };
        let name = if errors { "captured errors" } else { "captured output" };
        let spawned = std::thread::Builder::new().name(name.into()).spawn(move || pass_on(pipe, errors, &sender));
        spawned.map_err(|error| not_started(format!("no thread can be made for its output: {error}")))?;
    }
    drop(sender);
    gather(&mut group, &receiver, until, limits, progress)
}

fn gather(
    group: &mut Group,
    receiver: &Receiver<Piece>,
    until: Instant,
    limits: &Limits,
    progress: &Progress,
) -> Result<Captured, CaptureError> {
    let mut done = Captured { output: Buffer::new(), errors: Buffer::new(), ended: Ended::Code(0), left_behind: false };
    let (mut open, mut status, mut gone) = (2, None, None);
    let mut came = 0_u64;
    loop {
        // On an early return the group is ended.
        progress.check()?;
        match receiver.recv_timeout(LOOK) {
            Ok((errors, Some(bytes))) => {
                let room = usize::try_from(limits.bytes - came).unwrap_or(usize::MAX).min(bytes.len());
                let into = if errors { &mut done.errors } else { &mut done.output };
                into.append(&bytes[..room]);
                came += room as u64;
                progress.advance(room as u64);
                if room < bytes.len() {
                    group.end();
                    done.ended = Ended::Bytes(limits.bytes);
                    return Ok(done);
                }
            }
            Ok((_, None)) => open -= 1,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => open = 0,
        }
        if status.is_none() {
            status = group.child.try_wait().map_err(CaptureError::Lost)?;
            gone = status.map(|_| Instant::now());
        }
        match (status, gone) {
            (Some(status), _) if open == 0 => {
                // What it left running without its outputs is not ours to wait for, and not to keep.
                group.end();
                done.ended = ended(status);
                return Ok(done);
            }
            (Some(status), Some(gone)) if gone.elapsed() > GRACE => {
                // Something that it started holds an output open: it is ended with its group, and not waited for.
                group.end();
                done.ended = ended(status);
                done.left_behind = true;
                drain(receiver, &mut done, limits.bytes - came);
                return Ok(done);
            }
            _ => {}
        }
        if Instant::now() >= until {
            group.end();
            done.ended = Ended::Time(limits.time);
            drain(receiver, &mut done, limits.bytes - came);
            return Ok(done);
        }
    }
}

/// What was written before the end, and is there to be taken at once.
fn drain(receiver: &Receiver<Piece>, done: &mut Captured, mut left: u64) {
    let until = Instant::now() + 5 * LOOK;
    while Instant::now() < until {
        let Ok((errors, piece)) = receiver.recv_timeout(LOOK) else { return };
        let Some(bytes) = piece else { continue };
        let room = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let into = if errors { &mut done.errors } else { &mut done.output };
        into.append(&bytes[..room]);
        left -= room as u64;
    }
}

/// Reads an output to its end, or until nobody hears it any more.
fn pass_on(mut pipe: impl Read, errors: bool, sender: &SyncSender<Piece>) {
    loop {
        let mut block = vec![0; BLOCK];
        match pipe.read(&mut block) {
            Ok(0) => break,
            Ok(read) => {
                block.truncate(read);
                if sender.send((errors, Some(block))).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    sender.send((errors, None)).ok();
}

fn ended(status: ExitStatus) -> Ended {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ended::Signal(signal);
    }
    Ended::Code(status.code().unwrap_or(-1))
}

fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such program".into(),
        std::io::ErrorKind::PermissionDenied => "it may not be run, or is no program".into(),
        std::io::ErrorKind::ArgumentListTooLong => "it has more arguments than the system takes".into(),
        _ => error.to_string(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(words: &[&str], limits: Limits) -> Result<Captured, CaptureError> {
        capture(&CommandLine { words: words.iter().map(Into::into).collect() }, &limits, &Progress::new())
    }

    fn shell(line: &str, limits: Limits) -> Captured {
        capture(&CommandLine::through_the_shell(line), &limits, &Progress::new()).expect("a shell is there")
    }

    #[test]
    fn both_outputs_and_the_exit_status_are_told() {
        let done = shell("echo out; echo err >&2; exit 3", Limits::default());
        assert_eq!(done.output.to_vec_all().unwrap(), b"out\n");
        assert_eq!(done.errors.to_vec_all().unwrap(), b"err\n");
        assert_eq!((done.ended, done.left_behind), (Ended::Code(3), false));
        let done = run(&["echo", "$HOME", "*", "; ls"], Limits::default()).unwrap();
        assert_eq!(done.output.to_vec_all().unwrap(), b"$HOME * ; ls\n", "no shell reads it");
        assert_eq!(shell("kill -9 $$", Limits::default()).ended, Ended::Signal(9));
        // More on both than a pipe holds.
        let done = shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2", Limits::default());
        assert_eq!((done.output.len().get(), done.errors.len().get()), (300_000, 300_000));
    }

    #[test]
    fn what_cannot_be_run_is_said() {
        assert!(matches!(run(&[], Limits::default()), Err(CaptureError::Empty)));
        assert!(matches!(run(&[""], Limits::default()), Err(CaptureError::Empty)));
        let error = run(&["/no/such/program"], Limits::default()).unwrap_err().to_string();
        assert_eq!(error, "program cannot be run: there is no such program");
        assert!(run(&["/etc"], Limits::default()).is_err());
    }

    #[test]
    fn limits_end_it_and_keep_what_came() {
        let bytes = Limits { bytes: 100_000, ..Limits::default() };
        let done = shell("yes", bytes);
        assert_eq!((done.ended, done.output.len().get()), (Ended::Bytes(100_000), 100_000));
        let start = Instant::now();
        let done = shell("echo first; sleep 60", Limits { time: Duration::from_millis(300), ..Limits::default() });
        assert!(matches!(done.ended, Ended::Time(_)) && done.output.to_vec_all().unwrap() == b"first\n");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_grandchild_that_holds_the_output_is_not_waited_for() {
        let start = Instant::now();
        let done = shell("echo $$; sleep 60 & echo done", Limits::default());
        assert!(start.elapsed() < Duration::from_secs(30));
        assert!(done.left_behind && done.ended == Ended::Code(0));
        assert!(done.output.to_vec_all().unwrap().ends_with(b"done\n"));
    }

    #[test]
    fn a_cancel_ends_the_group_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let line = format!("(sleep 1; touch {}) & wait", mark.display());
        let progress = std::sync::Arc::new(Progress::new());
        let stop = progress.clone();
        let stopper = std::thread::Builder::new().name("stop".into()).spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            stop.cancel();
            Instant::now()
        });
        let result = capture(&CommandLine::through_the_shell(&line), &Limits::default(), &progress);
        let asked = stopper.unwrap().join().unwrap();
        assert!(matches!(result, Err(CaptureError::Cancelled(_))));
        assert!(asked.elapsed() < Duration::from_millis(900), "{:?}", asked.elapsed());
        std::thread::sleep(Duration::from_millis(1300));
        assert!(!mark.exists(), "what it started does not go on");
    }
}
