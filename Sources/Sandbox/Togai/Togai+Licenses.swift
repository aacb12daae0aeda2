import FoundationEssentials
import Values

/// The quantities of licenses: https://docs.togai.com/api-reference.
extension Togai {
  mutating func updateLicense(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    let body = request.body
    let account = try account(body["accountId"].string ?? "")
    let license = body["licenseId"].string ?? ""
    guard licenses.contains(license) else { throw .missing("License", license) }
    let key = body["idempotencyKey"].string
    if let key, let known = licenseUpdates.first(where: { $0["idempotencyKey"]?.string == key }) {
      return Reply(200, .object(known.without("idempotencyKey")))
    }
    let own = licenseUpdates.last {
      $0["licenseId"]?.string == license && $0["accountId"] == account["id"]
    }
    let given = body["quantity"].decimal ?? 0
    let quantity =
      body["updateType"].string == "RELATIVE" ? (own?["quantity"]?.decimal ?? 0) + given : given
    guard quantity >= 0 else { throw TogaiError(400, "the quantity must not be negative") }
    let update = Members([
      "licenseId": .string(license), "accountId": account["id"], "quantity": .decimal(quantity),
      "effectiveFrom": .string(body["effectiveFrom"].string ?? context.now.text),
      "createdAt": .string(context.now.text), "idempotencyKey": .text(key),
    ])
    licenseUpdates.append(update)
    return Reply(200, .object(update.without("idempotencyKey")))
  }

  func listLicenseUpdates(_ request: TogaiRequest) throws(TogaiError) -> Reply {
    try list(licenseUpdates, request, largest: 50) { .object($0.without("idempotencyKey")) }
  }

  /// Adds a license to the catalogue.
  mutating func defineLicense(_ body: JSON) throws(SandboxError) -> JSON {
    let id = try ControlRequest(body, "id").text("id")
    licenses.insert(id)
    return ["id": .string(id)]
  }
}
