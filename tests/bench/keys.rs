//! Key spaces of any size, made up as they are asked for.
//!
//! Invariant: keys ascend by their bytes with their number, and a key's facts are always the same.

/// Keys in ascending order.
pub(crate) enum Keys {
    /// `part-000000000000.bin` and so on: nothing to keep in memory.
    Flat(u64),
    /// Whatever was made, sorted.
    Made(Vec<String>),
}

const FLAT: &str = "part-";
const DIGITS: usize = 14;
const TAIL: &str = ".bin";

impl Keys {
    /// Hexadecimal names, evenly spread: what hashes look like.
    pub(crate) fn hashes(count: u64) -> Self {
        let mut keys: Vec<String> = (0..count).map(|n| format!("{:016x}", mixed(n))).collect();
        keys.sort_unstable();
        Self::Made(keys)
    }

    /// `year=2024/month=01/day=01/part-00000.parquet`: a few directories over many files.
    pub(crate) fn dates(count: u64) -> Self {
        let days = (0..3).flat_map(|y| (1..=12).flat_map(move |m| (1..=28).map(move |d| (2024 + y, m, d))));
        let each = count.div_ceil(3 * 12 * 28);
        let keys = days.flat_map(|(y, m, d)| {
            (0..each).map(move |n| format!("year={y}/month={m:02}/day={d:02}/part-{n:05}.parquet"))
        });
        Self::Made(keys.take(usize::try_from(count).expect("a count of memory")).collect())
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Flat(count) => *count,
            Self::Made(keys) => keys.len() as u64,
        }
    }

    pub(crate) fn key(&self, at: u64) -> String {
        match self {
            Self::Flat(_) => format!("{FLAT}{at:0DIGITS$}{TAIL}"),
            Self::Made(keys) => keys[usize::try_from(at).expect("a position")].clone(),
        }
    }

    /// How many keys come before `text`, or up to it.
    pub(crate) fn rank(&self, text: &str, inclusive: bool) -> u64 {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            let key = self.key(middle);
            let before = if inclusive { *key <= *text } else { *key < *text };
            if before { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// One element of a listing, as AWS writes it, from a template: the server's share of the time must be small.
    pub(crate) fn write(&self, at: u64, page: &mut Vec<u8>) {
        page.extend_from_slice(b"<Contents><Key>");
        match self {
            Self::Flat(_) => {
                page.extend_from_slice(FLAT.as_bytes());
                let start = page.len();
                page.resize(start + DIGITS, b'0');
                digits(at, &mut page[start..]);
                page.extend_from_slice(TAIL.as_bytes());
            }
            // What is made up here needs no encoding but for the `=` of the dates.
            Self::Made(keys) => {
                for (n, part) in keys[usize::try_from(at).expect("a position")].split('=').enumerate() {
                    page.extend_from_slice(if n == 0 { b"" } else { b"%3D" });
                    page.extend_from_slice(part.as_bytes());
                }
            }
        }
        let start = page.len();
        page.extend_from_slice(FACTS.as_bytes());
        let facts = &mut page[start..];
        let random = mixed(at);
        digits(10 + random % 19, &mut facts[DAY..DAY + 2]);
        digits(random % 60, &mut facts[SECOND..SECOND + 2]);
        digits(size(at), &mut facts[SIZE..SIZE + 9]);
        facts[ETAG..ETAG + 32].copy_from_slice(&etag(at));
    }
}

/// How large an object is: always nine digits.
pub(crate) fn size(at: u64) -> u64 {
    100_000_000 + mixed(at) % 800_000_000
}

/// An object's `ETag`, in hexadecimal.
pub(crate) fn etag(at: u64) -> [u8; 32] {
    let digest = u128::from(mixed(at)) << 64 | u128::from(mixed(mixed(at)));
    std::array::from_fn(|n| b"0123456789abcdef"[usize::try_from(digest >> (4 * n) & 0xf).expect("a digit")])
}

/// All that follows the key, with places for what differs.
const FACTS: &str = "</Key><LastModified>2026-10-00T12:34:00.000Z</LastModified>\
     <ETag>&quot;00000000000000000000000000000000&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>\
     <ChecksumType>FULL_OBJECT</ChecksumType><Size>000000000</Size><StorageClass>STANDARD</StorageClass></Contents>";
const DAY: usize = "</Key><LastModified>2026-10-".len();
const SECOND: usize = DAY + "00T12:34:".len();
const ETAG: usize = SECOND + "00.000Z</LastModified><ETag>&quot;".len();
const SIZE: usize = ETAG
    + "00000000000000000000000000000000&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>".len();

fn digits(mut number: u64, place: &mut [u8]) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).expect("a digit");
        number /= 10;
    }
}

/// The finalizer of splitmix64: one number to another that looks random.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
