import StepKit
import Values

/// An error as Zoho Books words it: a number and a sentence.
struct ZohobooksError: Error, Equatable {
  let status: Int
  let code: Int
  let message: String

  init(_ status: Int, _ code: Int, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  /// A value that will not do.
  static func wrong(_ message: String) -> ZohobooksError { ZohobooksError(400, 15, message) }

  /// Something that is not there.
  static func missing(_ thing: String) -> ZohobooksError {
    ZohobooksError(404, 1002, "\(thing) does not exist.")
  }

  /// An access token that is not good, or not any more.
  static let unauthorized = ZohobooksError(
    401, 57, "You are not authorized to perform this operation")

  var reply: Reply {
    Reply(status, ["code": .number(Numeral(code)), "message": .string(message)])
  }
}
