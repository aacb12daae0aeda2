import FoundationEssentials
import StepKit
import Values

/// Voids in Togai the feature credits that were granted for an invoice of which all money went back, once each.
///
/// | what was granted | result |
/// |---|---|
/// | credits, of which nothing is used | voided |
/// | credits that are voided or have expired | unchanged |
/// | credits, of which something is used | not synced, with the amounts |
/// | a price plan for a term | not synced: a person ends it |
/// | any of these, and a part of the money went back or a payment failed late | not synced, with the amounts |
/// | nothing that is found, and several items have one price | not synced: a person looks |
/// | voiding in doubt | the credits are read again later |
struct GrantVoiding {
  /// The most item prices of an invoice that are looked up.
  private static let most = 50

  let ending: InvoiceEnding
  let source: Source
  /// Why: a clause such as `490 USD of 490 USD were refunded in Chargebee`.
  let reason: String
  let answers: [String: Answer]

  /// Credits of a purchase that can still be used.
  private struct Credits {
    let account: String
    let feature: String
    /// The name that people see.
    let name: String
    /// The id in the list.
    let entry: String
    /// The purchase that they are of.
    let purchase: String
    let granted: Decimal
    let used: Decimal
  }

  /// The reply; nil if nothing was granted for the invoice.
  func reply() throws(Halt) -> Reply<InvoiceEnding>? {
    let prices = ending.prices.distinctByBytes
    let keys = prices.prefix(Self.most).map { "\(source.id)/\($0)" }
    try answers.require(
      keys.enumerated().map { index, key in
        .find(name: "grant-\(index)", kind: .grant, ids: [source.app: key], in: TogaiAPI.name)
      })
    let grants = keys.enumerated().compactMap { index, key in
      answers["grant-\(index)"]?.value.verbatim.map { (index: index, key: key, id: $0) }
    }
    // Several items of one price have keys with a term or a user, which the ending does not tell
    let several = prices.filter { price in
      ending.prices.count(where: price.hasBytes) > 1
        && !grants.contains { $0.key.hasBytes(of: "\(source.id)/\(price)") }
    }
    guard several.isEmpty else {
      let names = several.prefix(20).joined(separator: ", ").truncated(to: 500)
      return .notSynced(
        "invoice \(source.id): \(reason), and it has several items of \(names): look in Togai what was"
          + " granted for each, void what is not to be used, then `meterbridge attention acknowledge`"
      )
    }
    guard !grants.isEmpty else { return nil }
    let plans = grants.filter { $0.id.hasBytes(of: $0.key) || isSchedule($0.id, $0.key) }
    let purchases = grants.filter { grant in !plans.contains { $0.index == grant.index } }
    let credits = try purchases.batchMap { (grant) throws(Halt) in
      try self.credits(of: grant.id, grant.index)
    }.flatMap(\.self)

    var findings = plans.map { "the price plan that was granted for \($0.key) goes on" }
    let isWhole = ending.state == .refunded && ending.amount >= ending.total
    for one in credits where one.used > 0 || !isWhole {
      findings.append("\(one.used) of \(one.granted) \(one.name) are used (\(one.entry))")
    }
    guard findings.isEmpty else {
      return .notSynced(
        "invoice \(source.id): \(reason), and in Togai \(findings.joined(separator: ", ").truncated(to: 800)):"
          + " void or end there what is not to be used, then `meterbridge attention acknowledge`")
    }
    guard !credits.isEmpty else {
      return .done(ending, note: "what was granted for invoice \(source.id) is void already")
    }
    let names = credits.map { "\($0.granted) \($0.name) (\($0.entry))" }
      .joined(separator: ", ").truncated(to: 800)
    for one in credits {
      if let refusal = try void(one) {
        return .notSynced(
          "invoice \(source.id): \(refusal): void them by hand, then `meterbridge attention acknowledge`"
        )
      }
    }
    return .done(ending, note: "voided \(names) of account \(credits[0].account): \(reason)")
  }

  // MARK: Private

  /// Whether an id of the ID mapping names a schedule and the key of the grant, and no purchase.
  private func isSchedule(_ id: String, _ key: String) -> Bool {
    id.utf8.count > key.utf8.count
      && String(decoding: id.utf8.suffix(key.utf8.count + 1), as: UTF8.self)
        .hasBytes(of: "/\(key)")
  }

  private func credits(of purchase: String, _ index: Int) throws(Halt) -> [Credits] {
    let read = try answers.answer(
      to: .get("purchase-\(index)", "/purchases/\(purchase.percentEncoded)"))
    let value = try TogaiAPI.value(of: read, "purchase \(purchase)")
    guard let account = value["accountId"].verbatim else {
      throw .permanent(
        "purchase \(purchase) names no account: void its credits in Togai by hand,"
          + " then `meterbridge attention acknowledge`")
    }
    let features = value["features"].items.enumerated()
    return try features.batchMap { (place, feature) throws(Halt) -> [Credits] in
      guard let id = feature["id"].verbatim else { return [] }
      let suffix = "\(index)-\(place)"
      let path = "/accounts/\(account.percentEncoded)/features/\(id.percentEncoded)/entries"
      let pages = Pages(
        name: "entries-\(suffix)", path: path, size: 50, thing: "the credits of feature \(id)",
        answers: answers)
      var own: [JSON] = []
      try pages.read { items in
        own += items.filter { belongs($0["id"].verbatim, to: purchase) }
        return !items.isEmpty
      }
      var credits: [Credits] = []
      for json in own where json["status"].string ?? "ACTIVE" == "ACTIVE" {
        guard let entry = json["id"].verbatim, let granted = json["granted"].amount,
          let used = json["used"].amount
        else {
          throw .permanent(
            "the credits of purchase \(purchase) cannot be read: look there, and retry the run")
        }
        credits.append(
          Credits(
            account: account, feature: id, name: (feature["name"].nonBlank ?? id).truncated(to: 60),
            entry: entry, purchase: purchase, granted: granted, used: used))
      }
      return credits
    }.flatMap(\.self)
  }

  /// Whether credits are those of a purchase: their id is the purchase's, or that and a number.
  private func belongs(_ entry: String?, to purchase: String) -> Bool {
    guard let entry else { return false }
    return entry.hasBytes(of: purchase)
      || ["$", "#"].contains { entry.beginsWithBytes(of: purchase + $0) }
  }

  /// The id of credits in a path: `purchase.1#1$PURCHASE` for those that the list names `purchase.1$1`.
  ///
  /// Source: the parameter `entry_id` of https://docs.togai.com/api-reference. Of an id without a number it
  /// says nothing.
  private func pathID(_ credits: Credits) -> String {
    let start = credits.purchase + "$"
    guard credits.entry.beginsWithBytes(of: start) else { return credits.entry }
    let number = String(decoding: credits.entry.utf8.dropFirst(start.utf8.count), as: UTF8.self)
    return Int(number) == nil ? credits.entry : "\(credits.purchase)#\(number)$PURCHASE"
  }

  /// Voids credits, and returns the reason why Togai refuses it; nil if they are void.
  private func void(_ credits: Credits) throws(Halt) -> String? {
    let path =
      "/accounts/\(credits.account.percentEncoded)/features/\(credits.feature.percentEncoded)"
      + "/entries/\(pathID(credits).percentEncoded)/void"
    let thing = "the credits \(credits.entry)"
    let voided = try answers.answer(to: .post("voided-\(credits.entry)", path, body: .null))
    // If the outcome is unknown, the credits are read again: void ones are left
    if voided.isUnknown { throw .unanswered("Togai", thing) }
    if TogaiAPI.isRefused(voided) { return TogaiAPI.failure(voided, thing).reason }
    _ = try TogaiAPI.value(of: voided, thing)
    return nil
  }
}
