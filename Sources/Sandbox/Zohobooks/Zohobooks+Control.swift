import Values

/// Actions at Zoho's consoles.
extension Zohobooks {
  /// Adds a contact by hand; the members are those of the API.
  mutating func addContact(_ members: JSON, _ context: inout SandboxContext) throws(SandboxError)
    -> JSON
  {
    if let fault = ZohobooksSchemas.book.fault(in: members, "CreateContact") {
      throw SandboxError(fault)
    }
    do throws(ZohobooksError) {
      return .object(try keepContact(members, &context))
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
