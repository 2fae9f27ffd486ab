//! The company people call: who works there and how well, where its leads come from, and what it sells.

use super::chance::Chance;
use domain::company::{CompanyCommand, Currency, Month, ReasonList, Settings, Weekday, Zone};
use domain::id::{CategoryId, PersonId, ProductId, ReasonId, SourceId};
use domain::role::Role;
use domain::text::Label;

/// A person who works there.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: &'static str,
    /// What they may do.
    pub roles: &'static [Role],
    /// How much of the work they get.
    pub share: u64,
    /// How often they succeed, in percent: a scheduler in setting, a rep in selling.
    pub skill: u64,
}

/// Where leads come from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its name.
    pub name: &'static str,
    /// How many of the leads it brings.
    pub share: u64,
    /// How its leads compare to others when a demo is to be set, in percent.
    pub setting: u64,
    /// How they compare when a sale is to be made, in percent.
    pub selling: u64,
    /// Its campaign, where it has one.
    pub campaign: Option<&'static str>,
    /// At which hours its leads come.
    pub hours: (i64, i64),
    /// Months in which it brings leads; all when empty.
    pub months: &'static [u32],
}

/// What is sold.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: &'static str,
    /// How many ask for it, month by month.
    pub share: [u64; 12],
    /// What one unit costs, in minor units: from, to.
    pub unit_minor: (i64, i64),
    /// How many units a job takes: from, to.
    pub units: (i64, i64),
    /// What the first line of an offer says.
    pub item: &'static str,
    /// What may come on top, with its price in minor units.
    pub extras: &'static [(&'static str, i64)],
}

/// The whole company.
#[derive(Clone, Debug)]
pub struct Firm {
    /// Its settings.
    pub settings: Settings,
    /// Those who set meetings.
    pub schedulers: Vec<Person>,
    /// Those who sell.
    pub reps: Vec<Person>,
    /// Those who try again.
    pub rehash: Vec<Person>,
    /// Who leads the reps.
    pub sales_manager: Person,
    /// Who approves and cancels sales.
    pub manager: Person,
    /// Who enters what comes in by itself, and brings people back.
    pub marketing: Person,
    /// Who keeps the books.
    pub finance: Person,
    /// Who runs the jobs.
    pub ops: Person,
    /// The only lead category beside the usual leads.
    pub commercial: CategoryId,
    /// Where leads come from.
    pub sources: Vec<Source>,
    /// Where contacts come back from.
    pub remarketing: Source,
    /// What is sold.
    pub products: Vec<Product>,
    /// What people choose from when they say why.
    pub reasons: Vec<(ReasonId, ReasonList, &'static str)>,
}

const SCHEDULER: &[Role] = &[Role::Scheduler];
const REP: &[Role] = &[Role::Rep];
const REHASH: &[Role] = &[Role::Rehash, Role::Rep];

type Somebody = (&'static str, u64, u64);
const SCHEDULERS: &[Somebody] =
    &[("Dana Whitfield", 28, 78), ("Marcus Bell", 24, 70), ("Priya Raman", 22, 74), ("Tyler Novak", 14, 58), ("Joanna Reyes", 12, 66)];
const REPS: &[Somebody] = &[
    ("Rick Salvatore", 17, 47),
    ("Angela Brooks", 15, 43),
    ("Greg Pulaski", 13, 36),
    ("Natalie Chen", 12, 40),
    ("Sam Okafor", 11, 33),
    ("Bill Hargrove", 10, 29),
    ("Kristen Doyle", 9, 35),
    ("Luis Ortega", 8, 27),
    ("Pete Lindqvist", 5, 19),
];
const REHASHERS: &[Somebody] = &[("Carla Mendez", 6, 30), ("Howard Finch", 4, 24)];

/// Every reason that the story gives, by the list it stands on.
const REASONS: &[(ReasonList, &[&str])] = &[
    (
        ReasonList::MeetingCanceled,
        &["Something came up", "Changed their mind", "Spouse cannot be there", "Got another quote", "Could not be confirmed", "Called off at the last minute"],
    ),
    (ReasonList::MeetingRescheduled, &["Customer asked for another day", "Rep fell ill", "Both owners should be there", "Bad weather"]),
    (ReasonList::NotSold, &["Price", "Needs to think about it", "Financing", "Wants other offers first"]),
    (ReasonList::SaleNotApproved, &["Credit declined", "Priced below the floor", "Measurements missing", "Signature missing"]),
    (ReasonList::SaleCanceled, &["Buyer's remorse", "Lost the job", "Financing fell through", "House is being sold"]),
];

type Channel = (&'static str, u64, u64, u64, Option<&'static str>, (i64, i64), &'static [u32]);
const SOURCES: &[Channel] = &[
    //  name            share setting selling campaign                hours            months
    ("Google Ads", 22, 100, 100, Some("Search"), (7 * 60, 1320), &[]),
    ("Facebook", 16, 72, 80, Some("Before & After"), (8 * 60, 1380), &[]),
    ("Website", 12, 110, 112, None, (7 * 60, 1320), &[]),
    ("Angi", 11, 80, 86, None, (8 * 60, 1260), &[]),
    ("Door Knocking", 9, 90, 74, None, (15 * 60, 1200), &[3, 4, 5, 6, 7, 8, 9, 10]),
    ("Referral", 9, 128, 142, None, (9 * 60, 1200), &[]),
    ("Home Show", 8, 104, 90, Some("Home Show"), (10 * 60, 1050), &[2, 3, 9]),
    ("Direct Mail", 6, 92, 98, Some("Spring Mailer"), (9 * 60, 1140), &[3, 4, 5, 9, 10]),
    ("Radio", 4, 96, 104, None, (7 * 60, 1140), &[]),
    ("Yard Sign", 3, 118, 120, None, (9 * 60, 1200), &[4, 5, 6, 7, 8, 9, 10, 11]),
];

type Line = (&'static str, [u64; 12], (i64, i64), (i64, i64), &'static str, &'static [(&'static str, i64)]);
const PRODUCTS: &[Line] = &[
    (
        "Windows",
        [38, 38, 38, 36, 34, 32, 32, 34, 38, 42, 44, 40],
        (780_00, 1_350_00),
        (4, 16),
        "Vinyl double-hung window, installed",
        &[("Bay window", 4_200_00), ("Exterior trim wrap", 980_00), ("Lead-safe preparation", 450_00)],
    ),
    (
        "Roofing",
        [18, 18, 24, 32, 34, 36, 36, 34, 32, 28, 22, 18],
        (430_00, 690_00),
        (18, 42),
        "Architectural shingle roof, per square",
        &[("Ridge vent", 640_00), ("Ice and water shield", 1_150_00), ("Chimney flashing", 780_00)],
    ),
    (
        "Siding",
        [8, 8, 12, 14, 16, 16, 16, 16, 14, 12, 10, 8],
        (650_00, 980_00),
        (14, 30),
        "Insulated vinyl siding, per square",
        &[("Soffit and fascia", 2_300_00), ("Shutters", 720_00)],
    ),
    (
        "Doors",
        [12, 12, 11, 10, 9, 8, 8, 9, 10, 11, 12, 12],
        (2_100_00, 4_900_00),
        (1, 3),
        "Fiberglass entry door, installed",
        &[("Sidelight", 890_00), ("Storm door", 620_00)],
    ),
    ("Gutters", [4, 4, 6, 9, 8, 7, 6, 7, 9, 10, 7, 4], (9_50, 16_00), (110, 240), "Seamless gutter, per foot", &[("Gutter guards", 1_450_00)]),
];

impl Firm {
    /// The company that follows from a seed.
    pub fn new(seed: &[u8; 32], name: Label, zone: Zone, currency: Currency, millis: i64) -> Firm {
        let mut chance = Chance::new(seed, "firm", 0);
        let mut person = |roles, (name, share, skill): Somebody| Person { id: PersonId(chance.id(millis)), name, roles, share, skill };
        let schedulers = SCHEDULERS.iter().map(|somebody| person(SCHEDULER, *somebody)).collect();
        let reps = REPS.iter().map(|somebody| person(REP, *somebody)).collect();
        let rehash = REHASHERS.iter().map(|somebody| person(REHASH, *somebody)).collect();
        let sales_manager = person(&[Role::SalesManager], ("Deborah Stanton", 1, 0));
        let manager = person(&[Role::Management], ("Frank Lakeside", 1, 0));
        let marketing = person(&[Role::Marketing], ("Online Desk", 1, 0));
        let finance = person(&[Role::Finance], ("Ruth Abernathy", 1, 0));
        let ops = person(&[Role::Ops], ("Walt Kinney", 1, 0));
        let mut source = |(name, share, setting, selling, campaign, hours, months): Channel| Source {
            id: SourceId(chance.id(millis)),
            name,
            share,
            setting,
            selling,
            campaign,
            hours,
            months,
        };
        let sources = SOURCES.iter().map(|channel| source(*channel)).collect();
        let remarketing = source(("Remarketing", 0, 96, 92, Some("Win-back"), (9 * 60, 1200), &[]));
        let mut product =
            |(name, share, unit_minor, units, item, extras): Line| Product { id: ProductId(chance.id(millis)), name, share, unit_minor, units, item, extras };
        let products = PRODUCTS.iter().map(|line| product(*line)).collect();
        let commercial = CategoryId(chance.id(millis));
        let reasons = REASONS.iter().flat_map(|(list, names)| names.iter().map(|name| (*list, *name)));
        let reasons = reasons.map(|(list, name)| (ReasonId(chance.id(millis)), list, name)).collect();
        let settings = Settings { name, zone, currency, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        Firm { settings, schedulers, reps, rehash, sales_manager, manager, marketing, finance, ops, commercial, sources, remarketing, products, reasons }
    }

    /// Everybody who works there.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.schedulers.iter().chain(&self.reps).chain(&self.rehash).chain([&self.sales_manager, &self.manager, &self.marketing, &self.finance, &self.ops])
    }

    /// What has to be laid down before the first lead.
    pub fn founding(&self) -> Vec<CompanyCommand> {
        let mut commands = vec![CompanyCommand::Configure(self.settings.clone())];
        let categories = label("Commercial").map(|name| CompanyCommand::DefineCategory { category: self.commercial, name });
        commands.extend(categories);
        let sources = self.sources.iter().chain([&self.remarketing]);
        commands.extend(sources.filter_map(|source| Some(CompanyCommand::DefineSource { source: source.id, name: label(source.name)? })));
        let products = self.products.iter();
        commands.extend(products.filter_map(|product| Some(CompanyCommand::DefineProduct { product: product.id, name: label(product.name)? })));
        commands.extend(self.people().filter_map(|person| Some(CompanyCommand::DefinePerson { person: person.id, name: label(person.name)? })));
        let reasons = self.reasons.iter();
        commands.extend(reasons.filter_map(|(reason, list, name)| Some(CompanyCommand::DefineReason { reason: *reason, list: *list, name: label(name)? })));
        commands
    }
}

fn label(text: &str) -> Option<Label> {
    Label::try_new(text).ok()
}
