//! A large table: opened, counted, filtered, searched, sorted, described, converted; beside Python and what is installed for it.
//!
//! `cargo bench --bench table` makes a file of 64 MiB; `-- --mib 477` the 500 MB of the anchors, `--quick` 16 MiB and one run.
//! `SEEKTELL_PEERS_PYTHON=/path/to/python` names the Python that has polars, duckdb, pandas, openpyxl and xlsxwriter; without it
//! they are told as not installed. One JSON line a case; `cpu` are seconds of all cores, `extra_mib` is the most memory beyond
//! what was held before (a peer's: all of its process). `--only` takes a part of a case's name.

#[allow(dead_code, reason = "not every benchmark has every kind of case")]
mod harness;
#[path = "harness/memory.rs"]
mod memory;

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use harness::{Bench, OURS};
use memory::cpu;
use seektell::buffer::Buffer;
use seektell::explore::table::{Conditions, Filter, Query, SortKey, find_all, statistics, view};
use seektell::files;
use seektell::formats::table::{Dialect, Table, read};
use seektell::formats::{ColumnCompression, Format, Options, TableOptions, convert};
use seektell::tasks::Progress;

const CITIES: [&str; 12] =
    ["Oslo", "São Paulo", "New York", "東京", "Reykjavík", "Paris", "Lagos", "Zürich", "Lima", "Kyiv", "Berlin", "Perth"];
const STATES: [&str; 4] = ["paid", "open", "returned", "shipped"];
const WORDS: [&str; 8] =
    ["ring the bell", "leave at the door", "call before", "second floor", "gift", "fragile", "late", "no rush"];

/// Orders, about 95 bytes a row; of 33 notes one has a line end in quotes, others a comma or quotes.
fn write_orders(path: &Path, bytes: u64, rows: u64) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut random = fastrand::Rng::with_seed(42);
    let mut line = String::from("id,date,customer,city,status,qty,price,discount,note,code\n");
    let (mut written, mut row) = (0_u64, 0);
    while written < bytes && row < rows {
        written += line.len() as u64;
        out.write_all(line.as_bytes())?;
        line.clear();
        row += 1;
        let word = WORDS[random.usize(..8)];
        let note = match random.u32(..33) {
            0 => format!("\"{word},\nthen go\""),
            1 => format!("\"{word}, please\""),
            2 => format!("\"say \"\"{word}\"\"\""),
            3 => "ship it".into(),
            4..12 => String::new(),
            _ => word.to_owned(),
        };
        let price =
            if random.u32(..33) == 0 { String::new() } else { format!("{}.{:02}", random.u32(1..10_000), random.u32(..100)) };
        use std::fmt::Write as _;
        writeln!(
            line,
            "{row},20{:02}-{:02}-{:02},customer {},{},{},{},{price},0.{:02},{note},{:06}",
            random.u32(10..27),
            random.u32(1..13),
            random.u32(1..29),
            random.u32(..200_000),
            CITIES[random.usize(..12)],
            STATES[random.usize(..4)],
            random.u32(1..101),
            random.u32(..50),
            random.u32(..1_000_000),
        )
        .map_err(io::Error::other)?;
    }
    out.flush()?;
    Ok(row)
}

/// Asks a peer. Its program gets the path of the file as `path` and of a file that it may write as `out`, and does its work in `work()`.
fn peer(bench: &Bench, case: &str, name: &str, module: &str, python: Option<&str>, (path, out): (&Path, &Path), work: &str) {
    if bench.only.as_ref().is_some_and(|only| !case.contains(only.as_str())) {
        return;
    }
    let Some(python) = python else {
        println!("{}", serde_json::json!({"case": case, "impl": name, "skipped": "not installed"}));
        return;
    };
    let indented = work.replace('\n', "\n    ");
    let script = format!(
        "import sys, time, resource\npath, out = sys.argv[1:3]\nimport {module}\ndef work():\n    {indented}\n\
         t, c = time.perf_counter(), time.process_time()\nnote = work()\n\
         t, c = time.perf_counter() - t, time.process_time() - c\nprint()\n\
         print(t, c, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, note)"
    );
    let mut best: Option<(f64, f64, f64, String)> = None;
    for _ in 0..bench.runs.min(2) {
        let answer = Command::new(python).args(["-c", &script]).arg(path).arg(out).output();
        let text = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
        // Some print a bar of their progress before it.
        let mut parts = text.lines().last().unwrap_or_default().split_whitespace();
        let mut number = || parts.next().and_then(|part| part.parse::<f64>().ok());
        let (Some(seconds), Some(cpu), Some(peak)) = (number(), number(), number()) else {
            println!("{}", serde_json::json!({"case": case, "impl": name, "skipped": "not installed, or it failed"}));
            return;
        };
        let note = parts.collect::<Vec<_>>().join(" ");
        if best.as_ref().is_none_or(|best| cpu < best.1) {
            best = Some((seconds, cpu, peak, note));
        }
    }
    if let Some((seconds, cpu, peak, note)) = best {
        let line = serde_json::json!({
            "case": case, "impl": name, "unit": "s", "median": harness::short(seconds), "cpu": harness::short(cpu),
            "extra_mib": peak.round(), "note": note, "load1": harness::load1(),
        });
        println!("{line}");
    }
}

/// Runs a program that is installed, its output to `out`; `{path}` and `{out}` in its arguments are the two files.
fn program(bench: &Bench, case: &str, (path, out): (&Path, &Path), words: &[&str]) {
    if bench.only.as_ref().is_some_and(|only| !case.contains(only.as_str())) {
        return;
    }
    let place = |word: &str| -> OsString {
        match word {
            "{path}" => path.as_os_str().to_owned(),
            "{out}" => out.as_os_str().to_owned(),
            word => word.into(),
        }
    };
    let (name, words) = (words[0], words[1..].iter().map(|word| place(word)).collect::<Vec<_>>());
    let mut best: Option<(f64, f64)> = None;
    for _ in 0..bench.runs.min(2) {
        let file = File::create(out).expect("the result fits on the disk");
        let (start, before) = (Instant::now(), cpu::programs());
        let done = Command::new(name).args(&words).stdout(file).stderr(Stdio::null()).status();
        let (wall, after) = (start.elapsed().as_secs_f64(), cpu::programs());
        let Some((cpu, true)) = after.zip(before).map(|(after, before)| after - before).zip(done.ok().map(|done| done.success()))
        else {
            println!("{}", serde_json::json!({"case": case, "impl": name, "skipped": "not installed, or it failed"}));
            return;
        };
        if best.is_none_or(|best| cpu < best.1) {
            best = Some((wall, cpu));
        }
    }
    if let Some((wall, cpu)) = best {
        let line = serde_json::json!({
            "case": case, "impl": name, "unit": "s", "median": harness::short(wall), "cpu": harness::short(cpu),
            "load1": harness::load1(),
        });
        println!("{line}");
    }
}

fn main() {
    let bench = Bench::from_arguments();
    let argument = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let mib: u64 = argument("--mib").and_then(|text| text.parse().ok()).unwrap_or(if bench.quick { 16 } else { 64 });
    let runs = if bench.quick { 1 } else { bench.runs.min(3) };
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    let (path, small, out) = (folder.path().join("orders.csv"), folder.path().join("small.csv"), folder.path().join("out"));
    let rows = write_orders(&path, mib << 20, u64::MAX).expect("the input fits on the disk");
    write_orders(&small, u64::MAX, 100_001).expect("the input fits on the disk");
    let sheet = folder.path().join("small.xlsx");
    let bytes = std::fs::metadata(&path).map_or(0, |about| about.len());
    println!("{}", serde_json::json!({"input": bytes, "rows": rows - 1}));

    let python = std::env::var("SEEKTELL_PEERS_PYTHON").ok();
    let plain = Some("python3");
    let ask = |case: &str, name: &str, module: &str, path: &Path, work: &str| {
        let python = if module == "csv" || module == "csv, json" { plain } else { python.as_deref() };
        peer(&bench, case, name, module, python, (path, &out), work);
    };
    let run = |case: &str, words: &[&str]| program(&bench, case, (&path, &out), words);
    let ours = |case: &str, work: &mut dyn FnMut() -> String| {
        if bench.only.as_ref().is_none_or(|only| case.contains(only.as_str())) {
            memory::case(runs, case, OURS, bytes, work);
        }
    };
    let progress = Progress::new;
    let open = |path: &Path| -> Buffer { files::open(path).expect("the input was just written").buffer };

    let case = "first 1000 rows";
    ours(case, &mut || {
        let (progress, first) = (progress(), RefCell::new(Vec::new()));
        let buffer = open(&path);
        let (dialect, _) = seektell::formats::table::sniff(&buffer, Format::Csv).expect("it is a table");
        let stopped = Table::open_growing(&buffer, dialect, seektell::formats::Limits::default(), &progress, &mut |table| {
            if table.row_count() >= 1000 && first.borrow().is_empty() {
                *first.borrow_mut() = table.rows(0, 1000).expect("rows can be read");
                progress.cancel();
            }
        });
        format!("{} rows, {}", first.borrow().len(), if stopped.is_err() { "then stopped" } else { "all" })
    });
    ask(case, "pandas", "pandas", &path, "return len(pandas.read_csv(path, nrows=1000))");
    ask(case, "polars", "polars", &path, "return len(polars.read_csv(path, n_rows=1000))");
    ask(case, "duckdb", "duckdb", &path, "return len(duckdb.sql(f\"from read_csv('{path}') limit 1000\").fetchall())");
    run(case, &["xan", "slice", "-l", "1000", "{path}"]);

    let case = "count and index";
    let dialect = Dialect::default();
    ours(case, &mut || {
        let table = Table::open(&open(&path), dialect, &progress()).expect("it is a table");
        format!("{} rows, {} columns, {} ragged", table.row_count(), table.width(), table.ragged_rows())
    });
    ask(case, "python csv", "csv", &path, "return sum(1 for row in csv.reader(open(path, newline='', encoding='utf-8')))");
    ask(case, "polars", "polars", &path, "return polars.scan_csv(path).select(polars.len()).collect().item()");
    ask(case, "duckdb", "duckdb", &path, "return duckdb.sql(f\"select count(*) from read_csv('{path}')\").fetchall()[0][0]");
    run(case, &["xan", "count", "{path}"]);

    let table = Table::open(&open(&path), dialect, &progress()).expect("it is a table");
    let column = |name: &str| table.header().and_then(|header| header.iter().position(|other| other == name)).unwrap_or_default();
    let filter = |text: &str| Filter::parse(text, table.header(), table.width(), true).expect("it is a condition");
    let case = "filter by two columns";
    ours(case, &mut || {
        let conditions = Conditions { filters: vec![filter("status==returned"), filter("qty>50")], any: false };
        let order = view(&table, &conditions, &[], &progress(), &|_| {}).expect("it can be filtered");
        format!("{} rows, {} bytes", order.len(), order.memory())
    });
    ask(
        case,
        "polars",
        "polars",
        &path,
        "c = polars.col\nreturn polars.scan_csv(path).filter((c('status') == 'returned') & (c('qty') > 50)).select(polars.len()).collect().item()",
    );
    ask(
        case,
        "duckdb",
        "duckdb",
        &path,
        "return duckdb.sql(f\"select count(*) from read_csv('{path}') where status='returned' and qty>50\").fetchall()[0][0]",
    );
    run(case, &["xan", "filter", "status eq \"returned\" && qty > 50", "{path}"]);

    let case = "search all cells";
    ours(case, &mut || {
        let query = Query { case: true, ..Query::text("ship it") };
        let found = find_all(&table, &query, None, 100_000, &progress(), &|_| {}).expect("it can be searched");
        format!("{} cells, {} kept", found.cells, found.places.len())
    });
    ours("search all cells, any case", &mut || {
        let found = find_all(&table, &Query::text("ship it"), None, 100_000, &progress(), &|_| {}).expect("it can be searched");
        format!("{} cells, {} kept", found.cells, found.places.len())
    });
    ask(
        case,
        "polars",
        "polars",
        &path,
        "return polars.scan_csv(path, infer_schema=False).filter(polars.any_horizontal(polars.all().str.contains('ship it', literal=True))).select(polars.len()).collect().item()",
    );
    run(case, &["xan", "search", "ship it", "{path}"]);

    let case = "sort by a number";
    ours(case, &mut || {
        let key = SortKey::parse("price:number:desc", table.header(), table.width()).expect("it is a column");
        let order = view(&table, &Conditions::default(), &[key], &progress(), &|_| {}).expect("it can be sorted");
        format!("row {:?} first, {} bytes", order.get(0), order.memory())
    });
    ours("sort by text, then a number", &mut || {
        let keys = ["city", "qty:number"].map(|key| SortKey::parse(key, table.header(), table.width()).expect("a column"));
        let order = view(&table, &Conditions::default(), &keys, &progress(), &|_| {}).expect("it can be sorted");
        format!("row {:?} first, {} bytes", order.get(0), order.memory())
    });
    ask(case, "polars (rows)", "polars", &path, "return len(polars.read_csv(path).sort('price', descending=True))");
    ask(
        case,
        "duckdb (rows)",
        "duckdb",
        &path,
        "duckdb.sql(f\"create table t as select * from read_csv('{path}') order by price desc\")\nreturn ''",
    );
    run(case, &["xan", "sort", "-N", "-R", "-s", "price", "{path}"]);

    let case = "statistics of all columns";
    let all: Vec<usize> = (0..table.width()).collect();
    ours(case, &mut || {
        let found = statistics(&table, &all, None, &progress(), &|_| {}).expect("it can be described");
        let price = found.columns[column("price")].numbers.as_ref().map(|total| total.sum.to_string());
        format!("sum of prices {price:?}, {:?} customers", found.columns[column("customer")].distinct)
    });
    ask(case, "polars describe", "polars", &path, "return len(polars.read_csv(path).describe())");
    ask(case, "duckdb summarize", "duckdb", &path, "return len(duckdb.sql(f\"summarize from read_csv('{path}')\").fetchall())");
    run(case, &["xan", "stats", "{path}"]);

    let write_packed = |input: &Path, to: Format, compression: ColumnCompression| -> String {
        let buffer = open(input);
        let mut options = Options::default();
        options.table.input = Some(dialect);
        options.table.compression = compression;
        let mut file = File::create(&out).expect("the result fits on the disk");
        let done =
            convert(&buffer, if input == sheet { Format::Xlsx } else { Format::Csv }, to, &options, &mut file, &progress());
        done.map_or_else(|error| error.to_string(), |done| format!("{} bytes", done.written))
    };
    let write = |input: &Path, to: Format| write_packed(input, to, ColumnCompression::Usual);
    let case = "CSV to TSV";
    ours(case, &mut || write(&path, Format::Tsv));
    ask(
        case,
        "python csv",
        "csv",
        &path,
        "w = csv.writer(open(out, 'w', newline='', encoding='utf-8'), delimiter='\\t')\nw.writerows(csv.reader(open(path, newline='', encoding='utf-8')))",
    );
    ask(case, "polars", "polars", &path, "polars.scan_csv(path, infer_schema=False).sink_csv(out, separator='\\t')");
    run(case, &["xan", "fmt", "--tabs", "{path}"]);
    let case = "CSV to JSONL";
    ours(case, &mut || write(&path, Format::JsonLines));
    ask(
        case,
        "python csv, json",
        "csv, json",
        &path,
        "f = open(out, 'w', encoding='utf-8')\nfor row in csv.DictReader(open(path, newline='', encoding='utf-8')): f.write(json.dumps(row) + '\\n')",
    );
    ask(case, "polars", "polars", &path, "polars.scan_csv(path, infer_schema=False).sink_ndjson(out)");
    ask(
        case,
        "duckdb",
        "duckdb",
        &path,
        "duckdb.sql(f\"copy (from read_csv('{path}', all_varchar=true)) to '{out}' (format json)\")",
    );
    run(case, &["xan", "to", "jsonl", "{path}"]);
    let case = "JSONL to CSV";
    if bench.only.as_ref().is_none_or(|only| case.contains(only.as_str())) {
        let lines = folder.path().join("lines.jsonl");
        let mut made = File::create(&lines).expect("the result fits on the disk");
        let mut options = Options::default();
        options.table.input = Some(dialect);
        convert(&open(&path), Format::Csv, Format::JsonLines, &options, &mut made, &progress()).expect("it converts");
        drop(made);
        ours(case, &mut || {
            let mut file = File::create(&out).expect("the result fits on the disk");
            let done = convert(&open(&lines), Format::JsonLines, Format::Csv, &Options::default(), &mut file, &progress());
            done.map_or_else(|error| error.to_string(), |done| format!("{} bytes", done.written))
        });
        ask(
            case,
            "python csv, json",
            "csv, json",
            &lines,
            "rows = map(json.loads, open(path, encoding='utf-8'))\nfirst = next(rows)\nw = csv.DictWriter(open(out, 'w', newline='', encoding='utf-8'), first)\nw.writeheader()\nw.writerow(first)\nw.writerows(rows)",
        );
        ask(case, "polars", "polars", &lines, "polars.scan_ndjson(path).sink_csv(out)");
        ask(case, "duckdb", "duckdb", &lines, "duckdb.sql(f\"copy (from read_ndjson('{path}')) to '{out}' (format csv)\")");
    }
    for (word, compression) in [("snappy", ColumnCompression::Snappy), ("zstd", ColumnCompression::Zstd)] {
        let case = &format!("CSV to Parquet ({word})");
        #[cfg(feature = "columnar")]
        ours(case, &mut || write_packed(&path, Format::Parquet, compression));
        // Ours is level 3, which is that of both.
        let polars = |scan: &str| format!("polars.scan_csv({scan}).sink_parquet(out, compression='{word}')");
        ask(case, "polars", "polars", &path, &polars("path, infer_schema=False"));
        ask(case, "polars, typed", "polars", &path, &polars("path"));
        let read = "read_csv('{path}', all_varchar=true)";
        let duckdb = format!("duckdb.sql(f\"copy (from {read}) to '{{out}}' (format parquet, compression {word})\")");
        ask(case, "duckdb", "duckdb", &path, &duckdb);
    }
    let case = "CSV to XLSX, 100,000 rows";
    ours(case, &mut || write(&small, Format::Xlsx));
    ask(
        case,
        "xlsxwriter",
        "csv, xlsxwriter",
        &small,
        "w = xlsxwriter.Workbook(out, {'constant_memory': True, 'strings_to_numbers': True})\ns = w.add_worksheet()\nfor n, row in enumerate(csv.reader(open(path, newline='', encoding='utf-8'))): s.write_row(n, 0, row)\nw.close()",
    );
    program(&bench, case, (&small, &out), &["xan", "to", "xlsx", "{path}"]);
    let mut made = File::create(&sheet).expect("the result fits on the disk");
    let mut options = Options::default();
    options.table.input = Some(dialect);
    convert(&open(&small), Format::Csv, Format::Xlsx, &options, &mut made, &progress()).expect("it converts");
    drop(made);
    let case = "XLSX to rows, 100,000 rows";
    ours(case, &mut || {
        let opened = read(&open(&sheet), Format::Xlsx, &TableOptions::default(), &progress()).expect("it is a workbook");
        format!("{} rows", opened.table.row_count())
    });
    ask(
        case,
        "openpyxl",
        "openpyxl",
        &sheet,
        "return sum(1 for row in openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))",
    );
}
