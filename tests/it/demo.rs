//! The demo company: the same seed gives the same log, hash by hash, on either database and after an interruption.

use crate::databases::{TestDb, both};
use crate::world::Fixed;
use api::app::App;
use api::demo::{Circumstances, TellError, tell};
use domain::company::{Currency, Zone};
use domain::text::Label;
use eventstore::{CompanyId, Mark};
use std::time::Duration;

fn circumstances(seed: u64) -> Circumstances {
    Circumstances {
        seed,
        contacts: 250,
        days: 200,
        until: "2026-07-01".parse().unwrap(),
        zone: Zone::parse("America/New_York").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        name: Label::try_new("Lakeside").unwrap(),
    }
}

fn app(db: &TestDb) -> App {
    App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"))
}

async fn head(app: &App) -> Mark {
    app.store.head(CompanyId(circumstances(1).company())).await.unwrap()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_log_on_both_databases() {
    let mut heads = Vec::new();
    for db in both().await {
        let app = app(&db);
        let telling = tell(&app, &circumstances(1), |_, _| {}).await.unwrap();
        assert_eq!(telling.events as i64, head(&app).await.position.number);
        let report = eventstore::verify(&app.store, telling.company, &api::app::desk::effects_of, &mut |_, _| {}).await.unwrap();
        assert_eq!(report.findings, []);
        for projection in projections::PROJECTIONS {
            assert_eq!(projections::check(&app.store, telling.company, projection.name(), &mut |_| {}).await.unwrap(), None, "{}", projection.name());
        }
        let events = app.store.page(telling.company, 0, 10).await.unwrap();
        assert!(events.iter().all(|event| event.recorded_at >= event.occurred_at && (event.recorded_at - event.occurred_at).num_seconds() == 0));
        heads.push(head(&app).await);
    }
    assert_eq!(heads[0], heads[1]);
}

#[tokio::test]
async fn a_telling_that_was_interrupted_goes_on_to_the_same_log() {
    for (whole, cut) in both().await.into_iter().zip(both().await) {
        let (whole, cut) = (app(&whole), app(&cut));
        tell(&whole, &circumstances(1), |_, _| {}).await.unwrap();
        let circumstances = circumstances(1);
        tokio::select! {
            _ = tell(&cut, &circumstances, |_, _| {}) => panic!("it was not interrupted"),
            () = until_some_was_told(&cut) => {}
        }
        let before = standing_still(&cut).await;
        assert!(0 < before.position.number && before.position.number < head(&whole).await.position.number, "{before:?}");
        let rest = tell(&cut, &circumstances, |_, _| {}).await.unwrap();
        assert!(rest.told_before > 0);
        assert_eq!(head(&cut).await, head(&whole).await);
    }
}

async fn until_some_was_told(app: &App) {
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if let Ok(mark) = app.store.head(CompanyId(circumstances(1).company())).await
            && mark.position.number > 0
        {
            return;
        }
    }
}

/// What was handed to the writer before the interruption is still carried out.
async fn standing_still(app: &App) -> Mark {
    let mut last = head(app).await;
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = head(app).await;
        if now == last {
            return now;
        }
        last = now;
    }
}

#[tokio::test]
async fn another_seed_is_another_story_and_a_name_is_given_once() {
    for db in both().await {
        let app = app(&db);
        tell(&app, &circumstances(1), |_, _| {}).await.unwrap();
        for taken in [circumstances(1), circumstances(2)] {
            let again = tell(&app, &taken, |_, _| {}).await;
            assert!(matches!(again, Err(TellError::NameTaken(_))), "{again:?}");
        }
        let other = Circumstances { name: Label::try_new("Hillside").unwrap(), ..circumstances(2) };
        let telling = tell(&app, &other, |_, _| {}).await.unwrap();
        assert_ne!(app.store.head(telling.company).await.unwrap().hash, head(&app).await.hash);
    }
}
