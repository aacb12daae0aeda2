import Values

/// An error reply of Zoho Books, with a numeric code and a message:
/// https://www.zoho.com/books/api/v3/errors.
struct ZohobooksError: Error, Equatable {
  let status: Int
  let code: Int
  let message: String

  init(_ status: Int, _ code: Int, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  /// An invalid value.
  static func wrong(_ message: String) -> ZohobooksError { ZohobooksError(400, 15, message) }

  /// An object that does not exist.
  static func missing(_ thing: String) -> ZohobooksError {
    ZohobooksError(404, 1002, "\(thing) does not exist.")
  }

  /// An access token that is invalid, revoked or expired.
  static let unauthorized = ZohobooksError(
    401, 57, "You are not authorized to perform this operation")

  var reply: Reply {
    Reply(status, ["code": .number(Numeral(code)), "message": .string(message)])
  }
}
