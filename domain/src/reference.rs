//! References to the company's people, sources, products and the like: by id, or by the name people use.

use crate::id::{CampaignId, CategoryId, MeetingTypeId, PersonId, ProductId, ReasonId, SourceId};
use crate::text::{Label, Line};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// Something of the company, named by its id or by its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Ref<Id> {
    /// By id.
    Id(Id),
    /// By name, exactly as it was defined, upper and lower case alike.
    Name(Label),
}

/// A person, by id or name.
pub type PersonRef = Ref<PersonId>;
/// A lead source, by id or name.
pub type SourceRef = Ref<SourceId>;
/// A product, by id or name.
pub type ProductRef = Ref<ProductId>;
/// A lead category, by id or name.
pub type CategoryRef = Ref<CategoryId>;
/// A type of meetings, by id or name.
pub type MeetingTypeRef = Ref<MeetingTypeId>;
/// A campaign, by id or name.
pub type CampaignRef = Ref<CampaignId>;

impl<Id: std::fmt::Display> std::fmt::Display for Ref<Id> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ref::Id(id) => id.fmt(f),
            Ref::Name(name) => name.fmt(f),
        }
    }
}

macro_rules! ref_by {
    ($($id:ident)*) => {$(
        impl From<$id> for Ref<$id> {
            fn from(id: $id) -> Self {
                Ref::Id(id)
            }
        }

        impl<'de> Deserialize<'de> for Ref<$id> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Ref::<$id>::from(Label::deserialize(deserializer)?))
            }
        }

        impl From<Label> for Ref<$id> {
            fn from(name: Label) -> Self {
                // Only the hyphenated form is an id: 32 bare digits are a name in many another system.
                let hyphenated = name.as_str().len() == 36;
                match Uuid::try_parse(name.as_str()) {
                    Ok(id) if hyphenated => Ref::Id($id(id)),
                    _ => Ref::Name(name),
                }
            }
        }

        impl Ref<$id> {
            /// What words mean, unless they are longer than any name.
            pub fn of(words: &Line) -> Option<Self> {
                Label::try_new(words.as_str()).ok().map(Self::from)
            }
        }
    )*};
}
ref_by!(PersonId SourceId ProductId CategoryId MeetingTypeId ReasonId CampaignId);

impl<Id> JsonSchema for Ref<Id> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ref".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": 120, "format": "id-or-name", "description": "An id (UUID) or a name" })
    }
}
