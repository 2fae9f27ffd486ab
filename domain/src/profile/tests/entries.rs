//! The specification of what is entered about a contact, and of what is corrected later.

use crate::journey::{JourneyEvent, Origin};
use crate::personal::{all_personal, personal};
use crate::profile::{AddContact, Added, ContactEvent};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use crate::wire::Fact;
use serde_json::json;

// Add contact

#[test]
fn adding_a_contact_opens_its_first_journey() {
    given([]).when(add_contact()).then([added()]);
}

#[test]
fn a_contact_keeps_all_that_was_entered_and_its_journey_takes_category_and_campaign() {
    let command = ask(
        "contact.add",
        json!({
            "journey": FIRST, "source": "radio", "product": "WINDOWS", "category": "commercial", "campaign": "spring", "reference": "A-17",
            "name": "Lopez", "phones": ["716 555 0100"], "emails": ["lopez@example.com"], "address": { "street": "12 Main St", "city": "Buffalo" }
        }),
    );
    let (_, fields) = command.sent();
    let asked: AddContact = serde_json::from_value(fields).unwrap();
    let added = Added {
        journey: FIRST,
        source: RADIO,
        product: WINDOWS,
        category: Some(COMMERCIAL.into()),
        campaign: asked.campaign.clone(),
        reference: personal(&asked.reference),
        name: personal(&asked.name),
        phones: all_personal(&asked.phones),
        emails: all_personal(&asked.emails),
        address: personal(&asked.address),
        address_shared: false,
    };
    let opened = JourneyEvent::Opened {
        journey: FIRST,
        origin: Origin::New,
        source: RADIO,
        product: WINDOWS,
        category: Some(COMMERCIAL.into()),
        campaign: asked.campaign,
        rep: None,
        reason: None,
    };
    given([]).when(command).then([facts([Fact::from(ContactEvent::Added(added)), opened.into()])]);
}

#[test]
fn a_contact_is_added_once() {
    given([added()]).when(add_contact()).then_refused_at(Code::IdTaken, "/contact");
}

#[test]
fn a_live_user_enters_a_name() {
    given([]).when(add_contact().without("name")).then_refused_at(Code::FieldRequired, "/name");
}

#[test]
fn a_live_user_enters_a_telephone_number_or_an_email_address() {
    given([]).when(add_contact().without("phones")).then_refused_at(Code::FieldRequired, "/phones");
    given([]).when(add_contact().with("phones", json!([]))).then_refused_at(Code::FieldRequired, "/phones");
    let by_email = given([]).did([add_contact().without("phones").with("emails", json!(["lopez@example.com"]))]);
    assert_eq!(by_email.file.version, 2);
}

#[test]
fn the_importer_brings_contacts_without_a_name_and_number() {
    let imported = given([]).by(Role::Importer).did([add_contact().without("name").without("phones")]);
    assert_eq!(imported.file.version, 2);
}

#[test]
fn schedulers_marketing_and_admins_add_contacts() {
    for role in [Role::Scheduler, Role::Marketing, Role::Admin] {
        given([]).by(role).when(add_contact()).then([added()]);
    }
    given([]).by(Role::Rep).when(add_contact()).then_refused(Code::WrongRole);
}

#[test]
fn a_contact_comes_from_a_source_and_asks_for_a_product_that_the_company_has() {
    given([]).when(add_contact().with("source", UNKNOWN_SOURCE)).then_refused_at(Code::UnknownSource, "/source");
    given([]).when(add_contact().with("source", "Billboard")).then_refused_at(Code::UnknownSource, "/source");
    given([]).when(add_contact().with("product", UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
}

// Change source, change product

#[test]
fn correcting_the_source_to_what_it_is_changes_nothing() {
    given([added()]).when(change_source(RADIO)).then([]);
    given([added()]).when(change_product(WINDOWS)).then([]);
}

#[test]
fn source_and_product_can_be_corrected_in_every_state_to_what_the_company_has() {
    let follows = "contact_changed_so_open_journeys_follow";
    given([added()]).when(change_source(HOME_SHOW)).then([source_changed(HOME_SHOW), dimensions_changed(FIRST, HOME_SHOW, WINDOWS).because(follows)]);
    given([added()]).when(change_product(ROOFING)).then([product_changed(ROOFING), dimensions_changed(FIRST, RADIO, ROOFING).because(follows)]);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(change_source(HOME_SHOW)).then([source_changed(HOME_SHOW)]);
    given([added(), sold_and_approved()]).when(change_product(ROOFING)).then([product_changed(ROOFING)]);
    given([added()]).when(change_source(UNKNOWN_SOURCE)).then_refused_at(Code::UnknownSource, "/source");
    given([added()]).when(change_product(UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
    given([added()]).by(Role::Finance).when(change_source(HOME_SHOW)).then_refused(Code::WrongRole);
    given([added()]).by(Role::Marketing).when(change_product(ROOFING)).then_refused(Code::WrongRole);
}

// Details, category and address

#[test]
fn details_are_told_as_far_as_they_changed() {
    let changed = |fields| given([added()]).when(ask("contact.change_details", fields));
    changed(json!({ "name": "Lopez", "phones": ["716 555 0100"] })).then([]);
    let details = ContactEvent::DetailsChanged { name: Some(label("Diaz").into()), phones: None, emails: None, reference: None };
    changed(json!({ "name": "Diaz", "phones": ["716 555 0100"] })).then([facts([details])]);
    changed(json!({ "phones": [] })).then_refused_at(Code::FieldRequired, "/phones");
    given([added()]).did([change_details()]).when(change_details()).then([]);
}

#[test]
fn an_open_journey_follows_its_contacts_category_and_a_closed_one_does_not() {
    let changed = facts([ContactEvent::CategoryChanged { category: COMMERCIAL }]);
    let dimensions = facts([JourneyEvent::DimensionsChanged { journey: FIRST, source: RADIO, product: WINDOWS, category: Some(COMMERCIAL.into()) }]);
    let follows = dimensions.because("contact_changed_so_open_journeys_follow");
    given([added()]).when(change_category("commercial")).then([changed.clone(), follows]);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(change_category("commercial")).then([changed]);
    given([added()]).when(change_category("Retail")).then_refused_at(Code::UnknownCategory, "/category");
    given([]).when(add_contact().with("category", "Retail")).then_refused_at(Code::UnknownCategory, "/category");
}

#[test]
fn an_address_is_corrected_and_let_go() {
    use crate::claim::{freed_by, of_address, taken_by};
    let address = |text: &str| serde_json::from_value::<crate::address::Address>(text.into()).unwrap();
    let at_main = given([]).did([add_contact().with("address", "12 Main St")]);
    let corrected = at_main.file.decide(&correct_address("14 Main St"), &at_main.context()).unwrap();
    assert_eq!(freed_by(&corrected[0].fact), [of_address(&address("12 main street"))]);
    assert_eq!(taken_by(&corrected[0].fact), [of_address(&address("14 Main St"))]);
    at_main.when(correct_address("12 Main St")).then([]);
}

#[test]
fn a_duplicate_that_was_accepted_claims_nothing_and_says_why() {
    let nobody = given([]);
    let twin = add_contact().with("address", "12 Main St").with("accept_duplicate", "two flats");
    let decided = nobody.file.decide(&twin, &nobody.context()).unwrap();
    let names: Vec<_> = decided.iter().map(|caused| crate::wire::encode(&caused.fact).0).collect();
    assert_eq!(names, ["contact.added", "contact.duplicate_accepted", "journey.opened"]);
    assert!(decided.iter().all(|caused| crate::claim::taken_by(&caused.fact).is_empty()));
}
