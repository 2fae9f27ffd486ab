//! The people who call, where they live, and how they can be reached. All of it is made up; the numbers are those kept for fiction.

use super::chance::Chance;
use domain::address::Address;
use domain::text::{Email, Label, Phone, Text};
use serde_json::json;
use std::collections::HashSet;

const FIRST: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Karen",
    "Carlos",
    "Sarah",
    "Daniel",
    "Lisa",
    "Matthew",
    "Nancy",
    "Anthony",
    "Sandra",
    "Mark",
    "Ashley",
    "Donald",
    "Emily",
    "Steven",
    "Kimberly",
    "Andrew",
    "Margaret",
    "Paul",
    "Donna",
    "Joshua",
    "Michelle",
    "Kenneth",
    "Carol",
    "Kevin",
    "Amanda",
    "Brian",
    "Melissa",
    "Luis",
    "Deborah",
    "Timothy",
    "Stephanie",
    "Ronald",
    "Rebecca",
    "Jason",
    "Sharon",
    "Wei",
    "Laura",
    "Ryan",
    "Cynthia",
    "Jacob",
    "Dorothy",
    "Omar",
    "Amy",
];
const LAST: &[&str] = &[
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Gonzalez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "Roberts",
    "Kowalski",
    "Nowak",
    "DiPietro",
    "O'Brien",
    "Schmidt",
    "Kaminski",
    "Russo",
    "Patel",
    "Chen",
    "Haddad",
];
const STREETS: &[&str] = &[
    "Main St",
    "Elm St",
    "Maple Ave",
    "Oak St",
    "Cedar Ln",
    "Pine St",
    "Lake Ave",
    "Hill Rd",
    "Park Ave",
    "Church St",
    "Washington St",
    "Center St",
    "Delaware Ave",
    "Elmwood Ave",
    "Sheridan Dr",
    "Transit Rd",
    "Union Rd",
    "Harlem Rd",
    "Abbott Rd",
    "Seneca St",
    "Clinton St",
    "Niagara St",
    "Orchard Dr",
    "Meadow Ln",
    "Willow Dr",
    "Birch Ct",
    "Sunset Blvd",
    "Ridge Rd",
    "Mill St",
    "River Rd",
    "Lakeshore Dr",
    "Garden Ct",
    "Spring St",
    "Grove St",
    "Highland Ave",
    "Forest Ave",
    "Colvin Blvd",
    "Parker Blvd",
    "Brighton Rd",
    "Military Rd",
    "Hopkins Rd",
    "Klein Rd",
    "Heim Rd",
    "Dodge Rd",
    "Como Park Blvd",
    "French Rd",
];
const TOWNS: &[(&str, &str, &str)] = &[
    ("Buffalo", "14209", "716"),
    ("Buffalo", "14216", "716"),
    ("Buffalo", "14222", "716"),
    ("Amherst", "14226", "716"),
    ("Williamsville", "14221", "716"),
    ("Tonawanda", "14150", "716"),
    ("Kenmore", "14217", "716"),
    ("Cheektowaga", "14225", "716"),
    ("Lancaster", "14086", "716"),
    ("Depew", "14043", "716"),
    ("West Seneca", "14224", "716"),
    ("Orchard Park", "14127", "716"),
    ("Hamburg", "14075", "716"),
    ("East Aurora", "14052", "716"),
    ("Clarence", "14031", "716"),
    ("Lockport", "14094", "716"),
    ("Niagara Falls", "14304", "716"),
    ("Grand Island", "14072", "716"),
    ("Batavia", "14020", "585"),
    ("Rochester", "14618", "585"),
];

/// Somebody who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they are called.
    pub name: Label,
    /// Their telephone numbers.
    pub phones: Vec<Phone>,
    /// Their e-mail addresses.
    pub emails: Vec<Email>,
    /// Where they live: nobody else does.
    pub address: Address,
}

/// A town in which nobody lives at somebody else's address.
#[derive(Debug, Default)]
pub struct Town {
    taken: HashSet<(u32, usize, usize)>,
}

impl Town {
    /// Somebody new.
    pub fn caller(&mut self, chance: &mut Chance) -> Option<Caller> {
        let (first, last) = (*chance.pick(FIRST), *chance.pick(LAST));
        let (number, street, town) = self.free_address(chance);
        let (city, postal_code, area) = TOWNS[town];
        let phone = format!("({area}) 555-01{:02}", chance.below(100));
        let email = format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase().replace('\'', ""));
        let household = chance.percent(12);
        let name = if household { format!("{first} and {} {last}", chance.pick(FIRST)) } else { format!("{first} {last}") };
        let mut caller = Caller {
            name: Label::try_new(&name).ok()?,
            phones: vec![read(phone)?],
            emails: vec![],
            address: Address {
                street: Text::try_new(&format!("{number} {}", STREETS[street])).ok()?,
                city: Text::try_new(city).ok(),
                region: Text::try_new("NY").ok(),
                postal_code: Text::try_new(postal_code).ok(),
            },
        };
        if chance.percent(70) {
            caller.emails.push(read(email)?);
        }
        Some(caller)
    }

    /// An address nobody has. When a street fills up its houses get higher numbers.
    fn free_address(&mut self, chance: &mut Chance) -> (u32, usize, usize) {
        let mut highest = 1_800;
        loop {
            let address = (1 + chance.below(highest) as u32, chance.below(STREETS.len() as u64) as usize, chance.below(TOWNS.len() as u64) as usize);
            if self.taken.insert(address) {
                return address;
            }
            highest += highest / 4;
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(text: String) -> Option<T> {
    serde_json::from_value(json!(text)).ok()
}
