import Values

/// Actions at Zoho's consoles.
extension Zohobooks {
  mutating func control(
    _ method: String, _ path: [String], _ body: JSON
  ) throws(SandboxError) -> JSON? {
    switch "\(method) \(path.joined(separator: "/"))" {
    case "POST contacts": return try addContact(body)
    case "POST settings": return try configure(body)
    case "POST codes": return ["code": .string(makeCode())]
    case "DELETE tokens":
      tokens.revokeAccessTokens()
      return [:]
    default: return nil
    }
  }

  /// Adds a contact by hand; the members are those of the API.
  mutating func addContact(_ members: JSON) throws(SandboxError)
    -> JSON
  {
    if let fault = ZohobooksSchemas.book.fault(in: members, "CreateContact") {
      throw SandboxError(fault)
    }
    do throws(ZohobooksError) {
      return .object(try keepContact(members))
    } catch {
      throw SandboxError(error.message)
    }
  }

  /// Changes the settings of the organization.
  mutating func configure(_ body: JSON) throws(SandboxError) -> JSON {
    let request = try ControlRequest(
      body, "tokenLife", "codeLife", "tokensInTenMinutes", "callsPerMinute", "hidesErrors",
      "currencies")
    var new = settings
    new.tokenLife = try request.int("tokenLife", or: new.tokenLife)
    new.codeLife = try request.int("codeLife", or: new.codeLife)
    new.hidesErrors = try request.flag("hidesErrors", or: new.hidesErrors)
    new.tokensInTenMinutes = try request.limit("tokensInTenMinutes", or: new.tokensInTenMinutes)
    new.callsPerMinute = try request.limit("callsPerMinute", or: new.callsPerMinute)
    new.currencies = try request.texts("currencies", or: new.currencies)
    settings = new
    return [:]
  }
}
