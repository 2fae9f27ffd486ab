//! Which company is meant.

use eventstore::{CompanyEntry, StoreError};

/// No company, or not the one, could be told from what was said.
#[derive(Debug, thiserror::Error)]
pub enum CompanyError {
    /// There is none at all.
    #[error("there is no company yet: make one with `leadtrail demo`, or import one with `leadtrail import`")]
    None,
    /// There is none of this id or name.
    #[error("there is no company “{wanted}”; there are: {}", .known.join(", "))]
    Unknown {
        /// What was asked for.
        wanted: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// There are several, and none was named.
    #[error("there are several companies, so say which: {}", .0.join(", "))]
    Several(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The company of this id or name; without either, the only one there is.
pub(super) fn find(companies: Vec<CompanyEntry>, wanted: Option<&str>) -> Result<CompanyEntry, CompanyError> {
    let names = |companies: &[CompanyEntry]| companies.iter().map(|company| company.name.clone()).collect();
    match wanted {
        _ if companies.is_empty() => Err(CompanyError::None),
        None if companies.len() > 1 => Err(CompanyError::Several(names(&companies))),
        None => companies.into_iter().next().ok_or(CompanyError::None),
        Some(wanted) => {
            let known = names(&companies);
            let meant = |company: &CompanyEntry| company.id.to_string() == wanted || company.name.to_lowercase() == wanted.to_lowercase();
            companies.into_iter().find(meant).ok_or_else(|| CompanyError::Unknown { wanted: wanted.into(), known })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eventstore::CompanyId;
    use uuid::Uuid;

    fn companies(names: &[&str]) -> Vec<CompanyEntry> {
        let entry =
            |(at, name): (usize, &&str)| CompanyEntry { id: CompanyId(Uuid::from_u128(at as u128)), name: name.to_string(), created_at: Default::default() };
        names.iter().enumerate().map(entry).collect()
    }

    #[test]
    fn the_only_company_needs_no_name() {
        assert_eq!(find(companies(&["Acme"]), None).unwrap().name, "Acme");
        assert!(matches!(find(companies(&["Acme", "Best"]), None), Err(CompanyError::Several(_))));
        assert!(matches!(find(companies(&[]), Some("Acme")), Err(CompanyError::None)));
    }

    #[test]
    fn a_company_is_found_by_id_or_by_name_in_any_case() {
        assert_eq!(find(companies(&["Acme", "Best"]), Some("best")).unwrap().name, "Best");
        assert_eq!(find(companies(&["Acme", "Best"]), Some(&Uuid::from_u128(0).to_string())).unwrap().name, "Acme");
        assert!(matches!(find(companies(&["Acme"]), Some("Best")), Err(CompanyError::Unknown { .. })));
    }
}
