//! Proofs: what is signed of a log, and what can be shown with it to somebody who has only the public key.

use chrono::TimeDelta;
use futures::future::join_all;

use super::logs::run;
use super::notebook::Ask;
use super::world::{HERE, START, THERE, World, id};
use crate::checkpoint::{Signed, check_checkpoints};
use crate::error::StoreError;
use crate::log::{CompanyId, Hash};
use crate::note::Signer;
use crate::store::Store;
use crate::tree::{Tree, continues, includes, leaf};
use crate::writer::Ports;

pub(super) fn signer() -> Signer {
    Signer::new([9; 32])
}

impl World {
    /// Signs where the log ends.
    pub(super) async fn sign(&self, company: CompanyId) -> Signed {
        self.store.sign(company, &signer(), self.clock.now()).await.unwrap().unwrap()
    }

    /// What a check against the stored checkpoints and these finds: places and texts.
    pub(super) async fn checked(&self, company: CompanyId, outside: &[String]) -> Vec<(i64, String)> {
        let found = check_checkpoints(&self.store, company, outside, &[signer().verifier()], &mut |_, _| {}).await.unwrap();
        found.into_iter().map(|finding| (finding.position, finding.text)).collect()
    }

    /// Lengthens a log to so many events.
    async fn write_to(&self, company: CompanyId, size: usize) {
        let writer = self.writer(company);
        let there = self.store.head(company).await.unwrap().position.number as usize;
        let parts = (there..size).step_by(500).map(|from| Ask::Write { book: id(5), lines: (size - from).min(500) });
        for answer in self.tell_all(&writer, parts).await {
            answer.unwrap();
        }
    }
}

/// Every event is shown to be in every tree that has it, and every tree to continue every smaller one, across the heights at which roots
/// are kept and whatever was kept when it was asked for.
pub async fn everything_can_be_proven(store: &Store) {
    const SIZES: [usize; 9] = [1, 2, 255, 256, 257, 511, 513, 65_536, 66_049];
    let world = World::of(store).await;
    world.write_to(THERE, 3).await;
    let mut asked = Vec::new();
    for size in SIZES {
        world.write_to(HERE, size).await;
        let log: Vec<Hash> = world.log(HERE).await.iter().map(|event| leaf(&event.hash)).collect();
        let root = log.iter().copied().collect::<Tree>().root();
        assert_eq!(store.tree_root(HERE, size as i64).await.unwrap(), root, "{size}");
        for number in [0, 1, size / 3, size / 2, size - 2_usize.min(size), size - 1] {
            let number = number.min(size - 1);
            let path = store.inclusion(HERE, number as i64 + 1, size as i64).await.unwrap();
            assert!(path.len() <= 17 && includes(&root, size as u64, number as u64, &log[number], &path), "{number} of {size}");
        }
        asked.push((size, root));
        for (old, old_root) in &asked {
            let path = store.consistency(HERE, *old as i64, size as i64).await.unwrap();
            assert!(path.len() <= 18 && continues((*old as u64, old_root), (size as u64, &root), &path), "{old} to {size}");
        }
    }
    // What is kept is derived again when it is gone, whole or in part.
    for size in [66_049, 512] {
        let root = store.tree_root(HERE, size).await.unwrap();
        run(&world, "DELETE FROM tree_nodes WHERE number = 1".into()).await;
        assert_eq!(store.tree_root(HERE, size).await.unwrap(), root);
        store.drop_roots(HERE).await.unwrap();
        assert_eq!(store.tree_root(HERE, size).await.unwrap(), root);
    }
    assert!(matches!(store.tree_root(HERE, 66_050).await, Err(StoreError::Malformed { .. })), "no root is made up for what is not there");
    world.end(66_049, 3).await;
}

/// The end of a log is signed once, each checkpoint names the one before it, and signers who meet make one chain of them.
pub async fn checkpoints_follow_each_other(store: &Store) {
    let world = World::of(store).await;
    assert_eq!(store.sign(HERE, &signer(), START).await.unwrap(), None, "an empty log has nothing to sign");
    world.write_to(THERE, 2).await;
    let mut made: Vec<Signed> = Vec::new();
    for size in [3, 256, 300] {
        world.write_to(HERE, size).await;
        let signed = world.sign(HERE).await;
        assert_eq!(signed.checkpoint.mark(), store.head(HERE).await.unwrap());
        assert_eq!(signed.checkpoint.previous, made.last().map(|before| before.checkpoint.text_hash()));
        assert_eq!((signed.checkpoint.at, signed.checkpoint.log_id), (world.clock.now(), store.log_id(HERE).await.unwrap()));
        assert!(signed.is_by(&[signer().verifier()]));
        world.clock.pass(TimeDelta::minutes(10));
        assert_eq!(world.sign(HERE).await, signed, "nothing happened, so nothing is signed");
        made.push(signed);
    }
    world.write_to(HERE, 301).await;
    let together = join_all((0..4).map(|_| world.sign(HERE))).await;
    assert!(together.iter().all(|signed| *signed == together[0]));
    made.push(together[0].clone());
    let sizes = |signed: Vec<Signed>| signed.into_iter().map(|signed| signed.checkpoint.size).collect::<Vec<_>>();
    assert_eq!(store.checkpoints_from(HERE, 1, 10).await.unwrap(), made);
    assert_eq!(sizes(store.checkpoints_from(HERE, 4, 2).await.unwrap()), [256, 300]);
    assert_eq!(sizes(store.checkpoints_below(HERE, 301, 2).await.unwrap()), [300, 256]);
    assert_eq!(store.newest_checkpoint(HERE).await.unwrap().as_ref(), made.last());
    assert_eq!(store.newest_checkpoint(THERE).await.unwrap(), None);
    let outside: Vec<String> = made.iter().map(|signed| signed.note.clone()).collect();
    assert_eq!(world.checked(HERE, &outside).await, []);
    assert_eq!(world.checked(THERE, &outside).await, [], "notes of other companies say nothing");
    world.end(301, 2).await;
}

/// A log that does not continue what was signed of it is never signed again, and a check says where and why.
pub async fn a_log_that_was_put_back_is_not_signed(store: &Store) {
    let world = World::of(store).await;
    world.write_to(HERE, 5).await;
    let early = world.sign(HERE).await;
    world.write_to(HERE, 9).await;
    let late = world.sign(HERE).await;
    let at = late.checkpoint.at;
    // Back to the fifth event, as a backup from then would be; the checkpoint of the ninth is there still.
    run(&world, "DELETE FROM events WHERE position > 5".into()).await;
    let (hash, was) = (early.checkpoint.hash, START.timestamp_micros() + 10);
    run(&world, format!("UPDATE heads SET position = 5, hash = {}, last_recorded_at = {was} WHERE position = 9", bytes(&world, &hash.0))).await;
    let refused = |answer: Result<Option<Signed>, StoreError>| match answer {
        Err(StoreError::Diverged(text)) => text,
        other => panic!("{other:?}"),
    };
    let answer = store.sign(HERE, &signer(), START).await;
    assert_eq!(refused(answer), format!("9 events were signed at {at}, and the log ends at 5"));
    assert_eq!(world.checked(HERE, &[]).await, [(5, format!("9 events were signed at {at} (stored), and the log ends at 5"))]);
    // It goes on otherwise.
    world.write_to(HERE, 20).await;
    let answer = store.sign(HERE, &signer(), START).await;
    assert_eq!(refused(answer), format!("at position 9 stands another hash than the one signed at {at}"));
    let others = |place| (9, format!("the first 9 events are others than those signed at {at} ({place})"));
    assert_eq!(world.checked(HERE, std::slice::from_ref(&late.note)).await, [others("stored"), others("outside")]);
    // A checkpoint under another key, an unreadable one, and one that is missing beside the log.
    let forged = Signer::new([8; 32]).sign(&early.checkpoint.text());
    run(&world, format!("DELETE FROM checkpoints WHERE size = {}", early.checkpoint.size)).await;
    let text = format!("the outside checkpoint of {} is not signed by a known key", early.checkpoint.at);
    let missing = "the stored checkpoint names another one before it than the one that is stored".to_owned();
    let found = world.checked(HERE, &["scribble\n".into(), forged]).await;
    assert_eq!(found, [(0, "“scribble” is no checkpoint".into()), (5, text), (9, missing), others("stored")]);
    world.end(20, 0).await;
}

/// A kept root that is not the one of its events is found, and no proof is signed over it.
pub async fn an_altered_root_is_found(store: &Store) {
    let world = World::of(store).await;
    world.write_to(HERE, 600).await;
    world.sign(HERE).await;
    assert_eq!(world.checked(HERE, &[]).await, []);
    let alter = || run(&world, "UPDATE tree_nodes SET hash = (SELECT hash FROM heads LIMIT 1) WHERE number = 1".into());
    alter().await;
    assert_eq!(world.checked(HERE, &[]).await, [(512, "the kept root over the 256 events up to 512 is not theirs".to_owned())]);
    world.write_to(HERE, 601).await;
    world.sign(HERE).await;
    assert_eq!(world.checked(HERE, &[]).await, [], "the roots were derived anew before it was signed");
    world.end(601, 0).await;
}

/// Bytes as this database's SQL writes them.
pub(super) fn bytes(world: &World, bytes: &[u8]) -> String {
    let digits = hex::encode(bytes);
    match world.store.db.engine() {
        crate::Engine::Sqlite => format!("x'{digits}'"),
        crate::Engine::Postgres => format!("'\\x{digits}'::bytea"),
    }
}
