import Values

/// What people do at Zoho's consoles.
extension Zohobooks {
  /// Adds a contact by hand; members as in the API.
  mutating func addContact(_ members: JSON, _ scene: inout Scene) throws(SandboxError) -> JSON {
    if let fault = ZohobooksSchemas.book.fault(in: members, "CreateContact") {
      throw SandboxError(fault)
    }
    do throws(ZohobooksError) {
      return .object(try keepContact(members, &scene))
    } catch {
      throw SandboxError(error.message)
    }
  }

  /// Changes how the organization is set up.
  mutating func configure(_ wish: JSON) throws(SandboxError) -> JSON {
    let wish = try Wish(
      wish, "tokenLife", "codeLife", "tokensInTenMinutes", "callsPerMinute", "hidesErrors",
      "currencies")
    var new = settings
    new.tokenLife = try wish.int("tokenLife", or: new.tokenLife)
    new.codeLife = try wish.int("codeLife", or: new.codeLife)
    new.hidesErrors = try wish.flag("hidesErrors", or: new.hidesErrors)
    if !wish["tokensInTenMinutes"].isNull {
      new.tokensInTenMinutes = try wish.int("tokensInTenMinutes", or: 0)
    }
    if !wish["callsPerMinute"].isNull {
      new.callsPerMinute = try wish.int("callsPerMinute", or: 0)
    }
    if !wish["currencies"].isNull { new.currencies = try wish.texts("currencies") }
    settings = new
    return [:]
  }
}
