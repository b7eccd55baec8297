//! Height of the tide by the rule of twelfths.

/// How many twelfths of the range the water rises in each hour.
const TWELFTHS: [u32; 6] = [1, 2, 3, 3, 2, 1];

/// One flood, from low water to high water, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tide {
    pub low: f64,
    pub high: f64,
}

impl Tide {
    /// Metres above datum, `hour` hours after low water.
    pub fn height(self, hour: usize) -> f64 {
        let risen: u32 = TWELFTHS.iter().take(hour).sum();
        self.low + (self.high - self.low) * f64::from(risen) / 12.0
    }
}

fn main() {
    let galway = Tide { low: 0.6, high: 4.9 };
    for hour in 0..=6 {
        println!("{hour}h  {:.2} m", galway.height(hour));
    }
}
