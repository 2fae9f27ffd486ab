//! Tables for people: columns as wide as what is in them, numbers to the right.

use super::output::in_a_line;

/// A table in the making.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug)]
struct Column {
    title: &'static str,
    to_the_right: bool,
}

impl Table {
    /// A table without rows. A title that begins with `>` has its column set to the right.
    pub fn new(titles: &[&'static str]) -> Table {
        let column = |title: &&'static str| match title.strip_prefix('>') {
            Some(title) => Column { title, to_the_right: true },
            None => Column { title, to_the_right: false },
        };
        Table { columns: titles.iter().map(column).collect(), rows: vec![] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| in_a_line(&cell)).collect());
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.to_owned()).collect();
        let wide = |at: usize| self.rows.iter().chain([&titles]).filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.columns.len()).map(|at| wide(at).unwrap_or_default()).collect();
        for row in [&titles].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for ((cell, column), width) in row.iter().zip(&self.columns).zip(&widths) {
                let cell = if column.to_the_right { format!("{cell:>width$}") } else { format!("{cell:<width$}") };
                line = if line.is_empty() { cell } else { format!("{line}  {cell}") };
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A whole number with its thousands set apart.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of a thing, named in the singular.
pub fn many(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let mut table = Table::new(&["name", ">leads"]);
        table.row(["Åsa".into(), "7".into()]);
        table.row(["Benjamin".into(), "1,234".into()]);
        assert_eq!(table.to_string(), "name      leads\nÅsa           7\nBenjamin  1,234\n");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 2_000].map(|number| many(number, "line")), ["0 lines", "1 line", "2,000 lines"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, -1234567].map(grouped), ["0", "999", "1,000", "-1,234,567"]);
    }
}
