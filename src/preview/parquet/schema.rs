//! The columns of a file and their types.

use super::thrift::{ThriftField, ThriftReader, ThriftType};

/// How values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhysicalType {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// Bytes of a fixed number.
    Fixed(usize),
}

/// What values mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ParquetMeaning {
    /// What is stored.
    #[default]
    Stored,
    Text,
    Decimal {
        scale: i32,
        precision: i32,
    },
    Date,
    Time(TimeUnit),
    Timestamp {
        unit: TimeUnit,
        utc: bool,
    },
    Unsigned,
    Uuid,
    HalfFloat,
    List,
    Map,
}

/// The unit of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Milli,
    Micro,
    Nano,
}

impl TimeUnit {
    /// How many of it a second has.
    pub(super) fn per_second(self) -> i64 {
        match self {
            Self::Milli => 1_000,
            Self::Micro => 1_000_000,
            Self::Nano => 1_000_000_000,
        }
    }
}

/// Whether a value may be missing or come several times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Repetition {
    #[default]
    Required,
    Optional,
    Repeated,
}

/// A column, or a group of columns.
#[derive(Debug, Clone, Default)]
pub(super) struct SchemaElement<'a> {
    pub(super) name: &'a [u8],
    stored: Option<i32>,
    length: i32,
    pub(super) repetition: Repetition,
    pub(super) children: usize,
    pub(super) meaning: ParquetMeaning,
    scale: i32,
    precision: i32,
}

impl SchemaElement<'_> {
    /// How its values are stored, if it is a column.
    pub(super) fn physical(&self) -> Option<PhysicalType> {
        Some(match self.stored? {
            0 => PhysicalType::Boolean,
            1 => PhysicalType::Int32,
            2 => PhysicalType::Int64,
            3 => PhysicalType::Int96,
            4 => PhysicalType::Float,
            5 => PhysicalType::Double,
            6 => PhysicalType::Bytes,
            7 => PhysicalType::Fixed(usize::try_from(self.length).ok().filter(|length| *length > 0)?),
            _ => return None,
        })
    }

    /// The type as it is written in a schema: `int64`, `timestamp[us, UTC]`.
    pub(super) fn type_name(&self) -> String {
        let unit = |unit| match unit {
            TimeUnit::Milli => "ms",
            TimeUnit::Micro => "us",
            TimeUnit::Nano => "ns",
        };
        match (self.meaning, self.physical()) {
            (ParquetMeaning::Text, _) => "string".to_owned(),
            (ParquetMeaning::Decimal { scale, precision }, _) => format!("decimal({precision}, {scale})"),
            (ParquetMeaning::Date, _) => "date".to_owned(),
            (ParquetMeaning::Time(of), _) => format!("time[{}]", unit(of)),
            (ParquetMeaning::Timestamp { unit: of, utc: true }, _) => format!("timestamp[{}, UTC]", unit(of)),
            (ParquetMeaning::Timestamp { unit: of, utc: false }, _) => format!("timestamp[{}]", unit(of)),
            (ParquetMeaning::Uuid, _) => "uuid".to_owned(),
            (ParquetMeaning::HalfFloat, _) => "float16".to_owned(),
            (ParquetMeaning::List, _) => "list".to_owned(),
            (ParquetMeaning::Map, _) => "map".to_owned(),
            (ParquetMeaning::Unsigned, Some(PhysicalType::Int32)) => "uint32".to_owned(),
            (ParquetMeaning::Unsigned, _) => "uint64".to_owned(),
            (ParquetMeaning::Stored, stored) => match stored {
                Some(PhysicalType::Boolean) => "boolean".to_owned(),
                Some(PhysicalType::Int32) => "int32".to_owned(),
                Some(PhysicalType::Int64) => "int64".to_owned(),
                Some(PhysicalType::Int96) => "timestamp[96 bits]".to_owned(),
                Some(PhysicalType::Float) => "float".to_owned(),
                Some(PhysicalType::Double) => "double".to_owned(),
                Some(PhysicalType::Bytes) => "bytes".to_owned(),
                Some(PhysicalType::Fixed(length)) => format!("bytes[{length}]"),
                None if self.children > 0 => "struct".to_owned(),
                None => "unknown".to_owned(),
            },
        }
    }
}

/// A column with its values: a leaf of the schema.
#[derive(Debug, Clone)]
pub(super) struct LeafColumn {
    /// Its name with those of the groups it lies in: `address.city`.
    pub(super) path: String,
    /// Where it stands in the schema.
    pub(super) element: usize,
    /// The level that says that a value is there.
    pub(super) most_definition: u32,
    /// How many of the groups it lies in are repeated.
    pub(super) most_repetition: u32,
}

/// Levels of groups; deeper columns are left out.
const DEEPEST: usize = 64;

/// The leaves of a schema in order, with the depth of each of its elements.
pub(super) fn find_leaves(schema: &[SchemaElement]) -> (Vec<LeafColumn>, Vec<usize>) {
    let (mut leaves, mut depths) = (vec![], vec![0; schema.len()]);
    // For each open group: how many children still come, the length of the path before it, the levels before it.
    let mut open: Vec<(usize, usize, u32, u32)> = vec![];
    let (mut path, mut definition, mut repetition) = (String::new(), 0, 0);
    let Some(root) = schema.first() else { return (leaves, depths) };
    open.push((root.children, 0, 0, 0));
    for (at, element) in schema.iter().enumerate().skip(1) {
        while let Some((0, length, d, r)) = open.last().copied() {
            open.pop();
            path.truncate(length);
            (definition, repetition) = (d, r);
        }
        let Some((left, ..)) = open.last_mut() else { break };
        *left -= 1;
        depths[at] = open.len();
        let (length, before) = (path.len(), (definition, repetition));
        if !path.is_empty() {
            path.push('.');
        }
        // A path as long as a line is no use; names that are foreign may be of any length.
        let name = String::from_utf8_lossy(element.name);
        path.push_str(&name[..name.floor_char_boundary(1024_usize.saturating_sub(path.len()))]);
        definition += u32::from(element.repetition != Repetition::Required);
        repetition += u32::from(element.repetition == Repetition::Repeated);
        if element.children > 0 && open.len() < DEEPEST {
            open.push((element.children, length, before.0, before.1));
        } else {
            leaves.push(LeafColumn {
                path: path.clone(),
                element: at,
                most_definition: definition,
                most_repetition: repetition,
            });
            path.truncate(length);
            (definition, repetition) = before;
        }
    }
    (leaves, depths)
}

/// Reads one element.
pub(super) fn read_element<'a>(reader: &mut ThriftReader<'a>) -> Option<SchemaElement<'a>> {
    let mut element = SchemaElement::default();
    let (mut converted, mut logical) = (None, None);
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, ThriftType::Integer) => element.stored = Some(reader.small_integer()?),
            (2, ThriftType::Integer) => element.length = reader.small_integer()?,
            (3, ThriftType::Integer) => {
                element.repetition = match reader.small_integer()? {
                    0 => Repetition::Required,
                    1 => Repetition::Optional,
                    _ => Repetition::Repeated,
                }
            }
            (4, ThriftType::Binary) => element.name = reader.binary()?,
            (5, ThriftType::Integer) => element.children = usize::try_from(reader.integer()?).unwrap_or(0),
            (6, ThriftType::Integer) => converted = Some(reader.small_integer()?),
            (7, ThriftType::Integer) => element.scale = reader.small_integer()?,
            (8, ThriftType::Integer) => element.precision = reader.small_integer()?,
            (10, ThriftType::Struct) => read_logical(reader, &mut logical)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    let converted = converted.and_then(|converted| converted_meaning(converted, &element));
    element.meaning = logical.or(converted).unwrap_or_default();
    Some(element)
}

/// The older way to say what values mean.
fn converted_meaning(converted: i32, element: &SchemaElement) -> Option<ParquetMeaning> {
    Some(match converted {
        0 | 4 | 19 => ParquetMeaning::Text,
        1 | 2 => ParquetMeaning::Map,
        3 => ParquetMeaning::List,
        5 => ParquetMeaning::Decimal { scale: element.scale, precision: element.precision },
        6 => ParquetMeaning::Date,
        7 => ParquetMeaning::Time(TimeUnit::Milli),
        8 => ParquetMeaning::Time(TimeUnit::Micro),
        9 => ParquetMeaning::Timestamp { unit: TimeUnit::Milli, utc: true },
        10 => ParquetMeaning::Timestamp { unit: TimeUnit::Micro, utc: true },
        11..=14 => ParquetMeaning::Unsigned,
        _ => return None,
    })
}

/// The newer way: a union, whose field tells which.
fn read_logical(reader: &mut ThriftReader<'_>, meaning: &mut Option<ParquetMeaning>) -> Option<()> {
    reader.read_struct(|reader, ThriftField { id, kind }| {
        if kind != ThriftType::Struct {
            return Some(false);
        }
        *meaning = match id {
            1 | 4 | 12 => Some(ParquetMeaning::Text),
            2 => Some(ParquetMeaning::Map),
            3 => Some(ParquetMeaning::List),
            6 => Some(ParquetMeaning::Date),
            14 => Some(ParquetMeaning::Uuid),
            15 => Some(ParquetMeaning::HalfFloat),
            5 => {
                let (scale, precision) = read_two_numbers(reader)?;
                *meaning = Some(ParquetMeaning::Decimal { scale, precision });
                return Some(true);
            }
            7 | 8 => {
                let (utc, unit) = read_time(reader)?;
                let unit = unit.unwrap_or(TimeUnit::Milli);
                *meaning =
                    Some(if id == 7 { ParquetMeaning::Time(unit) } else { ParquetMeaning::Timestamp { unit, utc } });
                return Some(true);
            }
            10 => {
                let mut signed = true;
                reader.read_struct(|_, field| {
                    signed &= field.kind != ThriftType::False;
                    Some(false)
                })?;
                *meaning = (!signed).then_some(ParquetMeaning::Unsigned);
                return Some(true);
            }
            _ => None,
        };
        Some(false)
    })
}

fn read_two_numbers(reader: &mut ThriftReader<'_>) -> Option<(i32, i32)> {
    let mut numbers = (0, 0);
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, ThriftType::Integer) => numbers.0 = reader.small_integer()?,
            (2, ThriftType::Integer) => numbers.1 = reader.small_integer()?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(numbers)
}

fn read_time(reader: &mut ThriftReader<'_>) -> Option<(bool, Option<TimeUnit>)> {
    let (mut utc, mut unit) = (false, None);
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, kind) => utc = kind == ThriftType::True,
            (2, ThriftType::Struct) => {
                reader.read_struct(|_, field| {
                    unit = match field.id {
                        1 => Some(TimeUnit::Milli),
                        2 => Some(TimeUnit::Micro),
                        3 => Some(TimeUnit::Nano),
                        _ => None,
                    };
                    Some(false)
                })?;
                return Some(true);
            }
            _ => {}
        }
        Some(false)
    })?;
    Some((utc, unit))
}
