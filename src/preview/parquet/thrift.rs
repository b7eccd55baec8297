//! Thrift's compact protocol, as far as Parquet uses it.
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>
//!
//! Invariant: reading never goes past the end, allocates nothing, and steps over nested values at most [`DEEPEST`] deep.

/// Levels of nesting in a value that is stepped over.
const DEEPEST: usize = 16;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ThriftType {
    /// No value: the end of a struct.
    Stop,
    /// A boolean that stands in the field's header.
    True,
    /// The same.
    False,
    Byte,
    /// 16, 32 or 64 bits: written alike.
    Integer,
    Double,
    Binary,
    List,
    Map,
    Struct,
    Uuid,
}

impl ThriftType {
    fn of(nibble: u8) -> Option<Self> {
        Some(match nibble {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4..=6 => Self::Integer,
            7 => Self::Double,
            8 => Self::Binary,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Uuid,
            _ => return None,
        })
    }
}

/// A field of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ThriftField {
    pub(super) id: i16,
    pub(super) kind: ThriftType,
}

/// Reads values one after another. `None` means damaged or cut.
#[derive(Debug, Clone)]
pub(super) struct ThriftReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> ThriftReader<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Calls `take` with each field of a struct; it says whether it has read the value.
    pub(super) fn read_struct(&mut self, mut take: impl FnMut(&mut Self, ThriftField) -> Option<bool>) -> Option<()> {
        let mut last = 0;
        loop {
            let field = self.read_field(&mut last)?;
            if field.kind == ThriftType::Stop {
                return Some(());
            }
            if !take(self, field)? {
                self.skip_value(field.kind, 0)?;
            }
        }
    }

    /// Calls `take` for each element of a list of this type.
    pub(super) fn read_list(&mut self, kind: ThriftType, mut take: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let (found, length) = self.list_head()?;
        // An element takes a byte at least, so this ends with the input.
        (found == kind || length == 0).then_some(())?;
        for _ in 0..length {
            take(self)?;
        }
        Some(())
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(super) fn small_integer(&mut self) -> Option<i32> {
        i32::try_from(self.integer()?).ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn binary(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let bytes = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(bytes)
    }

    /// Steps over a value.
    pub(super) fn skip_value(&mut self, kind: ThriftType, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            ThriftType::Stop | ThriftType::True | ThriftType::False => {}
            ThriftType::Byte => self.advance(1)?,
            ThriftType::Integer => self.varint().map(|_| ())?,
            ThriftType::Double => self.advance(8)?,
            ThriftType::Uuid => self.advance(16)?,
            ThriftType::Binary => self.binary().map(|_| ())?,
            ThriftType::List => {
                let (kind, length) = self.list_head()?;
                for _ in 0..length {
                    self.skip_element(kind, depth + 1)?;
                }
            }
            ThriftType::Map => {
                let length = self.varint()?;
                if length > 0 {
                    let kinds = self.byte()?;
                    let (key, value) = (ThriftType::of(kinds >> 4)?, ThriftType::of(kinds & 15)?);
                    for _ in 0..length {
                        self.skip_element(key, depth + 1)?;
                        self.skip_element(value, depth + 1)?;
                    }
                }
            }
            ThriftType::Struct => {
                let mut last = 0;
                loop {
                    let field = self.read_field(&mut last)?;
                    if field.kind == ThriftType::Stop {
                        break;
                    }
                    self.skip_value(field.kind, depth + 1)?;
                }
            }
        }
        Some(())
    }

    /// In lists and maps a boolean takes a byte.
    fn skip_element(&mut self, kind: ThriftType, depth: usize) -> Option<()> {
        match kind {
            ThriftType::True | ThriftType::False => self.advance(1),
            kind => self.skip_value(kind, depth),
        }
    }

    fn read_field(&mut self, last: &mut i16) -> Option<ThriftField> {
        let head = self.byte()?;
        if head == 0 {
            return Some(ThriftField { id: 0, kind: ThriftType::Stop });
        }
        let id = match head >> 4 {
            0 => i16::try_from(self.integer()?).ok()?,
            delta => last.checked_add(i16::from(delta))?,
        };
        *last = id;
        Some(ThriftField { id, kind: ThriftType::of(head & 15)? })
    }

    fn list_head(&mut self) -> Option<(ThriftType, u64)> {
        let head = self.byte()?;
        let length = match head >> 4 {
            15 => self.varint()?,
            short => u64::from(short),
        };
        Some((ThriftType::of(head & 15)?, length))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn advance(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }
}
