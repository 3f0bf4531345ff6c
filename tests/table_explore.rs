//! Tables explored: views, searches and statistics, compared with what they are by definition.

#![allow(clippy::unwrap_used)]

use seektell::buffer::Buffer;
use seektell::explore::table::{
    Comparison, Conditions, Distinct, Filter, Operand, Place, Query, RowOrder, SortKey, Sum, Test, find_all, find_next,
    statistics, view,
};
use seektell::formats::table::{Dialect, Table};
use seektell::tasks::Progress;

fn open(text: &str) -> Table {
    Table::open(&Buffer::from(text.as_bytes()), Dialect::default(), &Progress::new()).unwrap()
}

fn shown(table: &Table, filters: &[&str], keys: &[&str]) -> Vec<u64> {
    let (header, width) = (table.header(), table.width());
    let filters = filters.iter().map(|text| Filter::parse(text, header, width, false).unwrap()).collect();
    let keys: Vec<SortKey> = keys.iter().map(|text| SortKey::parse(text, header, width).unwrap()).collect();
    let order = view(table, &Conditions { filters, any: false }, &keys, &Progress::new(), &|_| {}).unwrap();
    order.rows(0..order.len())
}

#[test]
fn rows_are_sorted() {
    let table = open("n,t\n10,b\n9,a\n,c\nx,A\nNaN,a10\n9.0,a9\n-1e3,\n");
    assert_eq!(shown(&table, &[], &["n:number"]), [6, 1, 5, 0, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["n:number:desc"]), [0, 1, 5, 6, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["n:number", "t:desc"]), [6, 5, 1, 0, 4, 3, 2]);
    assert_eq!(shown(&table, &[], &["t"]), [3, 1, 4, 5, 0, 2, 6]);
    assert_eq!(shown(&table, &[], &["t:desc"]), [2, 0, 5, 4, 1, 3, 6]);
    assert_eq!(shown(&table, &[], &["t:natural"]), [1, 3, 5, 4, 0, 2, 6]);
    assert_eq!(shown(&table, &[], &["t:length"]), [0, 1, 2, 3, 5, 4, 6]);
    let long = open("n\n9007199254740993\n9007199254740992\n9007199254740994\n9007199254740993.0\n");
    assert_eq!(shown(&long, &[], &["n:number"]), [1, 0, 3, 2]);
    assert_eq!(shown(&long, &[], &["n:number:desc"]), [2, 0, 3, 1]);
}

#[test]
fn rows_are_filtered() {
    let table = open("qty,city\n50,Oslo\n51,São Paulo\n,oslo\nabc,\n-3,\"New\nYork\"\n60\n");
    for (filters, rows) in [
        (&["qty>50"][..], &[1, 5][..]),
        (&["qty<=50"], &[0, 4]),
        (&["qty!=50"], &[1, 2, 3, 4, 5]),
        (&["city*=oslo"], &[0, 2]),
        (&["city*=SÃO"], &[1]),
        (&["city~^n.*k$"], &[]),
        (&["city~(?s)^n.*k$"], &[4]),
        (&["city:empty"], &[3, 5]),
        (&["city:filled", "qty:filled"], &[0, 1, 4]),
        (&[":ragged"], &[5]),
        (&["*=50"], &[0]),
        (&["city=oslo"], &[0, 2]),
        (&["city!=oslo"], &[1, 3, 4, 5]),
        (&["city^=o", "qty:empty"], &[2]),
    ] {
        assert_eq!(shown(&table, filters, &[]), rows, "{filters:?}");
    }
    let any = Conditions {
        filters: vec![
            Filter { case: true, ..Filter::new(Some(1), Test::Equals("oslo".into())) },
            Filter::new(Some(0), Test::Compare(Comparison::Equal, Operand::Number("-3.0".into()))),
        ],
        any: true,
    };
    let order = view(&table, &any, &[], &Progress::new(), &|_| {}).unwrap();
    assert_eq!(order.rows(0..9), [2, 4]);
    let bad = Conditions { filters: vec![Filter::new(None, Test::Regex("a(".into()))], any: false };
    assert!(bad.check().unwrap_err().to_string().contains("character 2"));
}

#[test]
fn cells_are_found() {
    let table = open("a,b\nxx,y\ny,xx\nz,z\nxx,xx\n");
    let place = |row, column| Place { row, column };
    let query = Query::text("XX");
    let found = find_all(&table, &query, None, 2, &Progress::new(), &|_| {}).unwrap();
    assert_eq!((found.cells, found.rows, found.places), (4, 3, vec![place(0, 0), place(1, 1)]));
    let sorted = RowOrder::from_rows([3, 2, 0]);
    let next = |rows: Option<&RowOrder>, from, forward, around| {
        find_next(&table, &query, rows, from, forward, around, &Progress::new()).unwrap()
    };
    assert_eq!(next(None, None, true, false), Some((0, place(0, 0))));
    assert_eq!(next(None, Some((0, 0)), true, false), Some((1, place(1, 1))));
    assert_eq!(next(None, Some((3, 0)), true, false), Some((3, place(3, 1))));
    assert_eq!(next(None, Some((3, 1)), true, false), None);
    assert_eq!(next(None, Some((3, 1)), true, true), Some((0, place(0, 0))));
    assert_eq!(next(None, None, false, false), Some((3, place(3, 1))));
    assert_eq!(next(None, Some((1, 1)), false, false), Some((0, place(0, 0))));
    assert_eq!(next(Some(&sorted), Some((0, 1)), true, false), Some((2, place(0, 0))));
    assert_eq!(next(Some(&sorted), Some((2, 0)), true, true), Some((0, place(3, 0))));
    assert_eq!(next(Some(&sorted), Some((2, 0)), false, false), Some((0, place(3, 1))));
}

#[test]
fn columns_are_described() {
    let table = open("v,w\n1,a\n2.5,b\n2026-01-02,a\n\n,é\ntrue\n-10,abc\n");
    let found = statistics(&table, &[0, 1], None, &Progress::new(), &|_| {}).unwrap();
    let (v, w) = (&found.columns[0], &found.columns[1]);
    assert_eq!((found.rows, v.count, v.empty, v.missing, w.missing), (7, 5, 2, 1, 2));
    assert_eq!(v.types, [2, 2, 1, 1, 1, 0]);
    let numbers = v.numbers.as_ref().unwrap();
    assert_eq!(numbers.sum, Sum::Exact("-6.5".into()));
    assert_eq!(numbers.range, Some(("-10".into(), "2.5".into())));
    assert_eq!(numbers.quartiles, Some([-4.5, 1.0, 1.75]));
    assert_eq!(w.distinct, Distinct::Exact(4));
    assert_eq!((w.top[0].text.as_str(), w.top[0].count, w.top[0].exact), ("a", 2, true));
    assert_eq!(w.lengths, Some((1, 3)));
    assert_eq!(w.text_range, Some(("a".into(), "é".into())));
    assert_eq!(v.histogram.as_ref().unwrap().bins.iter().sum::<u64>(), 3);
}
