//! What the quote list shows of each quote on its way.

use domain::Fact;
use domain::blueprint::QuoteState;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::*;

fn quotes(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<QuoteRow> {
    fold::<QuoteList>(&history(told)).into_values().flatten().map(|current| current.row).collect()
}

fn entered(states: &[(&str, u32)]) -> BTreeMap<String, Instant> {
    states.iter().map(|(state, on)| ((*state).to_owned(), day(*on))).collect()
}

fn draft() -> QuoteRow {
    QuoteRow {
        quote: QUOTE,
        contact: ELM_STREET,
        journey: FIRST,
        product: WINDOWS,
        rep: ANA,
        state: QuoteState::Draft,
        state_since: day(2),
        total_minor: 500,
        valid_until: None,
        entered: entered(&[("draft", 2)]),
        replaces: None,
        replaced_by: None,
    }
}

fn edited(total_minor: i64, tax_minor: i64) -> Fact {
    let sums = json!({ "items": [], "subtotal_minor": total_minor - tax_minor, "discount_minor": 0, "tax_minor": tax_minor, "total_minor": total_minor });
    of_quote("quote.edited", QUOTE, sums)
}

#[test]
fn a_quote_is_listed_from_its_draft_on() {
    assert_eq!(quotes([(2, drafted(QUOTE, 500, None))]), [draft()]);
}

#[test]
fn s0_35_it_says_when_it_entered_each_state() {
    let sold = of_quote("quote.sold", QUOTE, json!({ "sale": SALE, "signed_at": day(5) }));
    let told =
        [(2, drafted(QUOTE, 500, None)), (3, edited(540, 40)), (4, finalized(QUOTE, 20)), (5, sold), (6, of_quote("quote.not_approved", QUOTE, json!({})))];
    let refused = QuoteRow {
        state: QuoteState::NotApproved,
        state_since: day(6),
        total_minor: 540,
        valid_until: Some(day(20)),
        entered: entered(&[("draft", 2), ("finalized", 4), ("not_approved", 6), ("sold", 5)]),
        ..draft()
    };
    assert_eq!(quotes(told), [refused]);
}

#[test]
fn s0_35_a_state_that_is_entered_again_was_entered_the_last_time() {
    let told = [(2, drafted(QUOTE, 500, None)), (3, finalized(QUOTE, 20)), (4, of_quote("quote.reopened", QUOTE, json!({})))];
    assert_eq!(quotes(told), [QuoteRow { state_since: day(4), entered: entered(&[("draft", 4), ("finalized", 3)]), ..draft() }]);
}

#[test]
fn a_revision_and_what_it_replaces_name_each_other() {
    let superseded = of_quote("quote.superseded", QUOTE, json!({ "by": REVISION }));
    let found = quotes([(2, drafted(QUOTE, 500, None)), (3, finalized(QUOTE, 20)), (4, superseded), (4, drafted(REVISION, 600, Some(QUOTE)))]);
    let old = QuoteRow {
        state: QuoteState::Superseded,
        state_since: day(4),
        valid_until: Some(day(20)),
        entered: entered(&[("draft", 2), ("finalized", 3), ("superseded", 4)]),
        replaced_by: Some(REVISION),
        ..draft()
    };
    let new = QuoteRow { quote: REVISION, state_since: day(4), total_minor: 600, entered: entered(&[("draft", 4)]), replaces: Some(QUOTE), ..draft() };
    assert_eq!(found, [old, new]);
}

#[test]
fn nothing_that_is_offered_is_kept() {
    let current = fold::<QuoteList>(&history([(2, drafted(QUOTE, 500, None)), (3, finalized(QUOTE, 20))])).remove(&(QUOTE, ELM_STREET)).flatten().unwrap();
    let kept = serde_json::to_string(&current.quote).unwrap();
    assert!(!kept.contains("Lopez") && !kept.contains("half"), "{kept}");
    assert_eq!(serde_json::from_str::<Quote>(&kept).unwrap(), current.quote, "and what is kept is read back as it was");
}

proptest! {
    /// The list shows what the decider guards with: one fold for both.
    #[test]
    fn it_stands_where_the_rules_say(history in any_history(40)) {
        let mut quotes: BTreeMap<QuoteId, Quote> = BTreeMap::new();
        for happened in &history {
            let Fact::Quote(event) = &happened.fact else { continue };
            if let Some(quote) = Quote::created(event).or_else(|| quotes.remove(&event.quote()).map(|quote| quote.evolve(event))) {
                quotes.insert(event.quote(), quote);
            }
        }
        let rows = fold::<QuoteList>(&history);
        let listed: BTreeMap<QuoteId, &Current> = rows.values().flatten().map(|current| (current.row.quote, current)).collect();
        prop_assert_eq!(listed.keys().collect::<Vec<_>>(), quotes.keys().collect::<Vec<_>>());
        for (id, current) in listed {
            prop_assert_eq!(&current.quote, &without_offer(quotes[&id].clone()));
            prop_assert_eq!((current.row.state, current.row.valid_until), (current.quote.state, current.quote.valid_until));
            prop_assert_eq!(current.row.entered[current.row.state.name()], current.row.state_since);
        }
    }
}
