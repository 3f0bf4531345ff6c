//! Long tables: an end when somebody asks for it, and some pages of many.

use std::time::{Duration, Instant};

use seektell::formats::{Format, FormatError, Options, report};
use seektell::tasks::Progress;

use super::build;
use super::long_table::{Counted, table};

#[test]
fn every_writer_stops_when_it_is_asked() {
    let report = build(r#"{"table": {"source": "t"}}"#, &[("t", "t.csv", &table(50_000))]);
    for format in report::FORMATS {
        let progress = Progress::new();
        let watched = progress.clone();
        let asked = std::sync::mpsc::sync_channel(1);
        let cancelling = move || {
            while watched.done() < 2_000 {
                std::thread::yield_now();
            }
            asked.0.send(Instant::now()).unwrap();
            watched.cancel();
        };
        let canceller = std::thread::Builder::new().name("canceller".into()).spawn(cancelling).unwrap();
        let ended = report::write(&report, format, &Options::default(), &mut Counted::default(), &progress);
        let stopped = Instant::now();
        canceller.join().unwrap();
        match ended {
            Err(FormatError::Cancelled(_)) => {
                let took = stopped.saturating_duration_since(asked.1.recv().unwrap());
                println!("{format}: {took:?}");
                assert!(took < Duration::from_secs(5), "{format}: {took:?}");
            }
            // A quick one may be done before the asking.
            Ok(_) => println!("{format}: done before it was asked"),
            Err(error) => panic!("{format}: {error}"),
        }
    }
}

#[test]
fn a_preview_has_the_pages_that_were_asked_for() {
    let report = build(r#"{"title": "T"}, {"table": {"source": "t"}}"#, &[("t", "t.csv", &table(2_000))]);
    let preview = report.preview(3, 2, &Progress::new()).unwrap();
    assert!(preview.total > 20);
    assert_eq!(preview.pages.iter().map(|page| page.number).collect::<Vec<_>>(), [3, 4]);
    let (_, written) = super::write(&report, Format::Pdf);
    assert_eq!(written.pages, Some(preview.total), "the preview is laid out as the PDF is");
    assert!(report.preview(1_000, 5, &Progress::new()).unwrap().pages.is_empty());
}
