import FoundationEssentials
import Values

extension Zohobooks {
  mutating func createContact(_ request: ZohobooksRequest) throws(ZohobooksError) -> Reply {
    Self.good("contact", try keepContact(request.body), status: 201)
  }

  /// Stores a new contact; names are unique, whatever their case.
  mutating func keepContact(_ body: JSON) throws(ZohobooksError) -> Members {
    let name = body["contact_name"].nonBlank ?? ""
    guard !name.isEmpty else { throw ZohobooksError(400, 3013, "Enter a valid Contact Name") }
    guard
      !contacts.all.contains(where: { $0.text("contact_name").lowercased() == name.lowercased() })
    else {
      throw ZohobooksError(
        400, 3062, "The contact already exists. Please specify a different name.")
    }
    let currency = try currency(body["currency_id"].string)
    let persons = try persons(body)
    let primary = persons.first { $0["is_primary_contact"] == true } ?? persons.first
    let contact = Members([
      "contact_id": .string(id("contact")), "contact_name": .string(name),
      "company_name": body["company_name"], "contact_type": body["contact_type"].orElse("customer"),
      "status": "active", "payment_terms": body["payment_terms"].orElse(0),
      "currency_id": currency["currency_id"], "currency_code": currency["currency_code"],
      "email": primary?["email"] ?? "", "phone": primary?["phone"] ?? "",
      "notes": body["notes"].orElse(""), "billing_address": body["billing_address"],
      "shipping_address": body["shipping_address"],
      "contact_persons": .array(persons.map(JSON.object)),
      "created_time": .string(context.now.text),
    ])
    contacts[contact.text("contact_id")] = contact
    return contact
  }

  func contact(_ id: String) throws(ZohobooksError) -> Members {
    guard let contact = contacts[id] else { throw .missing("Contact") }
    return contact
  }

  func listContacts(_ request: ZohobooksRequest) throws(ZohobooksError) -> Reply {
    let found = contacts.all.filter { contact in
      request.query.allSatisfy { Self.holds($0.key, $0.value.lowercased(), of: contact) }
    }
    let rows = found.map {
      $0.without("notes", "billing_address", "shipping_address", "contact_persons")
    }
    return try request.page(of: rows, named: "contacts")
  }

  /// An ID as Zoho makes them: a long number.
  mutating func id(_ thing: String) -> String {
    let start = thing == "contact" ? 460_000_000_026_000 : 460_000_000_039_000
    return String(start + context.ids.number("zohobooks \(thing)"))
  }

  // MARK: Private

  private static func holds(_ name: String, _ value: String, of contact: Members) -> Bool {
    func text(_ name: String) -> String { contact.text(name).lowercased() }
    switch name {
    case "page", "per_page": return true
    case "contact_name_startswith": return text("contact_name").hasPrefix(value)
    case "contact_name_contains": return text("contact_name").contains(value)
    case "search_text": return text("contact_name").contains(value) || text("notes").contains(value)
    default: return text(name) == value
    }
  }

  private func currency(_ id: String?) throws(ZohobooksError) -> Members {
    let found = currencies.first { id == nil || $0["currency_id"]?.string == id }
    guard let found else {
      throw ZohobooksError(
        400, 9004, "This currency does not exist. Please choose a valid currency")
    }
    return found
  }

  private mutating func persons(_ body: JSON) throws(ZohobooksError)
    -> [Members]
  {
    var persons: [Members] = []
    for person in body["contact_persons"].array ?? [] {
      guard person["email"].string.map({ $0.contains("@") && !$0.contains(" ") }) ?? true else {
        throw .wrong("Enter a valid email address.")
      }
      var members = person.object ?? [:]
      members["contact_person_id"] = .string(id("person"))
      persons.append(members)
    }
    guard persons.filter({ $0["is_primary_contact"] == true }).count <= 1 else {
      throw .wrong("Only one contact person can be the primary contact.")
    }
    return persons
  }
}

extension JSON {
  /// The value, or another if it is null.
  fileprivate func orElse(_ other: JSON) -> JSON { isNull ? other : self }
}
