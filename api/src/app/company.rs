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
    /// There are several of this name.
    #[error("there are several companies “{wanted}”, so say which by its id: {}", .ids.join(", "))]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// There are several, and none was named.
    #[error("there are several companies, so say which: {}", .0.join(", "))]
    Several(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The company of this id or name; without either, the only one there is.
pub fn find(companies: Vec<CompanyEntry>, wanted: Option<&str>) -> Result<CompanyEntry, CompanyError> {
    let names = |companies: &[CompanyEntry]| companies.iter().map(|company| company.name.clone()).collect();
    match wanted {
        _ if companies.is_empty() => Err(CompanyError::None),
        None if companies.len() > 1 => Err(CompanyError::Several(names(&companies))),
        None => companies.into_iter().next().ok_or(CompanyError::None),
        Some(wanted) => {
            let by_id = companies.iter().find(|company| company.id.to_string() == wanted);
            let by_name = companies.iter().filter(|company| company.name.to_lowercase() == wanted.to_lowercase()).collect::<Vec<_>>();
            match (by_id, by_name.as_slice()) {
                (Some(found), _) => Ok(found.clone()),
                (None, [found]) => Ok((*found).clone()),
                (None, []) => Err(CompanyError::Unknown { wanted: wanted.into(), known: names(&companies) }),
                (None, several) => Err(CompanyError::Ambiguous { wanted: wanted.into(), ids: several.iter().map(|company| company.id.to_string()).collect() }),
            }
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

    #[test]
    fn a_name_that_two_companies_have_is_not_guessed() {
        let two = || companies(&["Acme", "Best", "ACME"]);
        assert!(matches!(find(two(), Some("acme")), Err(CompanyError::Ambiguous { ids, .. }) if ids.len() == 2));
        assert_eq!(find(two(), Some(&Uuid::from_u128(2).to_string())).unwrap().name, "ACME");
    }
}
