//! How many commands a second the product takes, beside a bare loop that writes the same rows and does nothing else.
//!
//! `make bench`, or `cargo bench -p tests --bench commands`: SQLite in a temporary folder, and PostgreSQL when
//! LEADTRAIL_TEST_POSTGRES_URL names a server. A caller takes contacts of its own from the first enquiry to the official
//! sale, ten commands and sixteen events each. Every figure is the middle of several rounds, with the lowest and the
//! highest; what is compared takes turns within each round.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails may stop")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "commands/bare.rs"]
mod bare;
#[path = "common/mod.rs"]
mod common;
#[path = "commands/life.rs"]
mod life;
#[path = "commands/line.rs"]
mod line;

use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::app::desk::Desk;
use api::app::ports::SystemPorts;
use api::app::{App, Asker, Request, Wish};
use common::year::fill;
use common::{Figures, Place, journeys, places};
use domain::company::{CompanyCommand, Currency, Month, Settings, Weekday, Zone};
use domain::id::ContactId;
use domain::text::Label;
use domain::wire;
use eventstore::{CompanyId, MasterKey, Ports, ReceiptKey, Submission, Writer};
use futures::future::join_all;
use life::{Step, life};
use line::Line;
use serde_json::json;
use uuid::Uuid;

const TOKEN: &str = "bench-token-bench-token-bench-token";
const ROUNDS: usize = 5;
/// Lives that each caller leads in a round.
const LIVES: usize = 12;
/// Callers at once, where there are many.
const MANY: usize = 32;

#[tokio::main]
async fn main() {
    let only = std::env::args().nth(1).filter(|word| !word.starts_with('-'));
    let wanted = |what: &str| only.as_deref().is_none_or(|only| what.contains(only));
    for place in places("commands").await {
        let bench = Bench::open(place).await;
        println!("{}", bench.place.name);
        if wanted("own") {
            bench.own_contacts().await;
        }
        if wanted("shared") {
            bench.one_contact().await;
        }
        if wanted("alone") {
            bench.one_caller().await;
        }
        if wanted("http") {
            bench.over_http().await;
        }
        if wanted("companies") {
            bench.many_companies().await;
        }
        if wanted("long") {
            bench.long_log().await;
        }
        bench.app.stop().await;
        bench.app.store.db.close().await;
        bench.place.remove().await;
    }
}

/// The product over one database.
struct Bench {
    place: Place,
    app: App,
}

/// What follows a log.
#[derive(Clone, Copy, PartialEq)]
enum Following {
    /// No read model.
    Nobody,
    /// All read models.
    All,
}

/// How callers did.
struct Run {
    /// Commands a second.
    rate: f64,
    /// How long each command took.
    took: Vec<Duration>,
}

impl Bench {
    async fn open(place: Place) -> Bench {
        let app = App::open(&place.url, MasterKey::new([7; 32]), Arc::new(SystemPorts)).await.unwrap();
        Bench { place, app }
    }

    /// A company with what a life needs.
    async fn company(&self) -> CompanyId {
        let company = CompanyId(SystemPorts.new_id());
        self.app.store.create_company(company, &format!("Bench {company}"), company.0, [7; 32], SystemPorts.now()).await.unwrap();
        self.define(company).await;
        company
    }

    /// Lays down what a life needs.
    async fn define(&self, company: CompanyId) {
        let settings = Settings {
            name: Label::try_new(&format!("Bench {company}")).unwrap(),
            zone: Zone::parse("America/New_York").unwrap(),
            currency: Currency::parse("USD").unwrap(),
            week_starts_on: Weekday::Monday,
            year_starts_in: Month(1),
        };
        let configure = CompanyCommand::Configure(settings);
        let define = [("source", life::SOURCE, "Radio"), ("product", life::PRODUCT, "Windows"), ("person", life::PERSON, "Ana")]
            .map(|(noun, id, name)| wire::company_command(&format!("{noun}.define"), json!({ noun: id, "name": name })).unwrap());
        for command in [configure].into_iter().chain(define) {
            let request = Request { wish: Wish::Company(command), at: None, asker: Asker::with_every_role(None), expected_version: None };
            self.app.execute(company, SystemPorts.new_id(), request, None).await.unwrap();
        }
    }

    fn writer(&self, company: CompanyId, following: Following) -> Writer<Desk> {
        let (store, desk, ports) = (self.app.store.clone(), Desk::default(), self.app.ports.clone());
        match following {
            Following::Nobody => Writer::start(store, company, desk, (), ports),
            Following::All => Writer::start(store, company, desk, projections::Inline::new(company), ports),
        }
    }

    /// Many callers on contacts of their own: bare, without read models, with all of them.
    async fn own_contacts(&self) {
        let (mut bare, mut none, mut all) = (Figures::default(), Figures::default(), Figures::default());
        let (mut slow_bare, mut slow_none, mut slow_all) = (Figures::default(), Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            let company = self.company().await;
            let writer = self.writer(company, Following::Nobody);
            let run = callers(slice::from_ref(&writer), MANY, LIVES).await;
            writer.stop().await;
            none.add(run.rate);
            slow_none.add(p99(run.took));

            let same = bare::replay(&self.app.store, company, self.company().await, MANY).await;
            bare.add(same.rate);
            slow_bare.add(p99(same.took));

            let writer = self.writer(self.company().await, Following::All);
            let run = callers(slice::from_ref(&writer), MANY, LIVES).await;
            writer.stop().await;
            all.add(run.rate);
            slow_all.add(p99(run.took));
        }
        println!("  {MANY} callers, own contacts, commands a second");
        println!("    bare loop            {bare}   p99 {slow_bare} ms");
        println!("    without read models  {none}   p99 {slow_none} ms   {:.2} of bare", none.over(&bare));
        println!(
            "    with all of them     {all}   p99 {slow_all} ms   {:.2} of bare, {:.2} of without; p99 {:.1} of bare's",
            all.over(&bare),
            all.over(&none),
            slow_all.over(&slow_bare)
        );
    }

    /// Many callers on one contact, beside as many on contacts of their own.
    async fn one_contact(&self) {
        let (mut own, mut one) = (Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            for (shared, figures) in [(false, &mut own), (true, &mut one)] {
                let writer = self.writer(self.company().await, Following::All);
                figures.add(attempts(&writer, MANY, shared, 60).await);
                writer.stop().await;
            }
        }
        println!("  {MANY} callers noting attempts, commands a second: own contacts {own}, one contact {one}   {:.2} of own", one.over(&own));
    }

    /// One caller, beside a bare commit of the same rows.
    async fn one_caller(&self) {
        let (mut bare, mut all) = (Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            let company = self.company().await;
            let writer = self.writer(company, Following::All);
            let run = callers(slice::from_ref(&writer), 1, 3 * LIVES).await;
            writer.stop().await;
            all.add(1e3 / run.rate);
            bare.add(1e3 / bare::replay(&self.app.store, company, self.company().await, 1).await.rate);
        }
        println!("  one caller, milliseconds a command: bare commit {bare}, with all read models {all}   {:.2} of bare", all.over(&bare));
    }

    /// Over HTTP with as many connections, beside in process.
    async fn over_http(&self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = api::http::router(self.app.clone(), TOKEN);
        let served = tokio::spawn(async move { axum::serve(listener, router).await });
        let (mut within, mut over) = (Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            let company = self.company().await;
            let writer = self.app.writer(company).await;
            within.add(callers(&[writer], MANY, LIVES).await.rate);
            over.add(callers_over_http(port, self.company().await).await);
        }
        served.abort();
        println!("  {MANY} callers, commands a second: in process {within}, over HTTP {over}   {:.2} of in process", over.over(&within));
    }

    /// As many callers as there are companies, each in its own, beside as many in one. All writers have been at work before.
    async fn many_companies(&self) {
        const COMPANIES: usize = 256;
        let mut companies = Vec::new();
        for _ in 0..COMPANIES {
            companies.push(self.company().await);
        }
        let (mut one, mut many) = (Figures::default(), Figures::default());
        for _ in 0..3 {
            let writer = self.writer(self.company().await, Following::All);
            callers(slice::from_ref(&writer), COMPANIES, 1).await;
            one.add(callers(slice::from_ref(&writer), COMPANIES, 2).await.rate);
            writer.stop().await;
            let writers: Vec<_> = companies.iter().map(|company| self.writer(*company, Following::All)).collect();
            callers(&writers, COMPANIES, 1).await;
            many.add(callers(&writers, COMPANIES, 2).await.rate);
            join_all(writers.iter().map(|writer| writer.stop())).await;
        }
        println!("  {COMPANIES} callers, commands a second: one company {one}, {COMPANIES} companies {many}   {:.2} of one", many.over(&one));
    }

    /// In a company with a long log, beside one that begins.
    async fn long_log(&self) {
        let long = CompanyId(SystemPorts.new_id());
        let events = fill(&self.app.store, long, journeys()).await;
        for projection in projections::PROJECTIONS {
            assert!(projections::rebuild(&self.app.store, long, &[projection.name()], &mut |_| ()).await.is_ok());
        }
        self.define(long).await;
        let (mut short, mut grown) = (Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            for (company, figures) in [(self.company().await, &mut short), (long, &mut grown)] {
                let writer = self.writer(company, Following::All);
                figures.add(callers(slice::from_ref(&writer), MANY, LIVES).await.rate);
                writer.stop().await;
            }
        }
        println!("  {MANY} callers, commands a second: a log that begins {short}, one of {events} events {grown}   {:.2} of it", grown.over(&short));
    }
}

fn submission(contact: Uuid, step: Step) -> Submission<Request> {
    let command_id = SystemPorts.new_id();
    let wish = Wish::Contact(ContactId(contact), wire::command(step.name, step.fields).unwrap());
    let request = Request {
        wish,
        at: Some(step.at),
        asker: Asker::with_every_role(Some(domain::reference::Ref::Id(domain::id::PersonId(life::PERSON)))),
        expected_version: None,
    };
    let expires_at = Some(SystemPorts.now() + chrono::TimeDelta::days(30));
    Submission { request, command_id, receipt: Some(ReceiptKey { scope: "bench".into(), key: command_id.to_string(), request_hash: [1; 32], expires_at }) }
}

/// Callers, spread over the writers, who each ask again as soon as they are answered.
async fn callers(writers: &[Writer<Desk>], callers: usize, lives: usize) -> Run {
    let begin = Instant::now();
    let tasks = (0..callers).map(|caller| {
        let writer = writers[caller % writers.len()].clone();
        tokio::spawn(async move {
            let mut took = Vec::new();
            for _ in 0..lives {
                let contact = SystemPorts.new_id();
                for step in life(SystemPorts.now()) {
                    let submission = submission(contact, step);
                    let asked = Instant::now();
                    writer.submit(submission).await.unwrap_or_else(|error| panic!("{error:?}"));
                    took.push(asked.elapsed());
                }
            }
            took
        })
    });
    let took: Vec<Duration> = join_all(tasks).await.into_iter().flat_map(Result::unwrap).collect();
    Run { rate: took.len() as f64 / begin.elapsed().as_secs_f64(), took }
}

/// Commands a second of callers who note attempts to reach contacts of their own, or all the same one.
async fn attempts(writer: &Writer<Desk>, callers: usize, shared: bool, each: usize) -> f64 {
    let first = SystemPorts.new_id();
    let contacts: Vec<Uuid> = (0..callers).map(|_| if shared { first } else { SystemPorts.new_id() }).collect();
    let start = SystemPorts.now();
    for contact in contacts.iter().take(if shared { 1 } else { callers }) {
        let add = life(start).remove(0);
        writer.submit(submission(*contact, add)).await.unwrap_or_else(|error| panic!("{error:?}"));
    }
    let begin = Instant::now();
    let tasks = contacts.into_iter().map(|contact| {
        let writer = writer.clone();
        tokio::spawn(async move {
            for _ in 0..each {
                let attempt = life(start).remove(1);
                writer.submit(submission(contact, attempt)).await.unwrap_or_else(|error| panic!("{error:?}"));
            }
        })
    });
    join_all(tasks).await.into_iter().for_each(Result::unwrap);
    (callers * each) as f64 / begin.elapsed().as_secs_f64()
}

/// Commands a second of callers with a connection each.
async fn callers_over_http(port: u16, company: CompanyId) -> f64 {
    let begin = Instant::now();
    let tasks = (0..MANY).map(|_| {
        tokio::spawn(async move {
            let mut line = Line::open(port, TOKEN, company.0).await;
            for _ in 0..LIVES {
                let contact = SystemPorts.new_id();
                for mut step in life(SystemPorts.now()) {
                    let path = ["/api/v1", &step.path(contact)].concat();
                    step.fields["occurred_at"] = json!(step.at);
                    step.fields["by"] = json!(life::PERSON);
                    line.post(&path, SystemPorts.new_id(), &step.fields).await;
                }
            }
            LIVES * life(SystemPorts.now()).len()
        })
    });
    let done: usize = join_all(tasks).await.into_iter().map(Result::unwrap).sum();
    done as f64 / begin.elapsed().as_secs_f64()
}

/// The time that all but one in a hundred stay below, in milliseconds.
fn p99(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    let at = (took.len() * 99 / 100).min(took.len() - 1);
    took[at].as_secs_f64() * 1e3
}
