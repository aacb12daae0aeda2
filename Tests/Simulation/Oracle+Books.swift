import Values

/// What Zoho Books must hold.
extension Oracle {
  private var contacts: [JSON] { all(books["contacts"]) }

  private func lines(_ contact: JSON) -> [Substring] {
    (contact["notes"].string ?? "").split(separator: "\n")
  }

  /// The contacts of which the notes say that they are this account, without an account this customer of
  /// Chargebee's, or else this customer of Togai's, who may have several accounts.
  private func contacts(of id: String) -> [JSON] {
    contacts.filter { contact in
      let lines = lines(contact)
      for start in ["Togai account ", "Chargebee customer ", "Togai customer "] {
        let named = lines.filter { $0.hasPrefix(start) }
        if !named.isEmpty { return named.contains { $0 == start + id } }
      }
      return false
    }
  }

  /// Each customer and account of a flow has a contact, once.
  mutating func judgeContacts() {
    let customers = Set(all(chargebee["customers"]).compactMap { $0["id"].string })
    let accounts = Set(all(togai["accounts"]).compactMap { $0["id"].string })
    for id in customers.union(accounts).sorted() {
      let own = contacts(of: id)
      let names = own.map { $0["contact_name"].text }.joined(separator: " | ")
      expect(own.count <= 1, "contact made twice", "\(id) has \(own.count) contacts: \(names)")
      let isDue =
        flows.contains(FlowID.bookedCustomers) && customers.contains(id)
        || flows.contains(FlowID.bookedAccounts) && accounts.contains(id)
      guard isDue else { continue }
      demand(
        !own.isEmpty, "contact missing", id, by: FlowID.bookedCustomers, FlowID.bookedAccounts,
        text: "\(id) has no contact")
    }
  }

  /// Each invoice of Togai's is in Zoho Books once, sent, and over what was open.
  mutating func judgeBooks() {
    guard flows.contains(FlowID.bookedInvoices) else { return }
    for invoice in all(togai["invoices"])
    where invoice["invoiceClass"] == "INVOICE" && invoice["status"] != "DRAFT" {
      let id = invoice["id"].string ?? "?"
      let same = all(books["invoices"]).filter { $0["reference_number"].string == id }
      expect(same.count <= 1, "booked twice", "\(id) was booked \(same.count) times")
      guard let other = same.first else {
        demand(
          Self.mayLack(invoice), "booking missing", id, by: FlowID.bookedInvoices,
          text: "\(id) is not in Zoho Books")
        continue
      }
      judge(id, invoice, other)
    }
  }

  private mutating func judge(_ id: String, _ invoice: JSON, _ other: JSON) {
    let (total, paid, booked) = (
      cents(invoice["totalAmount"]), cents(invoice["paidAmount"]), cents(other["total"])
    )
    expect(
      booked <= total && booked >= total - paid, "wrong booking",
      "\(id) is over \(total) cents, \(paid) of them paid, and booked with \(booked)")
    demand(
      other["status"] == "sent", "booking not sent", id, by: FlowID.bookedInvoices,
      text: "the booking of \(id) is \(other["status"].text)")
    let settings = all(togai["settings"]).filter {
      $0["entityId"].string == id && $0["value"] == other["invoice_id"]
    }
    // It is for people to see: where it is refused, it is not set, which is no failure
    demand(
      !settings.isEmpty || hasRefusals, "booking not shown", id, by: FlowID.bookedInvoices,
      text: "the id of the booking of \(id) is not a setting in Togai")
  }

  private func cents(_ json: JSON) -> Int { json.decimal?.minor(places: 2) ?? 0 }
}
