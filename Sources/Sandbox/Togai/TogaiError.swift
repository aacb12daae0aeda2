import Values

/// An error reply of Togai: a status and a message, without a code.
struct TogaiError: Error, Equatable {
  let status: Int
  let message: String

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }

  static func missing(_ kind: String, _ id: String) -> TogaiError {
    TogaiError(404, "\(kind) with id \(id) is not found")
  }

  var reply: Reply { Reply(status, ["message": .string(String(message.prefix(500)))]) }
}
