//! What the inspector shows.

use serde::{Deserialize, Serialize};

use crate::explore::inspect::{ByteOrder, DEFAULT_ENCODINGS, Group, Radix};

/// The byte orders that values are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByteOrders {
    /// Both, beside each other.
    #[default]
    Both,
    /// The lowest byte first.
    Little,
    /// The highest byte first.
    Big,
}

impl ByteOrders {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Both, Self::Little, Self::Big];

    /// What a button says.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Both => "Both",
            Self::Little => "LE",
            Self::Big => "BE",
        }
    }

    /// What it means.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Both => "Both byte orders",
            Self::Little => "Little-endian: the lowest byte first",
            Self::Big => "Big-endian: the highest byte first",
        }
    }

    /// The orders.
    pub const fn shown(self) -> &'static [ByteOrder] {
        match self {
            Self::Both => &[ByteOrder::Little, ByteOrder::Big],
            Self::Little => &[ByteOrder::Little],
            Self::Big => &[ByteOrder::Big],
        }
    }
}

/// The choices of the inspector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InspectorSettings {
    /// The byte orders.
    pub orders: ByteOrders,
    /// The base of integers.
    pub radix: Radix,
    /// The rows that are shown.
    pub groups: Vec<Group>,
    /// The encodings whose text is shown, by the names of their codecs.
    pub encodings: Vec<String>,
}

impl Default for InspectorSettings {
    fn default() -> Self {
        Self {
            orders: ByteOrders::Both,
            radix: Radix::Decimal,
            groups: Group::ALL.to_vec(),
            encodings: DEFAULT_ENCODINGS.map(str::to_owned).to_vec(),
        }
    }
}
