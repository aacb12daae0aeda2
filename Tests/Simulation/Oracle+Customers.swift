import Values

extension Oracle {
  private var customers: [JSON] { all(chargebee["customers"]) }

  private func id(_ json: JSON) -> String { json["id"].string ?? "?" }

  private func isFromTogai(_ customer: JSON) -> Bool {
    !customer[path: "meta_data.togai_customer_id"].isNull
  }

  /// Each customer is on both sides, once.
  mutating func judgeCustomers() {
    let accounts = Set(all(togai["accounts"]).map(id))
    let known = Set(customers.map(id))
    let makers = [FlowID.customers, FlowID.bookedCustomers]
    for customer in known.sorted() where !flows.isDisjoint(with: makers) {
      demand(
        accounts.contains(customer), "customer missing in Togai", customer,
        by: FlowID.customers, FlowID.bookedCustomers, text: "customer \(customer) has no account")
    }
    for account in accounts.sorted() where flows.contains(FlowID.accounts) {
      demand(
        known.contains(account), "customer missing in Chargebee", account, by: FlowID.accounts,
        text: "account \(account) has no customer")
    }
    for name in known.union(accounts).sorted() where name.count != 2 {
      found.append(Wrong("customer made twice", "nobody made \(name)"))
    }
  }

  /// The newest name of a customer is on both sides.
  mutating func judgeNames() {
    for customer in customers {
      let (id, name) = (id(customer), customer["company"].string ?? "")
      let isRenamed = name.contains(" v") && !name.hasSuffix(" v0")
      let account = all(togai["accounts"]).first { $0["id"].string == id }
      guard flows.contains(FlowID.changes), isRenamed else { continue }
      let owner = account?["customerId"].string ?? id
      let held = all(togai["customers"]).first { $0["id"].string == owner }
      // One with several accounts has the name of one of them
      let isOnly = all(togai["accounts"]).count { $0["customerId"].string == owner } <= 1
      for (thing, json) in [("customer", held), ("account", account)]
      where isOnly || thing == "account" {
        let text = json?["name"].string ?? "missing"
        demand(
          text == name, text.hasSuffix("own") ? "change lost" : "stale name", id,
          by: FlowID.changes,
          text: "the name of \(thing) \(id) in Togai is \(text) and not \(name)")
      }
    }
  }

  /// Each customer has one comment that names the customer on the other side; one that was made before
  /// may be followed by another for what it does not name.
  mutating func judgeComments() {
    for customer in customers {
      let id = id(customer)
      let notes = all(chargebee["comments"]).filter {
        $0["entity_type"] == "customer" && $0["entity_id"].string == id
      }.compactMap { $0["notes"].string }
      let said = notes.joined(separator: " | ")
      for app in ["Togai", "Zohobooks"] {
        let count = notes.count { $0.contains("\(app) customer ") }
        expect(
          count <= 1, "two comments", "customer \(id) has \(count) comments on \(app): \(said)")
      }
      let isDue = flows.contains(isFromTogai(customer) ? FlowID.accounts : FlowID.customers)
      guard isDue else { continue }
      // Where the comment or the list of comments is refused, none is made, which is no failure
      demand(
        !notes.isEmpty || hasRefusals, "comment missing", id, by: FlowID.customers,
        FlowID.accounts,
        text: "customer \(id) has no comment")
    }
  }
}
