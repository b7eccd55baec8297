"""Height of the tide by the rule of twelfths."""

from dataclasses import dataclass

TWELFTHS = (1, 2, 3, 3, 2, 1)


@dataclass(frozen=True)
class Tide:
    """One flood, from low water to high water."""

    low: float
    high: float

    def height(self, hour: int) -> float:
        """Metres above datum, `hour` hours after low water."""
        risen = sum(TWELFTHS[: max(0, min(hour, 6))])
        return self.low + (self.high - self.low) * risen / 12


if __name__ == "__main__":
    galway = Tide(low=0.6, high=4.9)
    for hour in range(7):
        print(f"{hour}h  {galway.height(hour):.2f} m")
