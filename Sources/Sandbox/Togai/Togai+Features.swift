import FoundationEssentials
import Values

/// The feature credits of an account: https://docs.togai.com/api-reference.
extension Togai {
  func getFeature(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let account = try account(request.id)
    let own = try credits(of: request)
    return Reply(
      200,
      .members([
        "accountId": account["id"], "featureId": .string(request.ids[1]),
        "granted": .decimal(own.reduce(0) { $0 + ($1.isVoid ? 0 : $1.granted) }),
        "balance": .decimal(own.reduce(0) { $0 + $1.balance }), "usedOverage": 0,
      ]))
  }

  func listCredits(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    _ = try account(request.id)
    let own = try credits(of: request).map { credit in
      Members([
        "id": .string("\(credit.purchase)$\(credit.number)"), "source": "ENTITLEMENT",
        "status": credit.isVoid ? "VOIDED" : "ACTIVE", "granted": .decimal(credit.granted),
        "balance": .decimal(credit.balance), "used": .decimal(credit.used),
        "effectiveFrom": .string(credit.from + "T00:00:00Z"),
        "effectiveUntil": .string(credit.until + "T00:00:00Z"),
      ])
    }
    return try list(own, request, largest: 50)
  }

  /// Voids credits; the path names them `purchase#number$PURCHASE`, and the list `purchase$number`.
  mutating func voidCredits(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    _ = try account(request.id)
    let index = credits.firstIndex {
      $0.account == request.id && $0.feature == request.ids[1]
        && "\($0.purchase)#\($0.number)$PURCHASE" == request.ids[2]
    }
    guard let index else { throw .missing("Entry", request.ids[2]) }
    guard !credits[index].isVoid else { throw TogaiError(400, "the entry is VOIDED already") }
    credits[index].isVoid = true
    return Reply(200, ["success": true])
  }

  /// Uses credits of an account, the oldest first.
  mutating func use(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(body, "account", "feature", "quantity")
    let (account, feature) = (try request.text("account"), try request.text("feature"))
    var rest = try request.decimal("quantity", or: 1)
    for index in credits.indices
    where credits[index].account == account && credits[index].feature == feature {
      let used = min(rest, credits[index].balance)
      credits[index].used += used
      rest -= used
    }
    guard rest <= 0 else { throw SandboxError("the account has not that many credits") }
    return [:]
  }

  // MARK: Private

  private func credits(of request: TogaiRequest) throws(TogaiError) -> [FeatureCredit] {
    let feature = request.ids[1]
    let isKnown = pricePlans.all.contains { plan in
      plan["features"]?.array?.contains { $0["id"].string == feature } == true
    }
    guard isKnown else { throw .missing("Feature", feature) }
    return credits.filter { $0.account == request.id && $0.feature == feature }
  }
}
