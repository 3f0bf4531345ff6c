//! `seektell run`: a Python script, with no window.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::output::{self, Stop};
use super::{input, numbers};
use crate::console::session::{Printed, Problem, SCRIPT, run_script};
use crate::console::vm::Limits;

/// The longest script, in bytes.
const LONGEST: u64 = 256 << 20;
/// How long output may wait before a reader sees it.
const PATIENCE: Duration = Duration::from_millis(50);

const EXAMPLES: &str = "\
The transcript goes to standard output: what the script prints, the value of each expression that stands alone, and the last
line of the traceback of each exception that nothing caught; the script goes on with the next statement. What it writes to
sys.stderr goes to standard error. There are no files and no network in this Python: open io.BytesIO and io.StringIO.

Examples:
  seektell run lesson.py
  echo 'import io; io.BytesIO(b\"abc\").read(2)' | seektell run -

Exit status: 0 the script ran to its end (exceptions are part of the transcript), 1 it was ended by a limit or cannot be
read, 2 the command line is wrong.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The script; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How many steps it may take, about one for each expression
    #[arg(long, value_name = "N", default_value_t = SCRIPT.steps)]
    steps: u64,
    /// How much memory its values may take, such as 512M
    #[arg(long, value_name = "SIZE", value_parser = numbers::parse_len)]
    memory: Option<u64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let source = read(&arguments.file)?;
    let limits = Limits { steps: arguments.steps, memory: arguments.memory.unwrap_or(SCRIPT.memory), ..SCRIPT };
    let transcript = Arc::new(Mutex::new(Transcript::new()));
    let writer = Arc::clone(&transcript);
    let outcome = run_script(source, limits, move |printed| lock(&writer).show(&printed));
    lock(&transcript).finish()?;
    let problem = outcome.map_err(|error| Stop::Failed(error.to_string()))?;
    // The transcript is CPython's, which says no place.
    if let Some(problem) = problem.filter(|problem| problem.syntax) {
        output::message(&format!("nothing ran: {}", place(&problem, &arguments.file)));
    }
    Ok(())
}

fn place(problem: &Problem, file: &Path) -> String {
    let (line, column) = (problem.line, problem.column);
    match input::is_dash(file) {
        true => format!("line {line}, column {column} of standard input"),
        false => format!("line {line}, column {column}: {}", output::escape(&file.display().to_string())),
    }
}

/// The script as text: UTF-8, with or without a byte order mark.
fn read(path: &Path) -> Result<String, Stop> {
    let buffer = input::open(path)?;
    let about = |error: &str| match input::is_dash(path) {
        true => Stop::Failed(format!("standard input is no script: {error}")),
        false => Stop::about(error, path),
    };
    if buffer.len().get() > LONGEST {
        return Err(about("it is too long for a script"));
    }
    let bytes = buffer.to_vec_all().map_err(|error| about(&error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| about(&format!("it is not UTF-8: {}", error.utf8_error())))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn lock(transcript: &Mutex<Transcript>) -> MutexGuard<'_, Transcript> {
    transcript.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Standard output, as a script fills it.
struct Transcript {
    out: BufWriter<Stdout>,
    flushed: Instant,
    failed: Option<io::Error>,
}

impl Transcript {
    fn new() -> Self {
        Self { out: BufWriter::with_capacity(64 * 1024, io::stdout()), flushed: Instant::now(), failed: None }
    }

    /// Writes one piece; whether the script shall go on.
    fn show(&mut self, printed: &Printed) -> bool {
        if let Err(error) = self.write(printed) {
            self.failed.get_or_insert(error);
        }
        self.failed.is_none()
    }

    fn write(&mut self, printed: &Printed) -> io::Result<()> {
        match printed {
            Printed::Output(text) => self.out.write_all(text.as_bytes())?,
            Printed::Value(text) | Printed::Exception(text) => {
                self.out.write_all(text.as_bytes())?;
                self.out.write_all(b"\n")?;
            }
            Printed::Error(text) => {
                self.out.flush()?;
                io::stderr().write_all(text.as_bytes()).ok();
            }
        }
        // Whoever reads along sees what happens; a script that prints much is not slowed down by it.
        if output::to_terminal() || self.flushed.elapsed() > PATIENCE {
            self.out.flush()?;
            self.flushed = Instant::now();
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Stop> {
        match self.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(self.out.flush()?),
        }
    }
}
