//! The sales of a contact file: how they are folded, and what rules ask of them.

use super::ContactFile;
use crate::address::Address;
use crate::id::{ChangeOrderId, SaleId};
use crate::personal::Personal;
use crate::refusal::{Code, Refusal};
use crate::sale::{ChangeOrder, Sale, SaleEvent};

impl ContactFile {
    pub(super) fn evolve_sale(&mut self, event: &SaleEvent) {
        let id = event.sale();
        if let Some(created) = Sale::created(event) {
            self.sales.insert(id, created);
        } else if let Some(sale) = self.sales.remove(&id) {
            self.sales.insert(id, sale.evolve(event));
        }
    }

    /// A sale, or that the contact has none with this id.
    pub fn sale(&self, id: SaleId) -> Result<&Sale, Refusal> {
        self.sales.get(&id).ok_or_else(|| Refusal::of_field(Code::UnknownSale, "sale", "the contact has no sale with this id"))
    }

    /// A change order with its sale, or that the contact has none with this id.
    pub fn change_order(&self, id: ChangeOrderId) -> Result<(SaleId, &Sale, &ChangeOrder), Refusal> {
        let found = self.sales.iter().find_map(|(of, sale)| Some((*of, sale, sale.change_orders.get(&id)?)));
        found.ok_or_else(|| Refusal::of_field(Code::UnknownChangeOrder, "change_order", "the contact has no change order with this id"))
    }

    /// The state or province of the property, where its address names it.
    pub fn region(&self) -> Option<&str> {
        let address: &Address = self.profile.as_ref()?.address.as_ref().and_then(Personal::known)?;
        address.region.as_ref().map(|region| region.as_str())
    }
}
