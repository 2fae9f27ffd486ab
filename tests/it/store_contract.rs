//! The event store's promises, each on both databases.

mod faults;
mod round_trips;

use eventstore::contract;

use crate::databases;

/// One test of each promise for each database.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let database = super::databases::sqlite().await;
                super::contract::$promise(&database.store()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let database = super::databases::postgres().await;
                super::contract::$promise(&database.store()).await;
            })*
        }
    };
}

promises! {
    an_append_is_whole
    positions_have_no_gaps
    a_reader_never_misses_an_event
    pages_never_cut_a_commit
    companies_never_meet
    a_refusal_hurts_no_neighbour
    a_value_the_database_refuses_hurts_no_neighbour
    large_bodies_are_spread_over_commits
    a_forgotten_need_is_made_good

    a_claim_has_one_holder
    a_released_claim_can_be_taken
    a_claim_may_be_shared
    claims_pass_on_within_a_commit
    claims_are_stored_unreadable

    personal_values_are_sealed_where_they_are_stored
    an_erased_stream_is_erased_for_ever
    erasures_take_effect_within_a_commit
    writers_learn_of_keys_from_each_other
    a_sealed_value_cannot_be_moved
    another_master_key_opens_nothing

    a_timer_is_armed_replaced_and_disarmed_with_the_events
    timers_are_found_in_the_order_they_are_due
    a_timer_that_was_due_when_it_was_armed_waits_for_the_rest
    a_timer_that_fired_wakes_nobody_until_it_is_armed_again
    an_erased_stream_has_no_timers
    a_command_that_fails_leaves_nothing_for_later
    a_message_waits_under_an_id_that_never_changes
    a_message_can_be_put_beside_the_log
    timers_and_messages_move_with_the_log
    altered_timers_and_messages_are_found

    a_lease_has_one_holder
    a_sleeper_changes_nothing

    a_key_is_answered_once
    a_key_is_answered_once_within_a_commit
    a_command_without_events_is_remembered
    a_key_expires

    a_follower_sees_every_commit
    a_follower_that_gives_up_leaves_nothing
    a_follower_can_take_its_own_work_back

    hashes_are_the_same_everywhere
    recording_times_rise
    histories_are_read_whole
    anything_altered_is_found
    a_tail_is_checked_from_the_event_before_it
    what_was_acknowledged_is_found_again
    a_log_can_be_adopted
    an_altered_log_is_not_adopted
    a_company_is_made_once
    a_company_name_is_taken_once

    the_kinds_of_events_are_listed
    a_log_with_an_unknown_event_is_left_alone
    the_end_of_a_log_is_looked_at

    everything_can_be_proven
    checkpoints_follow_each_other
    a_log_that_was_put_back_is_not_signed
    an_altered_root_is_found

    two_writers_take_turns
    a_caller_that_goes_away_changes_nothing
    a_full_queue_says_so
    enqueued_commands_keep_their_order
    a_stopped_writer_finishes
    the_head_can_be_watched
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_alterations_on_sqlite_are_seen() {
    contract::no_alteration_goes_unseen(&databases::sqlite().await.store(), 1_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_alterations_on_postgres_are_seen() {
    contract::no_alteration_goes_unseen(&databases::postgres().await.store(), 1_000).await;
}
