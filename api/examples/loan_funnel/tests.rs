//! How an application is told: one rule and one oddity after the other.

use super::*;

/// Rows of one case: activity, second at which it happened. Work rows are starts, all others completions.
fn case(rows: &[(&str, i64)]) -> Vec<Row> {
    let row = |(seq, (activity, second)): (u32, &(&str, i64))| Row {
        case: "173688".into(),
        seq,
        activity: (*activity).into(),
        lifecycle: if activity.starts_with("W_") { "START" } else { "COMPLETE" }.into(),
        resource: Some("10862".into()),
        at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(*second),
        amount_requested: 20_000,
    };
    (0..).zip(rows).map(row).collect()
}

fn commands(story: &Story) -> Vec<&'static str> {
    story.lines.iter().map(|line| line.command).collect()
}

const SUBMITTED: (&str, i64) = ("A_SUBMITTED", 0);
const ATTEMPT: (&str, i64) = ("W_Completeren aanvraag", 1);
const ACCEPTED: (&str, i64) = ("A_ACCEPTED", 2);
const CREATED: (&str, i64) = ("O_CREATED", 3);
const SENT: (&str, i64) = ("O_SENT", 4);
const DEMO: [&str; 4] = ["meeting.set", "meeting.confirm", "meeting.issue", "meeting.result"];

#[test]
fn a_sold_application_is_told_from_lead_to_approval() {
    let rows = [SUBMITTED, ATTEMPT, ACCEPTED, CREATED, SENT, ("O_SENT_BACK", 5), ("O_ACCEPTED", 6), ("A_APPROVED", 6)];
    let story = tell(&case(&rows));
    let quote = ["quote.add", "quote.finalize", "quote.mark_sold", "sale.approve"];
    assert_eq!(commands(&story), [&["contact.add", "contact.log_attempt"], &DEMO[..], &quote[..]].concat());
    assert_eq!(story.fates[5], Fate::Untold("the customer viewed the quote"));
    assert!(!story.runs_on);
}

#[test]
fn a_line_carries_the_rows_words_and_ids_of_its_own() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED, CREATED]));
    let line = &story.lines[5];
    let journey = &story.lines[0].with["journey"];
    assert_eq!(
        serde_json::to_value(line).ok(),
        Some(json!({
            "id": "173688-2-quote.add", "at": "1970-01-01T00:00:03Z", "by": "10862",
            "contact": id_of(SOURCE, "173688", "contact", 0), "command": "quote.add",
            "with": {
                "quote": id_of(SOURCE, "173688", "quote", 2), "journey": journey, "product": "Loan", "rep": "10862",
                "items": [{ "description": "Loan", "quantity": 1, "unit_price_minor": 2_000_000 }],
            },
        }))
    );
}

#[test]
fn the_demo_is_one_meeting_at_the_instant_of_acceptance() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED]));
    assert_eq!(story.lines[1].with["start"], json!(story.lines[1].at));
    assert!(story.lines[1..].iter().all(|line| line.with["meeting"] == story.lines[1].with["meeting"]));
}

#[test]
fn who_did_it_is_absent_where_the_log_names_nobody() {
    let mut rows = case(&[SUBMITTED, ATTEMPT, ACCEPTED]);
    rows[1].resource = None;
    rows[2].resource = None;
    let story = tell(&rows);
    assert_eq!(story.lines[1].by, None);
    assert_eq!(story.fates[1..], [Fate::Taken("contact.log_attempt by nobody named"), Fate::Dropped(NOBODY)]);
}

#[test]
fn an_approval_is_placed_after_the_acceptance_of_the_same_instant() {
    let rows = [SUBMITTED, ACCEPTED, CREATED, SENT, ("A_APPROVED", 6), ("A_ACTIVATED", 6), ("O_ACCEPTED", 6), ("A_REGISTERED", 6)];
    let story = tell(&case(&rows));
    assert_eq!(commands(&story)[7..], ["quote.mark_sold", "sale.approve"]);
    assert_eq!(story.lines[8].id, "173688-4-sale.approve");
    let sold = Fate::Taken("quote.mark_sold");
    assert_eq!(story.fates[4..], [Fate::Bent("sale.approve", REORDERED), Fate::Outside, sold, Fate::Outside]);
}

#[test]
fn an_approval_without_an_accepted_offer_has_no_sale_to_approve() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED, CREATED, SENT, ("A_APPROVED", 6)]));
    assert_eq!(story.fates[4], Fate::Dropped(NO_SALE));
    assert!(story.runs_on);
}

#[test]
fn an_attempt_after_the_demo_or_after_the_end_is_dropped() {
    let story = tell(&case(&[ATTEMPT, SUBMITTED, ACCEPTED, ATTEMPT, ("A_CANCELLED", 7), ATTEMPT]));
    assert_eq!(story.fates[0], Fate::Dropped(NOT_SUBMITTED));
    assert_eq!(story.fates[3], Fate::Dropped(DEMO_HELD));
    assert_eq!(story.fates[5], Fate::Dropped(AFTER_THE_END));
}

#[test]
fn an_offer_lost_before_its_journey_is_lost_by_itself() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED, CREATED, SENT, ("O_CANCELLED", 6), ("A_CANCELLED", 7)]));
    assert_eq!(commands(&story)[7..], ["quote.lose", "contact.lose"]);
    assert_eq!(story.lines[7].with["reason"], "canceled");
}

#[test]
fn an_offer_lost_after_its_journey_was_lost_with_it() {
    let rows = [SUBMITTED, ACCEPTED, CREATED, SENT, ("A_DECLINED", 6), ("O_DECLINED", 7), ("O_DECLINED", 8)];
    let story = tell(&case(&rows));
    assert_eq!(commands(&story)[7..], ["contact.lose"]);
    assert_eq!(story.fates[5..], [Fate::Dropped(LOST_ALREADY), Fate::Dropped(NO_QUOTE)]);
}

#[test]
fn an_offer_row_speaks_of_the_latest_offer_and_says_when_that_is_a_guess() {
    let rows = [SUBMITTED, ACCEPTED, CREATED, SENT, CREATED, SENT, ("O_ACCEPTED", 6)];
    let story = tell(&case(&rows));
    assert_eq!(story.fates[5], Fate::Taken("quote.finalize"));
    assert_eq!(story.fates[6], Fate::Bent("quote.mark_sold", GUESSED));
    assert_eq!(story.lines[9].with["quote"], story.lines[7].with["quote"]);
}

#[test]
fn an_offer_that_was_never_sent_cannot_be_accepted() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED, CREATED, ("O_ACCEPTED", 6)]));
    assert_eq!(story.fates[3], Fate::Dropped(NO_QUOTE));
}

#[test]
fn an_offer_needs_a_demo_and_an_amount() {
    let mut rows = case(&[SUBMITTED, CREATED, ACCEPTED, CREATED]);
    rows[3].amount_requested = 0;
    let story = tell(&rows);
    assert_eq!(story.fates[1], Fate::Dropped(NO_DEMO));
    assert_eq!(story.fates[3], Fate::Dropped(NO_AMOUNT));
}

#[test]
fn a_second_submission_a_second_demo_and_a_second_end_are_dropped() {
    let story = tell(&case(&[SUBMITTED, SUBMITTED, ACCEPTED, ACCEPTED, ("A_DECLINED", 7), ("A_CANCELLED", 8)]));
    assert_eq!(story.fates[1], Fate::Dropped(SUBMITTED_TWICE));
    assert_eq!(story.fates[3], Fate::Dropped(DEMO_HELD));
    assert_eq!(story.fates[5], Fate::Dropped(AFTER_THE_END));
}

#[test]
fn a_journey_with_a_sale_is_not_lost() {
    let story = tell(&case(&[SUBMITTED, ACCEPTED, CREATED, SENT, ("O_ACCEPTED", 6), ("A_CANCELLED", 7)]));
    assert_eq!(story.fates[5], Fate::Dropped(SALE_STANDS));
}

#[test]
fn a_time_that_runs_back_is_moved_to_the_row_before_it() {
    let story = tell(&case(&[("A_SUBMITTED", 5), ("A_ACCEPTED", 2)]));
    assert!(story.lines.iter().all(|line| line.at.timestamp() == 5));
    assert_eq!(story.fates[1], Fate::Bent("meeting.set, confirm, issue and result", RAN_BACK));
}

#[test]
fn a_case_told_twice_makes_the_same_lines() {
    let rows = case(&[SUBMITTED, ATTEMPT, ACCEPTED, CREATED, SENT]);
    assert_eq!(tell(&rows).lines, tell(&rows).lines);
}
