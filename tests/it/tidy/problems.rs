//! Every problem code has a page in docs/problems, and every page a code.

use std::collections::BTreeSet;

use super::files::names_in;

#[test]
fn every_problem_code_has_a_page_and_every_page_a_code() {
    let of_the_rules = domain::Code::ALL.iter().map(|code| code.as_str());
    let of_the_edge = api::http::ProblemCode::ALL.iter().map(|code| code.as_str());
    let codes: BTreeSet<String> = of_the_rules.chain(of_the_edge).map(str::to_owned).collect();
    let pages = names_in("docs/problems").into_iter().filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()));
    assert_eq!(codes, pages.filter(|page| page != "README").collect());
}
