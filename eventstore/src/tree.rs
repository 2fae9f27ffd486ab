//! A Merkle tree over a log: with its root alone one can be shown that an event is in the log, and that the log only grew.
//!
//! It is the tree of RFC 6962 and RFC 9162, section 2.1. Leaf `n` is made of the chain hash of the event at position `n + 1`.
//! Everything here is arithmetic; which hashes are kept where is told in [`crate::roots`].

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::log::Hash;

/// The leaf of an event, given its chain hash.
pub fn leaf(hash: &Hash) -> Hash {
    digest(&[&[0], &hash.0])
}

/// The node over two others.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    digest(&[&[1], &left.0, &right.0])
}

fn digest(parts: &[&[u8]]) -> Hash {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part);
    }
    Hash(sum.finalize().into())
}

/// A tree in the making: the roots of the complete subtrees it consists of, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Tree {
    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut whole = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                whole = node(&left, &whole);
            }
        }
        self.subtrees.push(whole);
        self.size += 1;
    }

    /// Its root; that of an empty tree is the hash of nothing.
    pub fn root(&self) -> Hash {
        joined(&self.subtrees)
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

/// The root over complete subtrees that stand beside each other, the largest first.
pub fn joined(subtrees: &[Hash]) -> Hash {
    let root = subtrees.iter().rev().copied().reduce(|right, left| node(&left, &right));
    root.unwrap_or_else(|| digest(&[]))
}

/// A subtree of 2^`height` leaves; `number` counts those of its height from the left, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subtree {
    /// How many levels it has above its leaves.
    pub height: u32,
    /// Which one of its height.
    pub number: u64,
}

/// The complete subtrees of which a range of leaves consists, the largest first. The range is one that the tree is cut into.
pub fn subtrees(range: &Range<u64>) -> Vec<Subtree> {
    let mut parts = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let height = (range.end - at).ilog2().min(at.trailing_zeros());
        parts.push(Subtree { height, number: at >> height });
        at += 1 << height;
    }
    parts
}

/// The ranges of leaves whose roots show that a leaf is in a tree of this size, from the leaf upwards.
pub fn inclusion(leaf: u64, size: u64) -> Vec<Range<u64>> {
    let (mut path, mut tree) = (Vec::new(), 0..size);
    while tree.end - tree.start > 1 && tree.contains(&leaf) {
        let middle = middle(&tree);
        if leaf < middle {
            path.push(middle..tree.end);
            tree.end = middle;
        } else {
            path.push(tree.start..middle);
            tree.start = middle;
        }
    }
    path.reverse();
    path
}

/// The ranges of leaves whose roots show that a tree of `new` leaves begins with that of `old` leaves.
pub fn consistency(old: u64, new: u64) -> Vec<Range<u64>> {
    let (mut path, mut tree) = (Vec::new(), 0..new);
    while 0 < old && old < tree.end {
        let middle = middle(&tree);
        if old <= middle {
            path.push(middle..tree.end);
            tree.end = middle;
        } else {
            path.push(tree.start..middle);
            tree.start = middle;
        }
    }
    if tree.start > 0 {
        path.push(tree);
    }
    path.reverse();
    path
}

/// Where a tree of more than one leaf is cut: the left part has the largest power of two below its size.
fn middle(tree: &Range<u64>) -> u64 {
    tree.start + (1 << (tree.end - tree.start - 1).ilog2())
}

/// Whether a path shows that the leaf of this number, from 0, is in the tree of this size and root (RFC 9162, 2.1.3.2).
pub fn includes(root: &Hash, size: u64, number: u64, leaf: &Hash, path: &[Hash]) -> bool {
    if number >= size {
        return false;
    }
    let mut climb = Climb { at: number, last: size - 1 };
    let mut sum = *leaf;
    for other in path {
        let Some(side) = climb.up() else { return false };
        sum = match side {
            Side::Left => node(other, &sum),
            Side::Right => node(&sum, other),
        };
    }
    climb.last == 0 && sum == *root
}

/// Whether a path shows that the tree of `new` leaves begins with that of `old` leaves (RFC 9162, 2.1.4.2). Neither is empty.
pub fn continues(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    if old.0 == 0 || old.0 >= new.0 {
        return old.0 > 0 && old == new && path.is_empty();
    }
    let (first, rest) = match path.split_first() {
        _ if old.0.is_power_of_two() => (*old.1, path),
        Some((first, rest)) => (*first, rest),
        None => return false,
    };
    let below = (old.0 - 1).trailing_ones();
    let mut climb = Climb { at: (old.0 - 1) >> below, last: (new.0 - 1) >> below };
    let (mut old_sum, mut new_sum) = (first, first);
    for other in rest {
        match climb.up() {
            Some(Side::Left) => {
                old_sum = node(other, &old_sum);
                new_sum = node(other, &new_sum);
            }
            Some(Side::Right) => new_sum = node(&new_sum, other),
            None => return false,
        }
    }
    climb.last == 0 && old_sum == *old.1 && new_sum == *new.1
}

/// A way up from a node of one level: which one it is, and which is the last there.
struct Climb {
    at: u64,
    last: u64,
}

/// On which side the next hash of a path stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// To the level of the next hash of the path; none, when the root is reached already.
    fn up(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.at & 1 == 1 || self.at == self.last {
            // The last one of a level without a neighbour rises until it has one.
            let alone = self.at.trailing_zeros();
            self.at >>= alone;
            self.last >>= alone;
            Side::Left
        } else {
            Side::Right
        };
        self.at >>= 1;
        self.last >>= 1;
        Some(side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
    use proptest::prelude::*;

    /// A chain hash for each leaf; the other tree hashes its leaves itself, so it is given what is behind the leaf's prefix.
    fn chain(number: u64) -> Hash {
        digest(&[b"event", &number.to_be_bytes()])
    }

    fn leaves(range: Range<u64>) -> impl Iterator<Item = Hash> {
        range.map(|number| leaf(&chain(number)))
    }

    fn roots(ranges: &[Range<u64>]) -> Vec<Hash> {
        ranges.iter().map(|range| leaves(range.clone()).collect::<Tree>().root()).collect()
    }

    fn root(size: u64) -> Hash {
        leaves(0..size).collect::<Tree>().root()
    }

    /// The same tree by somebody else.
    fn other(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
        let mut tree = MemoryBackedTree::new();
        (0..size).for_each(|number| tree.push(chain(number).0.to_vec()));
        tree
    }

    fn bytes(path: &[Hash]) -> Vec<u8> {
        path.iter().flat_map(|hash| hash.0).collect()
    }

    /// The leaves and roots that the tests of the RFC's own authors use.
    #[test]
    fn the_known_trees_have_the_known_roots() {
        let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        assert_eq!(tree.root().to_string(), roots[0]);
        for (data, root) in leaves.iter().zip(&roots[1..]) {
            tree.push(digest(&[&[0], &hex::decode(data).unwrap()]));
            assert_eq!(tree.root().to_string(), *root);
        }
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_shown_and_nothing_else() {
        for size in 1..=40 {
            for number in 0..size {
                let path = roots(&inclusion(number, size));
                let hash = leaf(&chain(number));
                assert!(includes(&root(size), size, number, &hash, &path), "{number} of {size}");
                assert!(!includes(&root(size), size, number + 1, &hash, &path) && !includes(&root(size + 1), size + 1, number, &hash, &path));
                for at in 0..path.len() {
                    assert!(!includes(&root(size), size, number, &hash, &[&path[..at], &path[at + 1..]].concat()));
                }
                assert!(!includes(&root(size), size, number, &hash, &[&path[..], &[hash]].concat()));
            }
        }
    }

    #[test]
    fn every_small_tree_is_shown_to_continue_every_smaller_one_and_nothing_else() {
        for new in 1..=40 {
            for old in 1..=new {
                let path = roots(&consistency(old, new));
                assert!(continues((old, &root(old)), (new, &root(new)), &path), "{old} to {new}");
                assert!(!continues((old, &root(old + 1)), (new, &root(new)), &path));
                assert!(!continues((old, &root(old)), (new, &root(new + 1)), &path));
                for at in 0..path.len() {
                    assert!(!continues((old, &root(old)), (new, &root(new)), &[&path[..at], &path[at + 1..]].concat()));
                }
                assert!(!continues((old, &root(old)), (new, &root(new)), &[&path[..], &[root(1)]].concat()));
            }
        }
        assert!(!continues((0, &root(0)), (1, &root(1)), &[]), "an empty log vouches for nothing");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Another implementation comes to the same root, takes our proofs, and gives ones that we take.
        #[test]
        fn the_proofs_are_those_of_everybody(size in 1_u64..700, number in any::<u64>(), old in any::<u64>()) {
            let (number, old) = (number % size, old % size + 1);
            let theirs = other(size);
            prop_assert_eq!(Hash((*theirs.root().as_bytes()).into()), root(size));

            let path = roots(&inclusion(number, size));
            let proof = theirs.prove_inclusion(number as usize);
            prop_assert_eq!(proof.as_bytes(), &bytes(&path));
            let ours = InclusionProof::<Sha256>::try_from_bytes(bytes(&path)).unwrap();
            theirs.root().verify_inclusion(&chain(number).0.to_vec(), number, &ours).unwrap();

            let path = roots(&consistency(old, size));
            let proof = theirs.prove_consistency((size - old) as usize);
            prop_assert_eq!(proof.as_bytes(), &bytes(&path));
            if old < size {
                let ours = ConsistencyProof::<Sha256>::try_from_bytes(bytes(&path)).unwrap();
                let before = RootHash::<Sha256>::new(root(old).0.into(), old);
                theirs.root().verify_consistency(&before, &ours).unwrap();
            }
            prop_assert!(continues((old, &root(old)), (size, &root(size)), &path));
        }

        /// A path of which one bit is another shows nothing.
        #[test]
        fn an_altered_proof_shows_nothing(size in 2_u64..300, number in any::<u64>(), at in any::<prop::sample::Index>(), bit in 0_usize..256) {
            let number = number % size;
            let mut path = roots(&inclusion(number, size));
            let at = at.index(path.len());
            path[at].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!includes(&root(size), size, number, &leaf(&chain(number)), &path));
        }

        /// Ranges and their subtrees cover the same leaves, in order.
        #[test]
        fn a_range_consists_of_its_subtrees(size in 1_u64..1_000, number in any::<u64>()) {
            for range in inclusion(number % size, size).into_iter().chain(consistency(number % size + 1, size)) {
                let covered: Vec<u64> = subtrees(&range).iter().flat_map(|part| part.number << part.height..(part.number + 1) << part.height).collect();
                prop_assert_eq!(covered, range.collect::<Vec<_>>());
            }
        }
    }
}
