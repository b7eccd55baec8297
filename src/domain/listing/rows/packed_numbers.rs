//! A column of numbers in as few bytes as its range needs.
//!
//! Invariant: `Narrow::of(numbers).get(i) == numbers[i]` for every number and every `i` within.

use bytes::Bytes;

/// Numbers, each kept as its distance from the least, in 0, 1, 2, 4 or 8 bytes: what the greatest distance takes.
///
/// Distances that are all multiples of a thousand are divided by it: the times of most services are whole seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PackedNumbers {
    least: u64,
    unit: u64,
    width: usize,
    bytes: Bytes,
}

/// Milliseconds in a second.
const THOUSAND: u64 = 1000;

impl PackedNumbers {
    pub(super) fn pack_numbers(numbers: &[u64]) -> Self {
        let least = numbers.iter().copied().min().unwrap_or_default();
        let most = numbers.iter().copied().max().unwrap_or_default() - least;
        let by_thousands = most >= THOUSAND && numbers.iter().all(|number| (number - least).is_multiple_of(THOUSAND));
        let unit = if by_thousands { THOUSAND } else { 1 };
        let width = match most / unit {
            0 => 0,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        };
        let distance = |number: &u64| number - least;
        let bytes = if by_thousands {
            cut_bytes(width, numbers.iter().map(|number| distance(number) / THOUSAND))
        } else {
            cut_bytes(width, numbers.iter().map(distance))
        };
        Self { least, unit, width, bytes }
    }

    /// The number at `at`; past the end of a column that takes bytes, the least.
    pub(super) fn get(&self, at: usize) -> u64 {
        let distance = match self.width {
            0 => None,
            1 => read_number::<1>(&self.bytes, at),
            2 => read_number::<2>(&self.bytes, at),
            4 => read_number::<4>(&self.bytes, at),
            _ => read_number::<8>(&self.bytes, at),
        };
        self.least + distance.unwrap_or_default() * self.unit
    }

    /// What it is kept in.
    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The same, to be kept elsewhere.
    pub(super) fn bytes_mut(&mut self) -> &mut Bytes {
        &mut self.bytes
    }
}

/// The lower `width` bytes of each number.
fn cut_bytes(width: usize, numbers: impl ExactSizeIterator<Item = u64>) -> Bytes {
    match width {
        0 => Bytes::new(),
        1 => cut_to::<1>(numbers),
        2 => cut_to::<2>(numbers),
        4 => cut_to::<4>(numbers),
        _ => cut_to::<8>(numbers),
    }
}

/// The same with a width that the compiler knows, for this is done a million times.
fn cut_to<const WIDTH: usize>(numbers: impl ExactSizeIterator<Item = u64>) -> Bytes {
    let mut bytes = Vec::with_capacity(WIDTH * numbers.len());
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes()[..WIDTH]);
    }
    bytes.into()
}

/// The number at `at`, of `WIDTH` bytes each: known to the compiler, for the same reason.
fn read_number<const WIDTH: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut number = [0; 8];
    number[..WIDTH].copy_from_slice(bytes.get(at * WIDTH..)?.first_chunk::<WIDTH>()?);
    Some(u64::from_le_bytes(number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_column_takes_what_its_range_needs() {
        for (numbers, heap) in [
            (vec![7, 7, 7], 0),
            (vec![1_000_000, 1_000_255], 2),
            (vec![1_000_000, 1_000_256], 4),
            (vec![0, 255_000], 2),
            (vec![0, 0xffff_ffff], 8),
            (vec![0, u64::MAX], 16),
            (vec![], 0),
        ] {
            assert_eq!(PackedNumbers::pack_numbers(&numbers).bytes().len(), heap, "{numbers:?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_comes_back(
            base in any::<u64>(), spread in 0..64u32, steps in prop::collection::vec(any::<u64>(), 0..50), unit in prop::sample::select(vec![1, THOUSAND]),
        ) {
            let numbers: Vec<u64> =
                steps.iter().map(|step| base.saturating_add((step >> spread) / unit * unit)).collect();
            let column = PackedNumbers::pack_numbers(&numbers);
            let read: Vec<u64> = (0..numbers.len()).map(|at| column.get(at)).collect();
            prop_assert_eq!(read, numbers);
        }
    }
}
