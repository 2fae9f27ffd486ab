//! The specification of company settings and of the names in them.

use super::*;
use crate::id::ReasonId;
use crate::meeting::MeetingResult;
use crate::role::Role;
use crate::text::Line;
use uuid::Uuid;

fn label(text: &str) -> Label {
    Label::try_new(text).unwrap()
}

fn define(id: u128, name: &str) -> CompanyCommand {
    CompanyCommand::DefineSource { source: SourceId(Uuid::from_u128(id)), name: label(name) }
}

fn admin() -> Actor {
    Actor::with_every_role(None)
}

/// A Monday at noon in New York.
fn noon() -> Instant {
    Instant::parse("2026-03-02T17:00:00Z").unwrap()
}

/// The same company after these wishes, each of which changed it.
fn after(mut company: Company, asked: &[CompanyCommand]) -> Company {
    for command in asked {
        let told = company.decide(command, &admin(), noon()).unwrap();
        assert_eq!(told.len(), 1, "{command:?}");
        company.evolve(&told[0]);
        assert_eq!(company.decide(command, &admin(), noon()), Ok(vec![]), "asked again");
    }
    company
}

fn ask(name: &str, fields: serde_json::Value) -> CompanyCommand {
    crate::wire::company_command(name, fields).unwrap()
}

fn refused(company: &Company, command: &CompanyCommand) -> (Code, Vec<String>) {
    let refusal = company.decide(command, &admin(), noon()).unwrap_err();
    (refusal.code, refusal.pointers)
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
    assert_eq!(company(&[defined(1, "Radio")]).decide(&define(1, "Radio"), &admin(), noon()), Ok(vec![]));
}

#[test]
fn a_name_belongs_to_one_id() {
    assert_eq!(company(&[defined(1, "Radio")]).decide(&define(2, "RADIO"), &admin(), noon()).unwrap_err().code, Code::NameTaken);
}

#[test]
fn renaming_keeps_the_id_and_frees_the_old_name() {
    let renamed = company(&[defined(1, "Radio"), defined(1, "Radio WNY")]);
    assert_eq!(renamed.source(&Ref::Name(label("radio wny"))), Ok(SourceId(Uuid::from_u128(1))));
    assert_eq!(renamed.decide(&define(2, "Radio"), &admin(), noon()), Ok(vec![defined(2, "Radio")]));
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

#[test]
fn what_is_retired_is_chosen_no_more_and_keeps_its_name() {
    let source = SourceId(Uuid::from_u128(1));
    let nouns = ["source", "product", "person", "category", "campaign"];
    for noun in nouns {
        let mut fields = serde_json::json!({ noun: source, "name": "Radio" });
        if noun == "campaign" {
            fields["audience"] = serde_json::json!({});
        }
        let define = ask(&format!("{noun}.define"), fields);
        let [retire, restore] = ["retire", "restore"].map(|verb| ask(&format!("{noun}.{verb}"), serde_json::json!({ noun: source })));
        let retired = after(Company::default(), &[define.clone(), retire.clone()]);
        let wanted = label("radio");
        let chosen = |company: &Company| match noun {
            "source" => company.source(&wanted.clone().into()).map(|id| id.0),
            "product" => company.product(&wanted.clone().into()).map(|id| id.0),
            "person" => company.person("person", &wanted.clone().into()).map(|id| id.0),
            "campaign" => company.campaign(&wanted.clone().into()).map(|id| id.0),
            _ => company.category(&wanted.clone().into()).map(|id| id.0),
        };
        assert_eq!(chosen(&retired).map_err(|refusal| refusal.code), Err(Code::Retired), "{noun}");
        assert_eq!(retired.decide(&define, &admin(), noon()), Ok(vec![]));
        assert_eq!(chosen(&after(retired, &[restore])), Ok(source.0), "{noun}");
        let (code, pointers) = refused(&Company::default(), &retire);
        assert_eq!((code.kind(), pointers), (crate::refusal::Kind::Invalid, vec![format!("/{noun}")]));
    }
}

/// A company whose list of reasons for canceling has two entries, of which one is retired.
fn with_reasons() -> Company {
    let define = |id: u128, list: &str, name: &str| ask("reason.define", serde_json::json!({ "reason": Uuid::from_u128(id), "list": list, "name": name }));
    let reasons = [define(1, "meeting_canceled", "No time"), define(2, "meeting_canceled", "Ill"), define(3, "lost", "No time")];
    let retire = ask("reason.retire", serde_json::json!({ "reason": Uuid::from_u128(2) }));
    after(after(Company::default(), &reasons), &[retire])
}

#[test]
fn a_reason_is_one_of_its_list_once_the_list_has_any() {
    let company = with_reasons();
    let line = |text: &str| Line::try_new(text).unwrap();
    let choose = |list, said: &str, free| company.reasons.choose(list, "reason", &line(said), free);
    let listed = |words: &str, id: u128| Ok(Reason { words: line(words).into(), id: Some(ReasonId(Uuid::from_u128(id))) });
    let free = |words: &str| Ok(Reason { words: line(words).into(), id: None });
    assert_eq!(choose(ReasonList::MeetingCanceled, "no TIME", false), listed("No time", 1));
    assert_eq!(choose(ReasonList::MeetingCanceled, &Uuid::from_u128(1).to_string(), false), listed("No time", 1));
    assert_eq!(choose(ReasonList::Lost, "No time", false), listed("No time", 3));
    let refusal = choose(ReasonList::MeetingCanceled, "rain", false).unwrap_err();
    assert_eq!(refusal.detail, "“rain” is none of the reasons of the company's list: “No time”");
    assert_eq!((refusal.code, refusal.pointers), (Code::UnknownReason, vec!["/reason".to_owned()]));
    assert_eq!(choose(ReasonList::MeetingCanceled, "Ill", false).unwrap_err().code, Code::Retired);
    // Of another system's history everything is taken as it is.
    assert_eq!(choose(ReasonList::MeetingCanceled, "rain", true), free("rain"));
    assert_eq!(choose(ReasonList::MeetingCanceled, "Ill", true), listed("Ill", 2));
    assert_eq!(choose(ReasonList::QuoteLost, "rain", false), free("rain"));
}

#[test]
fn a_list_whose_reasons_are_all_retired_takes_no_words_again() {
    let company = after(with_reasons(), &[ask("reason.retire", serde_json::json!({ "reason": Uuid::from_u128(3) }))]);
    let choose = |free| company.reasons.choose(ReasonList::Lost, "reason", &Line::try_new("rain").unwrap(), free);
    let refusal = choose(false).unwrap_err();
    assert_eq!(refusal.detail, "every reason of the company's list lost was retired; define one, or restore one");
    assert_eq!((refusal.code, refusal.pointers), (Code::UnknownReason, vec!["/reason".to_owned()]));
    assert_eq!(choose(true).unwrap().id, None);
}

#[test]
fn a_reason_stays_on_its_list() {
    let elsewhere = ask("reason.define", serde_json::json!({ "reason": Uuid::from_u128(1), "list": "lost", "name": "Moved" }));
    assert_eq!(refused(&with_reasons(), &elsewhere), (Code::FieldInvalid, vec!["/list".to_owned()]));
}

#[test]
fn a_type_of_meetings_says_how_they_go_and_demos_are_always_confirmed_and_issued() {
    let define = |kind: &str, confirm: bool| {
        ask("meeting_type.define", serde_json::json!({ "meeting_type": Uuid::from_u128(1), "name": "Service", "kind": kind, "confirm_and_issue": confirm }))
    };
    let company = after(Company::default(), &[define("other", false), define("other", true)]);
    let expected = (MeetingTypeId(Uuid::from_u128(1)), MeetingType { kind: MeetingKind::Other, confirm_and_issue: true });
    assert_eq!(company.meeting_type(&label("service").into()), Ok(expected));
    assert_eq!(refused(&company, &define("demo", false)), (Code::FieldInvalid, vec!["/confirm_and_issue".to_owned()]));
    let retired = after(company, &[ask("meeting_type.retire", serde_json::json!({ "meeting_type": Uuid::from_u128(1) }))]);
    assert_eq!(retired.meeting_type(&label("service").into()).unwrap_err().code, Code::Retired);
}

#[test]
fn results_have_a_meaning_each_and_a_version() {
    let meaning = |result: &MeetingResult| serde_json::json!({ "result": result, "issued": true, "demoed": *result != MeetingResult::NoShow });
    let all: Vec<_> = MeetingResult::ALL.iter().map(meaning).collect();
    let set = |results: &[serde_json::Value]| ask("company.set_result_meanings", serde_json::json!({ "results": results }));
    let company = after(Company::default(), &[set(&all)]);
    assert_eq!(company.results.version, 2);
    assert_eq!(company.results.of(MeetingResult::OneLeg), ResultMeaning { result: MeetingResult::OneLeg, issued: true, demoed: true });
    assert_eq!(Company::default().results.of(MeetingResult::OneLeg), ResultMeaning { result: MeetingResult::OneLeg, issued: true, demoed: false });
    let mut odd = all.clone();
    odd[0]["issued"] = false.into();
    for bad in [&all[1..], &[&all[..], &all[..1]].concat(), &odd] {
        assert_eq!(refused(&Company::default(), &set(bad)), (Code::FieldInvalid, vec!["/results".to_owned()]));
    }
}

#[test]
fn the_currency_changes_only_before_anything_can_have_been_sold() {
    let settings = |currency: &str| ask("company.configure", serde_json::json!({ "name": "Lakeside", "zone": "America/New_York", "currency": currency }));
    let product = CompanyCommand::DefineProduct { product: ProductId(Uuid::from_u128(1)), name: label("Windows") };
    let company = after(Company::default(), &[settings("USD"), settings("CAD"), product]);
    assert_eq!(refused(&company, &settings("USD")), (Code::FieldInvalid, vec!["/currency".to_owned()]));
    let renamed = ask("company.configure", serde_json::json!({ "name": "Lakeside Windows", "zone": "America/New_York", "currency": "CAD" }));
    after(company, &[renamed]);
}

#[test]
fn states_with_a_notice_period_of_their_own_have_names_that_addresses_can_have() {
    for names in [&[""][..], &[" NY"], &["NY", "ny"], &["N\tY"]] {
        let by_region = names.iter().map(|name| ((*name).to_owned(), Count(20))).collect();
        let limits = TimeLimits { notice_days_by_region: by_region, ..TimeLimits::default() };
        let refused = refused(&Company::default(), &CompanyCommand::SetTimeLimits(limits));
        assert_eq!(refused, (Code::FieldInvalid, vec!["/notice_days_by_region".to_owned()]), "{names:?}");
    }
}

#[test]
fn books_are_closed_up_to_a_day_that_is_over_and_stay_closed() {
    let close = |day: &str| ask("accounting_period.close", serde_json::json!({ "through": day }));
    let company = after(Company::default(), &[close("2026-01-31"), close("2026-02-28")]);
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(["2026-01-01", "2026-02-28", "2026-03-01"].map(|text| company.is_closed(day(text))), [true, true, false]);
    for bad in ["2026-03-02", "2026-01-31"] {
        assert_eq!(refused(&company, &close(bad)), (Code::FieldInvalid, vec!["/through".to_owned()]), "{bad}");
    }
}

#[test]
fn limits_that_are_left_out_are_as_the_product_brings_them() {
    let set = ask("company.set_time_limits", serde_json::json!({ "rest_after_days": 7, "notice_days_by_region": { "NY": 20 } }));
    let company = after(Company::default(), &[set]);
    assert_eq!((company.limits.rest_after_days, company.limits.remarket_after_days), (Count(7), Count(30)));
    assert_eq!([Some("ny "), Some("OH"), None].map(|region| company.limits.notice_days_in(region)), [20, 10, 10]);
    for bad in [serde_json::json!({ "rest_after_days": 0 }), serde_json::json!({ "rest_days": 7 })] {
        assert!(crate::wire::company_command("company.set_time_limits", bad).is_err());
    }
}

#[test]
fn settings_are_for_those_who_look_after_them() {
    let by = |role| Actor { person: None, roles: vec![role] };
    let close = ask("accounting_period.close", serde_json::json!({ "through": "2026-01-31" }));
    let may = |command: &CompanyCommand, role| Company::default().decide(command, &by(role), noon()).map_err(|refusal| refusal.code);
    for command in [&close, &define(1, "Radio")] {
        let (_, who) = command.button();
        for role in Role::PEOPLE.iter().copied().chain([Role::System]) {
            assert_eq!(may(command, role).is_ok(), who.contains(&role), "{command:?} by {role:?}");
        }
        assert_eq!(may(command, Role::Scheduler), Err(Code::WrongRole));
        assert!(may(command, Role::Importer).is_ok());
    }
}

#[test]
fn a_category_is_shown_by_its_name_today() {
    let category = Uuid::from_u128(1);
    let define = |name: &str| ask("category.define", serde_json::json!({ "category": category, "name": name }));
    let company = after(Company::default(), &[define("Trade"), define("Commercial")]);
    assert_eq!([category.to_string().as_str(), "Retail"].map(|kept| company.category_shown(kept)), ["Commercial", "Retail"]);
}

/// A company with a source, a product and a category, of which the source was retired.
fn with_a_past() -> Company {
    let define = |noun: &str, id: u128, name: &str| ask(&format!("{noun}.define"), serde_json::json!({ noun: Uuid::from_u128(id), "name": name }));
    let named = [define("source", 1, "Radio"), define("product", 2, "Windows"), define("category", 3, "Trade")];
    after(after(Company::default(), &named), &[ask("source.retire", serde_json::json!({ "source": Uuid::from_u128(1) }))])
}

fn campaign(name: &str, audience: serde_json::Value) -> CompanyCommand {
    ask("campaign.define", serde_json::json!({ "campaign": Uuid::from_u128(9), "name": name, "audience": audience }))
}

#[test]
fn a_campaign_keeps_whom_it_is_for_by_id_and_is_renamed_and_laid_down_anew() {
    let told = serde_json::json!({
        "states": ["lost", "remarket"], "source": "radio", "product": "windows", "category": "trade", "bought": "Windows", "never_set": true,
        "last_event_before": "2026-01-31",
    });
    let company =
        after(with_a_past(), &[campaign("Spring", told.clone()), campaign("Summer", told), campaign("Summer", serde_json::json!({ "bought": "none" }))]);
    let wanted = company.campaigns.audience(CampaignId(Uuid::from_u128(9))).unwrap();
    assert_eq!(serde_json::to_value(wanted).unwrap(), serde_json::json!({ "bought": "none" }));
    let first =
        with_a_past().decide(&campaign("Spring", serde_json::json!({ "source": "radio", "bought": "windows", "without": null })), &admin(), noon()).unwrap();
    let audience = Audience { bought: Some(Bought::Product(ProductId(Uuid::from_u128(2)))), source: Some(SourceId(Uuid::from_u128(1))), ..everybody() };
    assert_eq!(first, [CompanyEvent::CampaignDefined { campaign: CampaignId(Uuid::from_u128(9)), name: label("Spring"), audience }]);
}

fn everybody() -> Audience {
    serde_json::from_value(serde_json::json!({})).unwrap()
}

#[test]
fn a_campaign_looks_for_what_there_is_and_for_nobody_who_wants_to_be_left_alone() {
    let refused_at = |audience, code, field: &str| {
        assert_eq!(refused(&with_a_past(), &campaign("Spring", audience)), (code, vec![format!("/audience/{field}")]));
    };
    refused_at(serde_json::json!({ "states": ["lost", "do_not_contact"] }), Code::FieldInvalid, "states");
    refused_at(serde_json::json!({ "source": "Television" }), Code::UnknownSource, "source");
    refused_at(serde_json::json!({ "product": Uuid::from_u128(8) }), Code::UnknownProduct, "product");
    refused_at(serde_json::json!({ "bought": "Doors" }), Code::UnknownProduct, "bought");
    refused_at(serde_json::json!({ "without": "Doors" }), Code::UnknownProduct, "without");
    refused_at(serde_json::json!({ "category": "Retail" }), Code::UnknownCategory, "category");
    refused_at(serde_json::json!({ "bought": "Windows", "without": "windows" }), Code::FieldInvalid, "without");
    for bad in [
        serde_json::json!({ "state": "lost" }),
        serde_json::json!({ "states": ["gone"] }),
        serde_json::json!({ "bought": 7 }),
        serde_json::json!({ "last_event_before": "soon" }),
    ] {
        let fields = serde_json::json!({ "campaign": Uuid::from_u128(9), "name": "Spring", "audience": bad });
        assert!(crate::wire::company_command("campaign.define", fields).is_err(), "{bad}");
    }
}
