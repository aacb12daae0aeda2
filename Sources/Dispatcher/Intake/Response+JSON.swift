public import HTTP
public import Values

extension Response {
  /// An answer that says what is wrong, as JSON.
  public static func problem(_ status: Int, _ message: String, headers: Headers = [:]) -> Response {
    .json(status, ["error": .string(message)], headers: headers)
  }

  /// A JSON answer.
  public static func json(_ status: Int, _ body: JSON, headers: Headers = [:]) -> Response {
    var headers = headers
    headers["Content-Type"] = "application/json"
    return Response(status, headers: headers, body: body.bytes + [0x0A])
  }
}
