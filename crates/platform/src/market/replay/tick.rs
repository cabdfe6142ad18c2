//! The smallest step of a price (Regulation NMS, Rule 612) and the spread around it. All in 10⁻⁶ currency units.

/// The spread is this share of the price, in hundred-thousandths: 3 basis points, at least one tick.
const SPREAD: i64 = 30;

/// The nearest whole tick, halves upwards. `price` is positive.
pub(super) fn nearest(price: i64) -> i64 {
    let tick = tick_of(price);
    (price + tick / 2) / tick * tick
}

/// Bid and ask around a price that is a whole tick. The buyer bears the odd tick.
pub(super) fn around(last: i64) -> (i64, i64) {
    let tick = tick_of(last);
    let ticks = (last * SPREAD / 100_000 / tick).max(1);
    let bid = last - ticks / 2 * tick;
    (bid, bid + ticks * tick)
}

/// 0.01 from one dollar up, 0.0001 below.
fn tick_of(price: i64) -> i64 {
    if price >= 1_000_000 { 10_000 } else { 100 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_a_cent_from_one_dollar_and_to_a_hundredth_of_a_cent_below() {
        assert_eq!(nearest(129_652_000), 129_650_000);
        assert_eq!(nearest(129_655_000), 129_660_000);
        assert_eq!(nearest(264_049), 264_000);
        assert_eq!(nearest(999_960), 1_000_000);
    }

    #[test]
    fn the_spread_is_three_basis_points_and_at_least_one_tick() {
        assert_eq!(around(1_000_000), (1_000_000, 1_010_000));
        assert_eq!(around(100_000_000), (99_990_000, 100_020_000));
        assert_eq!(around(3_783_220_000), (3_782_660_000, 3_783_790_000));
        assert_eq!(around(98_000), (98_000, 98_100));
    }

    #[test]
    fn the_smallest_price_still_has_a_positive_bid() {
        assert_eq!(around(100), (100, 200));
    }
}
