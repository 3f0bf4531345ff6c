//! The sales report of the mission, byte for byte as CPython's `csv` writes it.

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use seektell::formats::Format;
use seektell::formats::report::{Recipe, Report};
use seektell::tasks::Progress;

use super::{csv, sources, write};
use crate::oracle::python;

const RECIPE: &str = include_str!("../../../assets/reports/sales.json");
const ORDERS: &[u8] = include_bytes!("../../../assets/reports/orders.csv");
const RETURNS: &[u8] = include_bytes!("../../../assets/reports/returns.csv");
const HASH: &str = "a9ba3fdc18d6d92691cd7c9972c0edc33a8e55c44a78285613010d5dfdffba92";

fn report(date: Option<&str>) -> Report {
    let contents = sources(&[("orders", "orders.csv", ORDERS), ("returns", "returns.csv", RETURNS)]);
    let values: IndexMap<String, String> = date.map(|date| ("date".to_owned(), date.to_owned())).into_iter().collect();
    Recipe::parse(RECIPE).unwrap().build(&contents, &values, &Progress::new()).unwrap()
}

#[test]
fn the_bytes_are_those_of_cpython() {
    let bytes = csv(&report(None)).into_bytes();
    assert_eq!(bytes.len(), 342);
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, HASH);
}

/// The generator of the mission's example, in few lines: the same writer, the same rows.
const SCRIPT: &str = r#"
import csv, io, sys
orders = [("ORD-001", "Alice", 150.00, "completed"), ("ORD-002", "Bob", 89.99, "completed"), ("ORD-003", "Carol", 210.50, "pending")]
returns = [("RET-001", "ORD-001", "Wrong size", 45.00)]
out = io.StringIO()
w = csv.writer(out)
w.writerow(["Sales Report -- Generated 2025-12-31"])
w.writerow([])
w.writerow(["== ORDERS =="])
w.writerow(["Order ID", "Customer", "Amount", "Status"])
w.writerows([a, b, f"${c:.2f}", d] for a, b, c, d in orders)
w.writerow([])
w.writerow(["== RETURNS =="])
w.writerow(["Return ID", "Order ID", "Reason", "Refund"])
w.writerows([a, b, c, f"${d:.2f}"] for a, b, c, d in returns)
w.writerow([])
w.writerow(["SUMMARY"])
sales, refunds = sum(o[2] for o in orders), sum(r[3] for r in returns)
w.writerows([["Total Sales", f"${sales:.2f}"], ["Total Refunds", f"${refunds:.2f}"], ["Net Revenue", f"${sales - refunds:.2f}"]])
sys.stdout.buffer.write(out.getvalue().encode("utf-8"))
"#;

#[test]
fn python_writes_the_same() {
    let Some(printed) = python(SCRIPT, b"") else { return };
    assert_eq!(csv(&report(Some("2025-12-31"))), String::from_utf8(printed).unwrap());
}

#[test]
fn all_formats_are_reproducible() {
    for format in seektell::formats::report::FORMATS {
        let (bytes, written) = write(&report(None), format);
        assert_eq!(bytes, write(&report(None), format).0, "{format}");
        assert!(written.losses.is_empty(), "{format}: {:?}", written.losses);
        assert_eq!(written.pages, (format == Format::Pdf).then_some(1));
    }
}
