import StepKit
import Values

/// A misdeed to order: what an app does to the next calls instead of what it should.
public struct Misdeed: Sendable, Equatable {
  /// What is done.
  public enum Kind: Sendable, Equatable {
    /// 429 with Retry-After, and nothing is done.
    case limit(retryAfter: Int)
    /// A status with the API's own error body, and nothing is done.
    case fail(status: Int)
    /// 503 with a page of HTML, and nothing is done.
    case page
    /// The connection is closed, and nothing is done.
    case drop
    /// It is done, and then the connection is closed.
    case doAndDrop
    /// It is done, and then a status with the API's own error body.
    case doAndFail(status: Int)
    /// It is done and answered, after some seconds.
    case slow(seconds: Double)
    /// It is done and answered 200 with what is no JSON.
    case garbage
    /// It is done and answered 200 with JSON of another shape.
    case wrongJSON

    /// The kind as the control paths and the log of requests name it.
    public var word: String {
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
      }
    }
  }

  /// The app: `chargebee`, `togai` or `zohobooks`.
  public var app: String
  /// The method that it is done to; nil for all.
  public var method: String?
  /// How the path begins, without the app's base: `/customers`.
  public var path: String
  /// What is done.
  public var kind: Kind
  /// To how many calls.
  public var times: Int

  /// A misdeed to the next calls to an app.
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

/// The misdeeds that are ordered and not all done.
struct Mischief: Sendable {
  private(set) var ordered: [Misdeed] = []

  mutating func add(_ misdeed: Misdeed) { ordered.append(misdeed) }

  mutating func clear() { ordered = [] }

  /// The one for a call, which then has one time less to go.
  mutating func next(app: String, method: String, path: String) -> Misdeed.Kind? {
    let found = ordered.firstIndex { misdeed in
      misdeed.app == app && (misdeed.method ?? method) == method && path.hasPrefix(misdeed.path)
    }
    guard let found else { return nil }
    ordered[found].times -= 1
    let kind = ordered[found].kind
    if ordered[found].times <= 0 { ordered.remove(at: found) }
    return kind
  }
}
