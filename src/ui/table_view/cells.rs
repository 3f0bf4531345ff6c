//! A cell's text on one line, with what cannot be seen made visible.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

use crate::ui::theme::{MONO, TEXT, words};

/// Characters of a cell that are laid out in the grid.
const SHOWN: usize = 200;

/// Lays a cell out on one line: line breaks as an arrow, other controls as `\x` escapes, both dim.
pub(super) fn job(text: &str, color: Color32, dim: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let plain = TextFormat::simple(words(TEXT), color);
    let mark = TextFormat::simple(FontId::monospace(MONO - 1.0), dim);
    let mut run = String::new();
    let mut characters = text.chars().peekable();
    let mut count = 0;
    while let Some(c) = characters.next() {
        count += 1;
        if count > SHOWN {
            run.push('…');
            break;
        }
        let sign = match c {
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\n' | '\r' => "↵".to_owned(),
            '\t' => "→".to_owned(),
            // Marks of direction would turn the text of their neighbours around.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' => {
                format!("\\u{{{:X}}}", u32::from(c))
            }
            _ if c.is_control() => format!("\\x{:02X}", u32::from(c)),
            _ => {
                run.push(c);
                continue;
            }
        };
        job.append(&std::mem::take(&mut run), 0.0, plain.clone());
        job.append(&sign, 0.0, mark.clone());
    }
    job.append(&run, 0.0, plain);
    job.wrap.max_width = f32::INFINITY;
    job.break_on_newline = false;
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        let shown = |text: &str| job(text, Color32::WHITE, Color32::BLACK).text;
        assert_eq!(shown("Ada"), "Ada");
        assert_eq!(shown("a\r\nb\nc\rd\te"), "a↵b↵c↵d→e");
        assert_eq!(shown("\0\u{1B}[m"), "\\x00\\x1B[m");
        assert_eq!(shown("a\u{202E}b"), "a\\u{202E}b");
        assert_eq!(shown(&"x".repeat(5000)).chars().count(), SHOWN + 1);
    }
}
