import HTTPServer
import HTTPTypes

/// How long a request may take, by which the threads are chosen that answer it.
///
/// What waits for an app or a slow client has threads of its own, so that pages are shown meanwhile.
enum Pace: CaseIterable {
  /// A page, which reads the store only.
  case quick
  /// A deed, which may wait for an app, an export, which waits for the client, or a search that goes on.
  case slow
  /// A sign-in: one at a time, since each takes much memory and processor time.
  case signIn

  /// The pace of a request.
  init(of request: Request) {
    if request.method == "POST" {
      self = request.path == ["sign-in"] ? .signIn : .slow
    } else {
      let isSlow =
        request.path.last?.hasSuffix(".csv") == true || request.headers["X-Search"] != nil
      self = isSlow ? .slow : .quick
    }
  }

  /// The number of threads.
  var threads: Int {
    switch self {
    case .quick: 4
    case .slow: 8
    case .signIn: 1
    }
  }
}
