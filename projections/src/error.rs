//! What can go wrong with a read model: a fault of its own, or a failure of the store.

use eventstore::StoreError;

/// A read model cannot take an event in. It stands still there, for this company, until it is mended or rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped at position {position}: {text}")]
pub struct Fault {
    /// The event that it could not take in.
    pub position: i64,
    /// Why.
    pub text: String,
}

impl Fault {
    /// Says what is wrong at a position.
    pub fn new(position: i64, text: impl Into<String>) -> Fault {
        Fault { position, text: text.into() }
    }
}

/// Why a read model could not be brought to the head.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The read model stopped.
    #[error("the read model {name} {fault}")]
    Faulted {
        /// Which one.
        name: &'static str,
        /// Where and why.
        fault: Fault,
    },
    /// There is no read model of this name.
    #[error("there is no read model `{0}`")]
    Unknown(String),
    /// Somebody else moved its checkpoint meanwhile.
    #[error("the read model {0} was moved by another process at the same time")]
    Overtaken(&'static str),
    /// Its rows were made by code of another revision.
    #[error("the rows of the read model {0} were made by another revision; it must be rebuilt")]
    OtherRevision(&'static str),
    /// The log grew whenever the rows were to be compared.
    #[error("the log kept growing, so the rows of {0} could not be compared at one position")]
    KeptGrowing(&'static str),
}

/// What stops one step of folding.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The read model itself, at an event.
    Fault(Fault),
    /// The store.
    Store(StoreError),
    /// The checkpoint was not where it was expected.
    Overtaken,
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Store(error)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Stopped {
        Stopped::Fault(fault)
    }
}

impl Stopped {
    /// Why rows could not be written: what the read model asked for, from an event on, or the database.
    pub(crate) fn from_write(error: StoreError, first: i64) -> Stopped {
        if is_own_fault(&error) { Stopped::Fault(Fault::new(first, error.to_string())) } else { Stopped::Store(error) }
    }

    /// As an error of a named read model.
    pub(crate) fn of(self, name: &'static str) -> ProjectionError {
        match self {
            Stopped::Fault(fault) => ProjectionError::Faulted { name, fault },
            Stopped::Store(error) => ProjectionError::Store(error),
            Stopped::Overtaken => ProjectionError::Overtaken(name),
        }
    }
}

/// Whether a statement failed because of what the read model asked, not because of the database or the way there.
pub(crate) fn is_own_fault(error: &StoreError) -> bool {
    match error {
        StoreError::Malformed { .. } => true,
        error => error.is_about_values(),
    }
}
