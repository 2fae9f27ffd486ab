//! Claims: one holder at a time, whoever asks first.

use std::collections::HashSet;

use futures::future::join;

use super::notebook::{Ask, No, book};
use super::world::{HERE, World, id};
use crate::statement::sql;
use crate::store::Store;
use crate::writer::WriteError;

fn name(at: u128, title: &str) -> Ask {
    Ask::Name { book: id(at), title: title.into() }
}

fn share(at: u128, title: &str) -> Ask {
    Ask::Share { book: id(at), title: title.into() }
}

fn rename(at: u128, from: &str) -> Ask {
    Ask::Rename { book: id(at), from: from.into() }
}

/// Of two who want the same, one gets it, and the other is told who did; in one writer and in two.
pub async fn a_claim_has_one_holder(store: &Store) {
    let world = World::of(store).await;
    let writers = [world.writer(HERE), world.writer(HERE)];
    let mut events = 0;
    for round in 0..20_u128 {
        let title = format!("Title {round}");
        let other = &writers[round as usize % 2];
        let (one, two) = (1000 + 2 * round, 1001 + 2 * round);
        let answers = join(world.tell(&writers[0], name(one, &title)), world.tell(other, name(two, &title))).await;
        let (winner, loser) = match answers {
            (Ok(_), Err(no)) => (one, no),
            (Err(no), Ok(_)) => (two, no),
            other => panic!("exactly one must win: {other:?}"),
        };
        assert!(matches!(loser, WriteError::Refused(No::Taken(by)) if by == book(id(winner))));
        events += 1;
    }
    world.end(events, 0).await;
}

/// What was let go can be taken again; what another holds cannot be let go.
pub async fn a_released_claim_can_be_taken(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, name(5, "Diary")).await.unwrap();
    world.tell(&writer, rename(6, "Diary")).await.unwrap();
    let refused = world.tell(&writer, name(6, "Diary")).await.unwrap_err();
    assert!(matches!(refused, WriteError::Refused(No::Taken(by)) if by == book(id(5))));
    world.tell(&writer, rename(5, "Diary")).await.unwrap();
    world.tell(&writer, name(6, "Diary")).await.unwrap();
    // Taking what one holds is no conflict.
    world.tell(&writer, name(6, "Diary")).await.unwrap();
    world.end(5, 0).await;
}

/// A claim is shared on purpose, whoever holds it; until the last of them lets it go, nobody else takes it for itself: one commit after
/// another and within one.
pub async fn a_claim_may_be_shared(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let requests = [
        name(5, "Desk"),
        share(6, "Desk"),
        share(7, "Desk"),
        rename(5, "Desk"),
        name(8, "Desk"), // 4: 6 and 7 have it
        rename(6, "Desk"),
        name(7, "Desk"), // it is alone with it by now
        name(6, "Desk"), // 7: 7 has it
        share(6, "Desk"),
        name(7, "Desk"), // 9: it shares it
        rename(7, "Desk"),
        rename(6, "Desk"),
        name(8, "Desk"),
        rename(8, "Desk"),
    ];
    for (at, request) in requests.clone().into_iter().enumerate() {
        let answer = world.tell(&writer, request).await;
        assert_eq!(answer.is_err(), [4, 7, 9].contains(&at), "{at}");
    }
    let answers = world.tell_all(&writer, requests).await;
    let refused: HashSet<usize> = (0..answers.len()).filter(|at| answers[*at].is_err()).collect();
    assert_eq!(refused, HashSet::from([4, 7, 9]));
    world.end(11 + 11, 0).await;
}

/// Within one commit, claims pass from hand to hand just as they would one commit after another.
pub async fn claims_pass_on_within_a_commit(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, name(1, "Held")).await.unwrap();
    world.tell(&writer, name(2, "Kept")).await.unwrap();
    let requests = [
        name(5, "New"),
        name(6, "New"),  // 1: taken just now
        name(6, "Held"), // 2: taken long ago
        rename(1, "Held"),
        name(6, "Held"),
        rename(6, "Held"),
        name(1, "Held"),
        rename(5, "Free"),
        name(7, "Kept"), // 8: taken long ago
        rename(2, "Kept"),
        name(2, "Kept"),
        name(7, "Free"),
    ];
    let answers = world.tell_all(&writer, requests).await;
    let refused: HashSet<usize> = (0..answers.len()).filter(|at| answers[*at].is_err()).collect();
    assert_eq!(refused, HashSet::from([1, 2, 8]));
    world.end(2 + 9, 0).await;
}

/// The value of a claim cannot be read where it is stored, nor told from the same one in another company with
/// another key.
pub async fn claims_are_stored_unreadable(store: &Store) {
    let world = World::of(store).await;
    world.tell(&world.writer(HERE), name(5, "Diary")).await.unwrap();
    let rows = sql("SELECT mac FROM claims WHERE company_id = $1").bind(HERE).all(&mut store.db.read().await.unwrap().conn()).await.unwrap();
    let mac: [u8; 32] = rows[0].get(0).unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!mac.windows(5).any(|part| part == b"Diary"));
    world.end(1, 0).await;
}
