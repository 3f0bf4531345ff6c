//! Documents of streams that were made elsewhere.

use super::{Document, Origin, Stream};
use crate::stream::{BytesIO, Newline, StreamState, StringIO};

impl Document {
    /// A document that holds from its beginning what a stream held: its content, cursor and all.
    pub fn of_state(name: impl Into<String>, origin: Origin, state: &StreamState) -> Self {
        let stream = match state {
            StreamState::Bytes(state) => {
                let mut stream = BytesIO::default();
                stream.restore(state);
                Stream::Bytes(stream)
            }
            StreamState::Text(state) => {
                let mut stream = StringIO::new("", Newline::Lf);
                stream.restore(state);
                Stream::Text(stream)
            }
        };
        Self::with_stream(name.into(), origin, stream)
    }
}
