/// A fault to inject into the next calls of an app.
public struct Fault: Sendable, Equatable {
  /// The effect on a call.
  public enum Kind: Sendable, Equatable {
    /// The call is not performed; the reply is 429 with `Retry-After` in seconds.
    case limit(retryAfter: Int)
    /// The call is not performed; the reply is the API's own error with this status.
    case fail(status: Int)
    /// The call is not performed; the reply is 503 with an HTML page.
    case page
    /// The call is not performed; the connection is closed.
    case drop
    /// The call is performed; the connection is closed without a reply.
    case doAndDrop
    /// The call is performed; the reply is the API's own error with this status.
    case doAndFail(status: Int)
    /// The call is performed; the reply is delayed by these seconds.
    case slow(seconds: Double)
    /// The call is performed; the reply is 200 with a body that is not JSON.
    case garbage
    /// The call is performed; the reply is 200 with JSON of another shape.
    case wrongJSON
    /// The call is performed; the reply, or the API's own error with this status, also quotes the
    /// credentials of the request in every form, such as in percent-encoding and Base64.
    case echo(status: Int?)

    /// The name in the control API and in the request log.
    public var name: String {
      switch self {
      case .limit: "limit"
      case .fail: "fail"
      case .page: "page"
      case .drop: "drop"
      case .doAndDrop: "do-and-drop"
      case .doAndFail: "do-and-fail"
      case .slow: "slow"
      case .garbage: "garbage"
      case .wrongJSON: "wrong-json"
      case .echo: "echo"
      }
    }
  }

  /// Chooses the fault for a call by its app, method and path; nil leaves the call alone.
  ///
  /// The path does not include the app's base: `/customers`.
  public typealias Chooser = @Sendable (_ app: String, _ method: String, _ path: String) -> Kind?

  /// The app: `chargebee`, `togai`, `zohobooks` or `slack`.
  public var app: String
  /// The method of the calls; nil for all methods.
  public var method: String?
  /// The prefix of the calls' paths, without the app's base: `/customers`.
  public var path: String
  /// The effect on a call.
  public var kind: Kind
  /// The number of calls that it affects.
  public var times: Int

  /// A fault for the next calls of an app.
  public init(
    _ kind: Kind, app: String, method: String? = nil, path: String = "/", times: Int = 1
  ) {
    self.kind = kind
    self.app = app
    self.method = method
    self.path = path
    self.times = times
  }
}
