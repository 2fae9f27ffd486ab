//! An example of everything that is stored.

use serde_json::{Value, json};

/// An example of every stored name with every field filled in, as it is written today.
pub fn examples() -> Vec<(&'static str, Value)> {
    let id = |last: u8| format!("018f6f2e-0000-7000-8000-0000000000{last:02x}");
    let (journey, meeting, quote, sale, person, source, product) = (id(1), id(2), id(3), id(4), id(5), id(6), id(7));
    let (instant, later) = ("2026-03-02T15:00:00Z", "2026-03-03T23:00:00.123456Z");
    vec![
        (
            "contact.added",
            json!({
                "journey": journey, "source": source, "product": product, "category": "web", "campaign": "Spring", "reference": { "personal": "A-17" }, "name": { "personal": "Lopez" },
                "phones": [{ "personal": "716 555 0100" }], "emails": [{ "personal": "lopez@example.com" }],
                "address": { "personal": { "street": "12 Main St", "city": "Buffalo", "region": "NY", "postal_code": "14201" } }, "address_shared": true,
            }),
        ),
        (
            "contact.address_corrected",
            json!({ "from": { "personal": { "street": "12 Main St" } }, "to": { "personal": { "street": "14 Main St", "city": "Buffalo" } }, "shared": true }),
        ),
        ("contact.attempted", json!({ "journey": journey, "channel": "phone", "outcome": "call_back", "call_back_at": later })),
        ("contact.category_changed", json!({ "category": id(9) })),
        (
            "contact.details_changed",
            json!({
                "name": { "personal": "Lopez" }, "phones": [{ "personal": "716 555 0100" }], "emails": [{ "personal": "lopez@example.com" }],
                "reference": { "personal": "A-17" },
            }),
        ),
        ("contact.duplicate_accepted", json!({ "reason": { "personal": "two flats" } })),
        ("contact.erased", json!({ "basis": "person_asked", "journeys": [journey] })),
        ("contact.joined_campaign", json!({ "campaign": id(14) })),
        ("contact.left_campaign", json!({ "campaign": id(14) })),
        ("contact.hold_lifted", json!({ "reason": { "personal": "settled" } })),
        ("contact.hold_placed", json!({ "reason": { "personal": "claim in court" } })),
        (
            "contact.lost",
            json!({
                "journey": journey, "reason": { "personal": "Price" }, "reason_id": id(10), "competitor": { "personal": "Acme" },
                "note": { "personal": "wants to think" },
            }),
        ),
        ("contact.merged", json!({ "other": id(12), "reason": { "personal": "married" } })),
        ("contact.merged_into", json!({ "survivor": id(12) })),
        ("contact.moved_to_remarket", json!({ "reason": { "personal": "call in spring" }, "not_before": "2027-03-01" })),
        ("contact.opted_in", json!({ "reason": { "personal": "called us" } })),
        ("contact.opted_out", json!({ "asked_by": { "personal": "Mrs Lopez" }, "channel": "phone" })),
        ("contact.other_product_rep_added", json!({ "journey": journey, "product": product, "rep": person })),
        ("contact.product_changed", json!({ "product": product })),
        ("contact.returned", json!({ "journey": journey, "source": source, "product": product, "campaign": "Spring" })),
        ("contact.reopened", json!({ "journey": journey, "reason": { "personal": "called back" } })),
        ("contact.rested", json!({ "journey": journey })),
        ("contact.unmerged", json!({ "other": id(12), "reason": { "personal": "two people" } })),
        ("contact.unmerged_from", json!({ "survivor": id(12) })),
        ("contact.source_changed", json!({ "source": source })),
        ("journey.closed", json!({ "journey": journey, "outcome": "lost", "reason": { "personal": "went elsewhere" }, "reason_id": id(10) })),
        ("journey.dimensions_changed", json!({ "journey": journey, "source": source, "product": product, "category": "web" })),
        (
            "journey.opened",
            json!({ "journey": journey, "origin": "other_product", "source": source, "product": product, "category": "web", "campaign": "Spring", "rep": person, "reason": { "personal": "never entered" } }),
        ),
        ("journey.limit_started", json!({ "journey": journey, "stage": "attempted_to_set", "until": later })),
        ("journey.reopened", json!({ "journey": journey, "stage": "quote_in_progress" })),
        ("journey.voided", json!({ "journey": journey, "reason": { "personal": "entered twice" } })),
        ("journey.outcome_revised", json!({ "journey": journey, "outcome": "sold_canceled" })),
        ("journey.rehash_assigned", json!({ "journey": journey, "rehash_rep": person, "reason": { "personal": "price" }, "reason_id": id(10) })),
        (
            "meeting.canceled",
            json!({ "meeting": meeting, "journey": journey, "kind": "demo", "reason": { "personal": "no time" }, "asked_by": "customer", "reason_id": id(10), "note": { "personal": "calls again" }, "frees": { "reps": [person], "start": later, "minutes": 90 }, "keeps": [{ "reps": [person], "start": later, "minutes": 60 }] }),
        ),
        ("meeting.confirmation_attempted", json!({ "meeting": meeting, "journey": journey, "kind": "demo", "channel": "text", "outcome": "no_answer" })),
        (
            "meeting.confirmed",
            json!({ "meeting": meeting, "journey": journey, "kind": "demo", "with_whom": { "personal": "Mrs. Lopez" }, "decision_makers": true }),
        ),
        (
            "meeting.issued",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "rep": person, "start": later, "unconfirmed": { "personal": "known customer" },
                "second_rep": id(12), "takes": { "reps": [person], "start": later, "minutes": 90 }, "overbooked": { "personal": "same street" },
                "shares": { "reps": [person], "start": later, "minutes": 90 },
            }),
        ),
        (
            "meeting.reissued",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "rep": person, "start": later, "reason": { "personal": "ill" }, "second_rep": id(12),
                "frees": { "reps": [person], "start": later, "minutes": 90 }, "keeps": [{ "reps": [person], "start": later, "minutes": 60 }], "takes": { "reps": [person], "start": later, "minutes": 90 }, "overbooked": { "personal": "same street" },
                "shares": { "reps": [person], "start": later, "minutes": 90 },
            }),
        ),
        (
            "meeting.rescheduled",
            json!({
                "meeting": meeting, "journey": journey, "kind": "follow_up", "start": later, "reason": { "personal": "storm" }, "reason_id": id(10),
                "asked_by": "customer", "frees": { "reps": [person], "start": later, "minutes": 90 }, "keeps": [{ "reps": [person], "start": later, "minutes": 60 }],
            }),
        ),
        (
            "meeting.result_corrected",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "was": "sold", "result": "no_show", "reason": { "personal": "entered for another one" },
                "counts_as": { "issued": false, "demoed": false, "version": 2 },
            }),
        ),
        (
            "meeting.resulted",
            json!({
                "meeting": meeting, "journey": journey, "kind": "rehash", "result": "demoed_not_sold", "note": { "personal": "liked the white ones" }, "frees": { "reps": [person], "start": later, "minutes": 90 }, "keeps": [{ "reps": [person], "start": later, "minutes": 60 }],
                "counts_as": { "issued": true, "demoed": true, "version": 2 },
            }),
        ),
        (
            "meeting.set",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "start": later, "length_minutes": 90, "scheduler": person, "meeting_type": id(11),
                "confirm_and_issue": true, "decision_makers": false, "why_not_all": { "personal": "works late" }, "address_checked": true,
            }),
        ),
        (
            "quote.created",
            json!({
                "quote": quote, "journey": journey, "product": product, "rep": person,
                "items": [{ "description": { "personal": "window" }, "quantity": 2, "unit_price_minor": 500_000 }], "total_minor": 1_000_000, "revises": id(13),
            }),
        ),
        (
            "quote.edited",
            json!({
                "quote": quote, "journey": journey, "items": [{ "description": { "personal": "window" }, "quantity": 1, "unit_price_minor": 500_000 }],
                "discounts": [{ "description": { "personal": "spring" }, "basis_points": 1_000 }, { "description": { "personal": "coupon" }, "amount_minor": 5_000 }],
                "tax_millionths": 88_750, "finance": { "plan": { "personal": "twelve months" }, "markup_minor": 20_000 },
                "subtotal_minor": 500_000, "discount_minor": 55_000, "tax_minor": 39_494, "total_minor": 504_494,
            }),
        ),
        ("quote.expired", json!({ "quote": quote, "journey": journey })),
        ("quote.finalized", json!({ "quote": quote, "journey": journey, "valid_until": later, "terms": { "personal": "half on signing" } })),
        ("quote.lost", json!({ "quote": quote, "journey": journey, "reason": { "personal": "too dear" }, "reason_id": id(10) })),
        ("quote.marked_sold", json!({ "quote": quote, "journey": journey, "paper": { "personal": "folder 17" }, "reason": { "personal": "sent by mail" } })),
        ("quote.not_approved", json!({ "quote": quote, "journey": journey })),
        ("quote.sold", json!({ "quote": quote, "journey": journey, "sale": sale, "signed_at": instant })),
        ("quote.reopened", json!({ "quote": quote, "journey": journey })),
        ("quote.sold_again", json!({ "quote": quote, "journey": journey })),
        ("quote.superseded", json!({ "quote": quote, "journey": journey, "by": id(13) })),
        ("change_order.approved", json!({ "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": -25_000, "report_signed_at": instant })),
        (
            "change_order.created",
            json!({ "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": -25_000, "description": { "personal": "one window less" } }),
        ),
        ("change_order.pre_approved", json!({ "sale": sale, "journey": journey, "change_order": id(8), "pre_approved_at": instant })),
        (
            "change_order.reversed",
            json!({
                "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": 25_000, "report_signed_at": instant,
                "reason": { "personal": "wanted after all" },
            }),
        ),
        (
            "change_order.sent",
            json!({
                "sale": sale, "journey": journey, "change_order": id(8), "signer": { "personal": "Lopez" }, "email": { "personal": "lopez@example.com" },
            }),
        ),
        ("change_order.signed", json!({ "sale": sale, "journey": journey, "change_order": id(8), "signed_at": instant })),
        ("change_order.voided", json!({ "sale": sale, "journey": journey, "change_order": id(8), "reason": { "personal": "too dear" } })),
        ("job.canceled", json!({ "sale": sale, "journey": journey })),
        ("job.opened", json!({ "sale": sale, "journey": journey, "status": "ready_for_site_visit", "standing": "active" })),
        ("job.reopened", json!({ "sale": sale, "journey": journey, "status": "ready_for_site_visit", "standing": "hold" })),
        ("job.standing_changed", json!({ "sale": sale, "journey": journey, "standing": "hold", "note": { "personal": "snow" } })),
        (
            "job.status_changed",
            json!({
                "sale": sale, "journey": journey, "status": "completed_site_visit",
                "site_visit": {
                    "visited_at": instant, "job_owner": person, "visitor": person, "documents": { "personal": "folder 7" }, "hoa": false,
                    "overview": { "personal": "two windows" }, "property_type": "single_family",
                },
                "install_at": later, "revenue_recognized_at": instant, "note": { "personal": "dog in the yard" },
            }),
        ),
        (
            "ledger.entry_posted",
            json!({
                "sale": sale, "journey": journey, "kind": "down_payment", "amount_minor": -30_000, "dated_at": instant, "entry": id(12),
                "change_order": id(8), "document": { "personal": "check 1017" }, "note": { "personal": "at the door" },
            }),
        ),
        (
            "sale.approved",
            json!({
                "sale": sale, "journey": journey, "finance_owner": person, "customer_service_owner": person, "signed_at": instant,
                "notice_to_proceed": "deposit_taken", "job_standing": "active",
            }),
        ),
        ("sale.balance_fell_due", json!({ "sale": sale, "journey": journey })),
        ("sale.balance_written_off", json!({ "sale": sale, "journey": journey, "amount_minor": 30_000, "reason": { "personal": "insolvent" } })),
        ("sale.cancel_fee_charged", json!({ "sale": sale, "journey": journey, "fee_minor": 50_000 })),
        (
            "sale.canceled",
            json!({
                "sale": sale, "journey": journey, "canceled_at": instant, "reason": { "personal": "moved away" }, "contract_minor": 1_000_000,
                "reason_id": id(10), "note": { "personal": "by phone" }, "kind": "rescission", "how": "certified_mail",
            }),
        ),
        ("sale.closed", json!({ "sale": sale, "journey": journey })),
        (
            "sale.created",
            json!({
                "sale": sale, "journey": journey, "quote": quote, "product": product, "rep": person,
                "amount_minor": 1_000_000, "signed_at": instant, "needs_approval": true,
            }),
        ),
        (
            "sale.lien_filed",
            json!({
                "sale": sale, "journey": journey, "filed_at": instant, "county": { "personal": "Erie" }, "filing_number": { "personal": "L-1" },
                "amount_minor": 30_000,
            }),
        ),
        (
            "sale.lien_notice_sent",
            json!({
                "sale": sale, "journey": journey, "sent_at": instant, "lien_from": later, "how": "certified_mail", "amount_minor": 30_000,
                "document": { "personal": "cabinet 3" },
            }),
        ),
        ("sale.lien_released", json!({ "sale": sale, "journey": journey, "released_at": instant, "release_number": { "personal": "R-1" } })),
        ("sale.moved_back_to_sold", json!({ "sale": sale, "journey": journey, "signed_at": instant, "job_standing": "hold" })),
        (
            "sale.not_approved",
            json!({ "sale": sale, "journey": journey, "reason": { "personal": "credit declined" }, "reason_id": id(10), "note": { "personal": "try again" } }),
        ),
        ("sale.paid_in_full", json!({ "sale": sale, "journey": journey })),
        (
            "sale.reactivated",
            json!({ "sale": sale, "journey": journey, "contract_minor": 1_000_000, "job_standing": "active", "note": { "personal": "they stay" } }),
        ),
        ("sale.rep_changed", json!({ "sale": sale, "journey": journey, "rep": person, "reason": { "personal": "left" } })),
        ("sale.sent_to_attorney", json!({ "sale": sale, "journey": journey, "sent_at": instant, "attorney": { "personal": "Marlow" } })),
        ("company.configured", json!({ "name": "Acme", "zone": "America/New_York", "currency": "USD", "week_starts_on": "sunday", "year_starts_in": 2 })),
        (
            "company.time_limits_set",
            json!({
                "first_attempt_minutes": 5, "business_hours": { "opens": "09:00", "closes": "17:30", "days": ["monday", "friday"] }, "rest_after_days": 10, "remarket_after_days": 30, "confirm_hours_before": 24, "issue_hours_before": 2, "quote_idle_days": 14,
                "rehash_days": 30, "approval_business_days": 2, "balance_due_days": 10, "notice_days": 10, "notice_days_by_region": { "NY": 20 },
                "rescission_business_days": 3, "reopen_days": 30,
            }),
        ),
        ("company.result_meanings_set", json!({ "version": 2, "results": [{ "result": "one_leg", "issued": true, "demoed": false }] })),
        ("accounting_period.closed", json!({ "through": "2026-01-31" })),
        ("source.defined", json!({ "source": source, "name": "Home show" })),
        ("source.retired", json!({ "source": source })),
        ("source.restored", json!({ "source": source })),
        ("product.defined", json!({ "product": product, "name": "Windows" })),
        ("product.retired", json!({ "product": product })),
        ("product.restored", json!({ "product": product })),
        ("person.defined", json!({ "person": person, "name": "Ana" })),
        ("person.retired", json!({ "person": person })),
        ("person.restored", json!({ "person": person })),
        ("category.defined", json!({ "category": id(9), "name": "Commercial" })),
        ("category.retired", json!({ "category": id(9) })),
        ("category.restored", json!({ "category": id(9) })),
        ("reason.defined", json!({ "reason": id(10), "list": "meeting_canceled", "name": "No time" })),
        ("reason.retired", json!({ "reason": id(10) })),
        ("reason.restored", json!({ "reason": id(10) })),
        ("meeting_type.defined", json!({ "meeting_type": id(11), "name": "Service", "kind": "other", "confirm_and_issue": true })),
        ("meeting_type.retired", json!({ "meeting_type": id(11) })),
        ("meeting_type.restored", json!({ "meeting_type": id(11) })),
        (
            "campaign.defined",
            json!({
                "campaign": id(14), "name": "Second chance",
                "audience": {
                    "states": ["lost", "remarket"], "source": source, "product": product, "category": id(9), "bought": "any", "without": product,
                    "never_set": true, "last_event_before": "2026-01-31",
                },
            }),
        ),
        ("campaign.retired", json!({ "campaign": id(14) })),
        ("campaign.restored", json!({ "campaign": id(14) })),
    ]
}
