import StepKit
import Values

/// The items of an invoice with the customers who use them, read from Chargebee where need be.
///
/// With an account hierarchy, `customer_id` of an invoice is who is billed, and that of a line is who
/// uses what it sells: https://www.chargebee.com/docs/2.0/account-hierarchy.html.
struct SoldItems {
  /// The subscription that came with the event.
  let subscription: JSON
  /// The id of the payer.
  let payer: String?
  let currencies: CurrencyPlaces
  let answers: [String: Answer]

  /// The items of invoices, in order, each with its user unless that is the payer.
  func items(of invoices: [JSON], _ currency: [String]) throws(Halt) -> [[PaidItem]] {
    let userOf =
      subscription["id"].verbatim.flatMap { id in
        subscription["customer_id"].verbatim.map { [id.byteKey: $0] }
      } ?? [:]
    var lines: [[PaidLine]] = []
    for (invoice, currency) in zip(invoices, currency) {
      let places = try currencies.places(of: currency)
      var own: [PaidLine] = []
      for json in invoice["line_items"].items {
        guard let line = try PaidLine(json, places: places, userOf: userOf) else { continue }
        own.append(line)
      }
      lines.append(own)
    }
    var sold = PaidItems(terms: try terms(of: lines.flatMap(\.self)))
    sold.noted = try credits(
      of: lines.flatMap(sold.changed).distinctByBytes, currency.first ?? "")
    let items = zip(invoices, lines).map { invoice, lines in
      sold.items(of: lines).map { item, user in
        (item: item, user: user ?? invoice["customer_id"].verbatim)
      }
    }
    let users = try users(items.flatMap(\.self).compactMap(\.user))
    return items.map { items in
      items.map { item, user in
        var item = item
        item.customer = user.flatMap { users[$0.byteKey] }
        return item
      }
    }
  }

  // MARK: Private

  /// The users other than the payer, by id.
  private func users(_ ids: [String]) throws(Halt) -> [[UInt8]: Customer] {
    guard let payer else { return [:] }
    let others = ids.distinctByBytes.filter { !$0.hasBytes(of: payer) }
    let users = try others.enumerated().batchMap { (index, id) throws(Halt) -> Customer in
      let name = "customer \(id.truncated(to: 60))"
      let read = try answers.answer(
        to: .get("user-\(index)", "/customers/\(id.percentEncodedPath)"))
      if read.status == 404 {
        throw .notSynced(
          "\(name), who uses what was paid for, is not in Chargebee any more: grant it by hand,"
            + " then `meterbridge attention acknowledge`")
      }
      let json = try ChargebeeAPI.value(of: read, name)["customer"]
      try json.checkCurrent()
      return try Customer(chargebee: json)
    }
    return Dictionary(uniqueKeysWithValues: zip(others.map(\.byteKey), users))
  }

  /// The terms of the subscriptions of which a line may be for a part, by the bytes of their ids.
  private func terms(of lines: [PaidLine]) throws(Halt) -> [[UInt8]: PaidItems.Term] {
    var terms: [[UInt8]: PaidItems.Term] = [:]
    let own = subscription["id"].verbatim
    if let own { terms[own.byteKey] = term(subscription) }
    let doubtful = lines.filter { !$0.isCredit && !$0.subscription.isEmpty && !isMonths($0) }
    let ids = doubtful.map(\.subscription).distinctByBytes.filter { !own.hasBytes(of: $0) }
    let read =
      try ids.enumerated().batchMap { (index, id) throws(Halt) in
        let answer = try answers.answer(
          to: .get("subscription-\(index)", "/subscriptions/\(id.percentEncodedPath)"))
        let name = "subscription \(id.truncated(to: 60))"
        if answer.status == 404 {
          throw .notSynced(
            "\(name) is not in Chargebee any more, so nobody can tell whether a whole term was paid for:"
              + " grant it by hand, then `meterbridge attention acknowledge`"
          )
        }
        return (id, term(try ChargebeeAPI.value(of: answer, name)["subscription"]))
      } as [(String, PaidItems.Term?)]
    for (id, term) in read { terms[id.byteKey] = term }
    return terms
  }

  /// The lines of the newest credit notes of subscriptions.
  ///
  /// Chargebee pays back what is left of the former quantity by a credit note of its own, which names the
  /// invoice before: https://www.chargebee.com/docs/2.0/proration.html. An API key that may not read them
  /// leaves the former quantity unknown.
  private func credits(of ids: [String], _ currency: String) throws(Halt) -> [PaidLine] {
    try ids.enumerated().batchMap { (index, id) throws(Halt) -> [PaidLine] in
      let name = "the credit notes of subscription \(id.truncated(to: 60))"
      let query: JSON = [
        "subscription_id": ["is": .string(id)], "sort_by": ["desc": "date"], "limit": 100,
      ]
      let read = try answers.answer(to: .get("credits-\(index)", "/credit_notes", query: query))
      try ChargebeeAPI.checkReachable(read, name)
      let notes = read.isSuccess ? read.value["list"].items.map { $0["credit_note"] } : []
      var lines: [PaidLine] = []
      for note in notes where note["status"].string != "voided" {
        let places = try currencies.places(of: note["currency_code"].nonBlank ?? currency)
        for json in note["line_items"].items {
          guard let line = try PaidLine(json, places: places, userOf: [:]) else { continue }
          lines.append(line)
        }
      }
      return lines
    }.flatMap(\.self)
  }

  private func term(_ subscription: JSON) -> PaidItems.Term? {
    let ends = ["current_term_start", "current_term_end"].compactMap { name in
      subscription[name].int.map { Timestamp(seconds: $0).seconds }
    }
    guard ends.count == 2, ends[0] < ends[1] else { return nil }
    return ends[0]..<ends[1]
  }

  /// Whether a line is for whole months, or has no period: then no subscription is read for it.
  private func isMonths(_ line: PaidLine) -> Bool {
    guard let from = line.start, let to = line.to else { return true }
    func day(_ seconds: Int) -> Substring { Timestamp(seconds: seconds).date().suffix(2) }
    // Summer time may begin or end in between
    let days = (to - from + 3600) / 86_400
    return days >= 28 && (to - from + 3600) % 86_400 <= 7200 && day(from) == day(to)
  }
}
