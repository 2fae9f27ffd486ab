//! The faults, one file each, named after what happens.

pub mod backup;
pub mod clock;
pub mod crowd;
pub mod disk_error;
pub mod disk_full;
pub mod fail_points;
pub mod forgotten;
pub mod frozen;
pub mod held_head;
pub mod kill;
pub mod outbox;
pub mod postgres_down;
pub mod power_cut;
pub mod rebuilt;
pub mod slow_disk;
pub mod tampered;
pub mod two_services;
