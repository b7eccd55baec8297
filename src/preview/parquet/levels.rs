//! Numbers of few bits: runs and packed groups.
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3>

/// Reads numbers until the bytes end.
#[derive(Debug)]
pub(super) struct HybridNumbers<'a> {
    bytes: &'a [u8],
    at: usize,
    width: u32,
    run: HybridRun,
}

#[derive(Debug)]
enum HybridRun {
    /// The same number so many times more.
    Same { number: u32, left: u64 },
    /// Packed numbers from this bit on, so many more.
    Packed { bit: usize, left: u64 },
}

impl<'a> HybridNumbers<'a> {
    /// `None` if numbers have more than 32 bits.
    pub(super) fn of(bytes: &'a [u8], width: u32) -> Option<Self> {
        (width <= 32).then_some(Self { bytes, at: 0, width, run: HybridRun::Same { number: 0, left: 0 } })
    }

    fn begin_run(&mut self) -> Option<()> {
        let mut head = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            head |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return self.begin_run_of(head);
            }
        }
        None
    }

    fn begin_run_of(&mut self, head: u64) -> Option<()> {
        if head & 1 == 1 {
            let groups = head >> 1;
            self.run = HybridRun::Packed { bit: self.at * 8, left: groups * 8 };
            let bytes = usize::try_from(groups * u64::from(self.width)).ok()?;
            self.at = self.at.saturating_add(bytes);
        } else {
            let length = self.width.div_ceil(8) as usize;
            let bytes = self.bytes.get(self.at..self.at + length)?;
            let number = bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
            self.at += length;
            self.run = HybridRun::Same { number, left: head >> 1 };
        }
        Some(())
    }

    fn packed(&self, bit: usize) -> Option<u32> {
        let mut number = 0_u64;
        let (first, last) = (bit / 8, (bit + self.width as usize).div_ceil(8));
        for (at, byte) in self.bytes.get(first..last)?.iter().enumerate() {
            number |= u64::from(*byte) << (8 * at);
        }
        let mask = (1_u64 << self.width) - 1;
        u32::try_from(number >> (bit % 8) & mask).ok()
    }
}

impl Iterator for HybridNumbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        // A run of no numbers takes a byte, so this ends.
        loop {
            match &mut self.run {
                HybridRun::Same { left: 0, .. } | HybridRun::Packed { left: 0, .. } => self.begin_run()?,
                HybridRun::Same { number, left } => {
                    *left -= 1;
                    return Some(*number);
                }
                HybridRun::Packed { bit, left } => {
                    *left -= 1;
                    let start = *bit;
                    *bit += self.width as usize;
                    return self.packed(start);
                }
            }
        }
    }
}

/// The bits that numbers up to `most` take.
pub(super) fn bits_of(most: u32) -> u32 {
    u32::BITS - most.leading_zeros()
}
