//! Chance from a seed: the same on every machine and in every version, in whole numbers only.
//!
//! It is SHA-256 in counter mode. No library of random numbers promises to draw the same numbers for ever, and floating point
//! would not give the same logarithm everywhere.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A source of numbers that look random and follow from what it was made of.
#[derive(Clone, Debug)]
pub struct Chance {
    key: [u8; 32],
    block: u64,
    bytes: [u8; 32],
    used: usize,
}

impl Chance {
    /// Chance that follows from a seed and what it is for.
    pub fn new(seed: &[u8; 32], purpose: &str, number: u64) -> Chance {
        let mut sum = Sha256::new();
        sum.update(b"leadtrail.demo.v1");
        sum.update(seed);
        sum.update(purpose.as_bytes());
        sum.update([0]);
        sum.update(number.to_be_bytes());
        Chance { key: sum.finalize().into(), block: 0, bytes: [0; 32], used: 32 }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        if self.used == self.bytes.len() {
            let mut sum = Sha256::new();
            sum.update(self.key);
            sum.update(self.block.to_be_bytes());
            self.bytes = sum.finalize().into();
            self.block += 1;
            self.used = 0;
        }
        let mut eight = [0; 8];
        eight.copy_from_slice(&self.bytes[self.used..self.used + 8]);
        self.used += 8;
        u64::from_be_bytes(eight)
    }

    /// A number from 0 to `bound` - 1; 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.number()) * u128::from(bound)) >> 64) as u64
    }

    /// A number between two, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(low.abs_diff(high) + 1) as i64
    }

    /// A number near the middle of two, both included: near ones more often than far ones.
    pub fn near_the_middle(&mut self, low: i64, high: i64) -> i64 {
        (self.between(low, high) + self.between(low, high) + self.between(low, high)) / 3
    }

    /// Yes, so many times in a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// One of a list that is not empty, each as often as its weight says.
    pub fn weighted<'a, T>(&mut self, list: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(list.iter().map(&weight).sum());
        for item in list {
            match left.checked_sub(weight(item)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        &list[list.len() - 1]
    }

    /// As many bytes as a key has.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&self.number().to_be_bytes()));
        bytes
    }

    /// An id as it would have been made at a time.
    pub fn id(&mut self, millis: i64) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.number().to_be_bytes());
        random[8..].copy_from_slice(&self.number().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(millis.unsigned_abs(), &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_for_ever() {
        let mut chance = Chance::new(&[7; 32], "test", 1);
        assert_eq!(KNOWN, [chance.below(1000), chance.below(1000), chance.below(1000), chance.below(1000), chance.below(1000)]);
    }

    /// When this changes, every demo company becomes another one.
    const KNOWN: [u64; 5] = [583, 413, 175, 742, 587];

    #[test]
    fn it_keeps_its_bounds_and_uses_them_all() {
        let mut chance = Chance::new(&[0; 32], "test", 0);
        let mut met = [0; 6];
        for _ in 0..6000 {
            met[chance.between(-2, 3).unsigned_abs() as usize % 6] += 1;
            assert!((10..=20).contains(&chance.near_the_middle(10, 20)));
        }
        assert!(met[0] > 500 && met[3] > 500, "{met:?}");
        assert_eq!(chance.below(0), 0);
    }
}
