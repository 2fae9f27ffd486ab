//! Campaigns that win contacts back or sell to them again, and whom each is for (S0:4).

use super::{CATEGORY, Company, Names, PRODUCT, SOURCE};
use crate::blueprint::ContactState;
use crate::id::{CampaignId, CategoryId, ProductId, SourceId};
use crate::instant::Day;
use crate::reference::{CategoryRef, ProductRef, SourceRef};
use crate::refusal::{Code, Refusal};
use crate::text::Label;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::HashMap;

/// Whom a campaign is for: contacts of whom all of this is true. What is left out is true of everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Audience<Source = SourceId, Product = ProductId, Category = CategoryId> {
    /// In one of these states; without any, in every one but Do Not Contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<ContactState>,
    /// Of this lead source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// That asked for this product last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Product>,
    /// Of this lead category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// That have bought: `any` product, `none`, or this one. A sale counts while it is official and not canceled (METRICS C.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bought: Option<Bought<Product>>,
    /// That have not bought this product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Product>,
    /// For whom no demo was ever set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_set: bool,
    /// To whom nothing has happened since this local day began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event_before: Option<Day>,
}

/// An audience as people describe it: everything by its id or name.
pub type AudienceAsk = Audience<SourceRef, ProductRef, CategoryRef>;

/// What somebody has bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bought<Product> {
    /// Something.
    Any,
    /// Nothing.
    Nothing,
    /// This product.
    Product(Product),
}

impl AudienceAsk {
    /// The same with ids. What was retired may be meant too: it is their past by which contacts are found.
    pub(super) fn by_id(&self, company: &Company) -> Result<Audience, Refusal> {
        if self.states.contains(&ContactState::DoNotContact) {
            return Err(Refusal::of_field(Code::FieldInvalid, "audience/states", "who wants to be approached no more is in no campaign"));
        }
        let product = |field: &str, wanted: &ProductRef| company.products.known(PRODUCT, field, wanted);
        let audience = Audience {
            states: self.states.clone(),
            source: self.source.as_ref().map(|wanted| company.sources.known(SOURCE, "audience/source", wanted)).transpose()?,
            product: self.product.as_ref().map(|wanted| product("audience/product", wanted)).transpose()?,
            category: self.category.as_ref().map(|wanted| company.categories.known(CATEGORY, "audience/category", wanted)).transpose()?,
            bought: match &self.bought {
                Some(Bought::Product(wanted)) => Some(Bought::Product(product("audience/bought", wanted)?)),
                Some(Bought::Any) => Some(Bought::Any),
                Some(Bought::Nothing) => Some(Bought::Nothing),
                None => None,
            },
            without: self.without.as_ref().map(|wanted| product("audience/without", wanted)).transpose()?,
            never_set: self.never_set,
            last_event_before: self.last_event_before,
        };
        if audience.without.is_some_and(|without| audience.bought == Some(Bought::Product(without))) {
            return Err(Refusal::of_field(Code::FieldInvalid, "audience/without", "nobody has bought a product and has not"));
        }
        Ok(audience)
    }
}

/// A company's campaigns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Campaigns {
    /// Their names.
    pub names: Names<CampaignId>,
    audiences: HashMap<CampaignId, Audience>,
}

impl Campaigns {
    /// Whom a campaign is for.
    pub fn audience(&self, id: CampaignId) -> Option<&Audience> {
        self.audiences.get(&id)
    }

    pub(super) fn insert(&mut self, id: CampaignId, name: Label, audience: Audience) {
        self.names.insert(id, name);
        self.audiences.insert(id, audience);
    }
}

const ANY: &str = "any";
const NOTHING: &str = "none";

impl<Product: Serialize> Serialize for Bought<Product> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Bought::Any => serializer.serialize_str(ANY),
            Bought::Nothing => serializer.serialize_str(NOTHING),
            Bought::Product(product) => product.serialize(serializer),
        }
    }
}

impl<'de, Product: Deserialize<'de>> Deserialize<'de> for Bought<Product> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Label::deserialize(deserializer)?;
        match text.as_str() {
            ANY => Ok(Bought::Any),
            NOTHING => Ok(Bought::Nothing),
            product => Product::deserialize(product.to_owned().into_deserializer()).map(Bought::Product),
        }
    }
}

impl<Product> JsonSchema for Bought<Product> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Bought".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "maxLength": 120 })
    }
}
