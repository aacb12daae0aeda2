import Values

/// An error reply of Chargebee: https://apidocs.chargebee.com/docs/api/error-handling.
struct ChargebeeError: Error, Equatable {
  let status: Int
  let code: String
  var type: String? = "invalid_request"
  let message: String
  var param: String?

  /// A parameter with an invalid value.
  static func wrong(_ param: String, _ what: String) -> ChargebeeError {
    ChargebeeError(
      status: 400, code: "param_wrong_value", message: "\(param) : \(what)", param: param)
  }

  /// An object that does not exist.
  static func missing(_ thing: String, _ id: String, param: String? = nil) -> ChargebeeError {
    ChargebeeError(
      status: 404, code: "resource_not_found", message: "\(thing) \(id) not found", param: param)
  }

  /// An operation that the object's state does not allow.
  static func state(_ message: String) -> ChargebeeError {
    ChargebeeError(status: 409, code: "invalid_state_for_request", message: message)
  }

  /// A payment that fails.
  static func payment(_ code: String, _ message: String) -> ChargebeeError {
    ChargebeeError(status: 400, code: code, type: "payment", message: message)
  }

  var reply: Reply {
    Reply(
      status,
      .members([
        "message": .string(message), "type": .text(type), "api_error_code": .string(code),
        "param": .text(param), "error_code": .string(legacyCode), "error_msg": .string(message),
        "error_param": .text(param), "http_status_code": .int(status),
      ]))
  }

  // MARK: Private

  /// The code's name in API v1, which v2 still sends.
  private var legacyCode: String {
    switch code {
    case "duplicate_entry": "param_not_unique"
    case "param_wrong_value": "param_wrong_value"
    default: code
    }
  }
}
