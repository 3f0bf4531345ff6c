//! Cyclic redundancy checks of up to 64 bits with any parameters, in the terms of the catalogue of parametrised CRC algorithms.
//!
//! The crate `crc` names the known ones; its calculator wants parameters that are known when the program is compiled, and people
//! type theirs in, so the calculation is done here: eight bytes a step by eight tables.

use std::fmt::{Display, Formatter};

/// The parameters of a CRC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Crc {
    /// Bits, 1 to 64.
    pub width: u8,
    /// The polynomial without its highest term, the next one first.
    pub poly: u64,
    /// What the register holds at the start.
    pub init: u64,
    /// Whether the bits of a byte go in the lowest first.
    pub refin: bool,
    /// Whether the register is reversed at the end.
    pub refout: bool,
    /// What the register is combined with at the end, by exclusive or.
    pub xorout: u64,
}

impl Crc {
    /// All bits of the register.
    const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.width as u32)
    }

    /// The lowest `width` bits, the other way round.
    const fn reversed(self, value: u64) -> u64 {
        value.reverse_bits() >> (64 - self.width as u32)
    }

    /// Hexadecimal digits of a result.
    pub const fn digits(self) -> usize {
        (self.width as usize).div_ceil(4)
    }

    /// Reads parameters as they are listed: `width=16 poly=0x1021 init=0xFFFF refin=false refout=false xorout=0`, with spaces or
    /// commas between; what is left out is 0 and false. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut width, mut poly) = (None, None);
        let (mut init, mut refin, mut refout, mut xorout) = (0, false, false, 0);
        for part in text.split([',', ' ', ';']).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("{part} is no parameter such as poly=0x1021"))?;
            match name.trim().to_ascii_lowercase().as_str() {
                "width" => width = Some(value.parse::<u8>().ok().filter(|width| (1..=64).contains(width))),
                "poly" => poly = Some(number(name, value)?),
                "init" => init = number(name, value)?,
                "xorout" => xorout = number(name, value)?,
                "refin" => refin = truth(name, value)?,
                "refout" => refout = truth(name, value)?,
                // Lists of parameters bring the result for "123456789", the residue and a name along.
                "check" | "residue" | "name" => {}
                _ => return Err(format!("{name} is no parameter: there are width, poly, init, refin, refout and xorout")),
            }
        }
        let width = width.ok_or("width is missing, for example width=16")?.ok_or("width is from 1 to 64")?;
        let poly = poly.ok_or("poly is missing, for example poly=0x1021")?;
        let crc = Self { width, poly, init, refin, refout, xorout };
        for (name, value) in [("poly", poly), ("init", init), ("xorout", xorout)] {
            if value > crc.mask() {
                return Err(format!("{name} has more than {width} bits: 0x{value:X}"));
            }
        }
        match poly & 1 {
            // Without its lowest term a polynomial of one bit less does the same.
            0 => Err("poly is even: its lowest bit is 1 in every CRC".into()),
            _ => Ok(crc),
        }
    }
}

impl Display for Crc {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self { width, poly, init, refin, refout, xorout } = self;
        write!(f, "width={width},poly=0x{poly:X},init=0x{init:X},refin={refin},refout={refout},xorout=0x{xorout:X}")
    }
}

fn number(name: &str, value: &str) -> Result<u64, String> {
    let digits = value.strip_prefix("0x").or_else(|| value.strip_prefix("0X"));
    let number = match digits {
        Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None => value.parse().ok().filter(|_| !value.starts_with('+')),
    };
    number.ok_or_else(|| format!("{name} is no number of up to 64 bits such as 0x1021: {value}"))
}

fn truth(name: &str, value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(format!("{name} is true or false, not {value}")),
    }
}

type Tables = Box<[[u64; 256]; 8]>;

/// A CRC that is being calculated.
pub(super) struct Running {
    crc: Crc,
    tables: Tables,
    /// Reflected: the register in the lowest bits, reversed. Otherwise: the register in the highest bits.
    register: u64,
}

impl Running {
    pub(super) fn new(crc: Crc) -> Self {
        let register = if crc.refin { crc.reversed(crc.init) } else { crc.init << (64 - u32::from(crc.width)) };
        Self { crc, tables: tables(crc), register }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.register = if self.crc.refin { self.reflected(bytes) } else { self.straight(bytes) };
    }

    fn reflected(&self, bytes: &[u8]) -> u64 {
        let t = &*self.tables;
        let mut register = self.register;
        let (blocks, rest) = bytes.as_chunks::<8>();
        for block in blocks {
            let b = (register ^ u64::from_le_bytes(*block)).to_le_bytes().map(usize::from);
            register = t[7][b[0]] ^ t[6][b[1]] ^ t[5][b[2]] ^ t[4][b[3]] ^ t[3][b[4]] ^ t[2][b[5]] ^ t[1][b[6]] ^ t[0][b[7]];
        }
        rest.iter().fold(register, |register, byte| t[0][usize::from(register as u8 ^ byte)] ^ (register >> 8))
    }

    fn straight(&self, bytes: &[u8]) -> u64 {
        let t = &*self.tables;
        let mut register = self.register;
        let (blocks, rest) = bytes.as_chunks::<8>();
        for block in blocks {
            let b = (register ^ u64::from_be_bytes(*block)).to_be_bytes().map(usize::from);
            register = t[7][b[0]] ^ t[6][b[1]] ^ t[5][b[2]] ^ t[4][b[3]] ^ t[3][b[4]] ^ t[2][b[5]] ^ t[1][b[6]] ^ t[0][b[7]];
        }
        rest.iter().fold(register, |register, byte| t[0][usize::from((register >> 56) as u8 ^ byte)] ^ (register << 8))
    }

    pub(super) fn finish(&self) -> u64 {
        let crc = self.crc;
        let register = if crc.refin { self.register } else { self.register >> (64 - u32::from(crc.width)) };
        let register = if crc.refin == crc.refout { register } else { crc.reversed(register) };
        (register ^ crc.xorout) & crc.mask()
    }
}

/// `tables[n][b]`: what byte `b` does to the register with `n` zero bytes behind it.
fn tables(crc: Crc) -> Tables {
    let mut tables = Box::new([[0; 256]; 8]);
    let poly = if crc.refin { crc.reversed(crc.poly) } else { crc.poly << (64 - u32::from(crc.width)) };
    for byte in 0..256 {
        let mut register = if crc.refin { byte as u64 } else { (byte as u64) << 56 };
        for _ in 0..8 {
            register = match crc.refin {
                true => (register >> 1) ^ if register & 1 == 1 { poly } else { 0 },
                false => (register << 1) ^ if register >> 63 == 1 { poly } else { 0 },
            };
        }
        tables[0][byte] = register;
    }
    for n in 1..8 {
        for byte in 0..256 {
            let before = tables[n - 1][byte];
            tables[n][byte] = match crc.refin {
                true => tables[0][usize::from(before as u8)] ^ (before >> 8),
                false => tables[0][usize::from((before >> 56) as u8)] ^ (before << 8),
            };
        }
    }
    tables
}
