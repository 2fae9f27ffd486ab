//! The specification of company settings and of the names in them.

use super::*;
use uuid::Uuid;

fn label(text: &str) -> Label {
    Label::try_new(text).unwrap()
}

fn define(id: u128, name: &str) -> CompanyCommand {
    CompanyCommand::DefineSource(DefineSource { source: SourceId(Uuid::from_u128(id)), name: label(name) })
}

fn company(events: &[CompanyEvent]) -> Company {
    let mut company = Company::default();
    events.iter().for_each(|event| company.evolve(event));
    company
}

fn defined(id: u128, name: &str) -> CompanyEvent {
    CompanyEvent::SourceDefined { source: SourceId(Uuid::from_u128(id)), name: label(name) }
}

#[test]
fn a_source_is_found_by_id_or_by_name_in_any_case() {
    let company = company(&[defined(1, "Home Show")]);
    let id = SourceId(Uuid::from_u128(1));
    assert_eq!(company.source(&Ref::Id(id)), Ok(id));
    assert_eq!(company.source(&Ref::Name(label("home show"))), Ok(id));
    assert_eq!(company.source(&Ref::Name(label("Radio"))).unwrap_err().code, Code::UnknownSource);
}

#[test]
fn defining_the_same_again_changes_nothing() {
    assert_eq!(company(&[defined(1, "Radio")]).decide(&define(1, "Radio")), Ok(vec![]));
}

#[test]
fn a_name_belongs_to_one_id() {
    assert_eq!(company(&[defined(1, "Radio")]).decide(&define(2, "RADIO")).unwrap_err().code, Code::NameTaken);
}

#[test]
fn renaming_keeps_the_id_and_frees_the_old_name() {
    let renamed = company(&[defined(1, "Radio"), defined(1, "Radio WNY")]);
    assert_eq!(renamed.source(&Ref::Name(label("radio wny"))), Ok(SourceId(Uuid::from_u128(1))));
    assert_eq!(renamed.decide(&define(2, "Radio")), Ok(vec![defined(2, "Radio")]));
}

#[test]
fn week_and_year_start_have_defaults_and_bad_settings_are_refused() {
    let read = |json| serde_json::from_value::<Settings>(json);
    let settings = read(serde_json::json!({ "name": "Acme", "zone": "America/New_York", "currency": "USD" })).unwrap();
    assert_eq!((settings.week_starts_on, settings.year_starts_in), (Weekday::Monday, Month(1)));
    for bad in [
        serde_json::json!({ "name": "Acme", "zone": "Mars/Base", "currency": "USD" }),
        serde_json::json!({ "name": "Acme", "zone": "UTC", "currency": "dollars" }),
        serde_json::json!({ "name": "Acme", "zone": "UTC", "currency": "USD", "year_starts_in": 13 }),
    ] {
        assert!(read(bad).is_err());
    }
}
