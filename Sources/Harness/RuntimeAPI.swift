import Glibc
import HTTPTypes
import Processes
import Values

/// The Lambda runtime API: fetches invocations and reports their results.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
struct RuntimeAPI {
  /// One invocation of the function.
  struct Invocation {
    /// Its ID, a path component.
    let id: String
    /// The end of the time for an answer.
    let deadline: Deadline
    /// The event, as it was sent or as an AWS service made it.
    let payload: [UInt8]
  }

  /// Seconds before Lambda's deadline that are reserved for reporting the result.
  private static let margin = 0.2
  private static let path = "/2018-06-01/runtime"

  private let server: LoopbackClient

  init(_ server: LoopbackClient) { self.server = server }

  /// Waits for the next invocation, without a limit: the sandbox may be frozen meanwhile.
  func next() throws(InvocationError) -> Invocation {
    let response = try server.send("GET", "\(Self.path)/invocation/next", timeout: nil)
    guard response.status == 200 else {
      throw InvocationError(
        .engine, "the runtime API answered \(response.status) instead of an invocation")
    }
    guard let id = response.headers["lambda-runtime-aws-request-id"], Self.isPathComponent(id)
    else {
      throw InvocationError(.engine, "the runtime API gave an invocation without an id")
    }
    let deadline = response.headers["lambda-runtime-deadline-ms"].flatMap(Int.init)
      .map { Deadline(unixMilliseconds: $0, margin: Self.margin) }
    return Invocation(
      id: id, deadline: deadline ?? Deadline(in: WarmStep.timeout), payload: response.body)
  }

  /// Reports the answer to an invocation.
  func respond(to id: String, _ body: [UInt8]) throws(InvocationError) {
    try post("/invocation/\(id)/response", body)
  }

  /// Reports that an invocation failed.
  func fail(_ id: String, _ error: InvocationError) throws(InvocationError) {
    try post("/invocation/\(id)/error", error.json.bytes, error)
  }

  /// Reports that the function cannot start.
  func failInit(_ error: InvocationError) throws(InvocationError) {
    try post("/init/error", error.json.bytes, error)
  }

  // MARK: Private

  private func post(
    _ path: String, _ body: [UInt8], _ error: InvocationError? = nil
  ) throws(InvocationError) {
    var headers = [(name: "Content-Type", value: "application/json")]
    if let error { headers.append(("Lambda-Runtime-Function-Error-Type", error.kind.rawValue)) }
    let response = try server.send(
      "POST", Self.path + path, headers: headers, body: body, timeout: 10)
    guard response.status == 202 else {
      throw InvocationError(.engine, "the runtime API answered \(response.status) to \(path)")
    }
  }

  private static func isPathComponent(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#%".utf8.contains($0) }
  }
}

extension Deadline {
  /// The deadline a margin, in seconds, before a time of the wall clock, in milliseconds since 1970.
  fileprivate init(unixMilliseconds: Int, margin: Double) {
    var time = timespec()
    // Cannot fail: the clock exists on every Linux and the pointer is valid.
    _ = clock_gettime(CLOCK_REALTIME, &time)
    let now = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    self.init(in: Double(unixMilliseconds) / 1000 - now - margin)
  }
}
