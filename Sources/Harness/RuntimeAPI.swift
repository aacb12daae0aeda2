import Glibc
import Processes
import StepKit
import Values

/// The Lambda runtime API: what there is to do, and what came of it.
struct RuntimeAPI {
  /// One invocation of the function.
  struct Invocation {
    /// Its id, a part of paths.
    let id: String
    /// When nobody waits any more.
    let deadline: Deadline
    /// The event, as it was sent or as the service made it.
    let payload: [UInt8]
  }

  /// Time that is kept back to tell what became of an invocation, in seconds.
  static let margin = 0.2

  private let server: Loopback
  private static let path = "/2018-06-01/runtime"

  init(_ server: Loopback) { self.server = server }

  /// Waits for the next invocation; the sandbox may be frozen meanwhile, so there is no limit.
  func next() throws(Fault) -> Invocation {
    let answer = try server.send("GET", "\(Self.path)/invocation/next", patience: nil)
    guard answer.status == 200 else {
      throw Fault(.engine, "the runtime API answered \(answer.status) instead of an invocation")
    }
    guard let id = answer.headers["lambda-runtime-aws-request-id"], Self.isWord(id) else {
      throw Fault(.engine, "the runtime API gave an invocation without an id")
    }
    let deadline = answer.headers["lambda-runtime-deadline-ms"].flatMap(Int.init)
      .map { Deadline(unixMilliseconds: $0, margin: Self.margin) }
    return Invocation(
      id: id, deadline: deadline ?? Deadline(in: Worker.longest), payload: answer.body)
  }

  /// Gives an invocation's answer.
  func respond(to id: String, _ body: [UInt8]) throws(Fault) {
    try post("/invocation/\(id)/response", body)
  }

  /// Says that an invocation has no answer.
  func fail(_ id: String, _ fault: Fault) throws(Fault) {
    try post("/invocation/\(id)/error", fault.json.bytes, fault)
  }

  /// Says that the function cannot start.
  func failInit(_ fault: Fault) throws(Fault) { try post("/init/error", fault.json.bytes, fault) }

  // MARK: Private

  private func post(_ path: String, _ body: [UInt8], _ fault: Fault? = nil) throws(Fault) {
    var headers = [(name: "Content-Type", value: "application/json")]
    if let fault { headers.append(("Lambda-Runtime-Function-Error-Type", fault.kind.rawValue)) }
    let answer = try server.send(
      "POST", Self.path + path, headers: headers, body: body, patience: 10)
    guard answer.status == 202 else {
      throw Fault(.engine, "the runtime API answered \(answer.status) to \(path)")
    }
  }

  private static func isWord(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#%".utf8.contains($0) }
  }
}

extension Deadline {
  /// The moment that a clock on the wall shows so many milliseconds after 1970, less a margin in
  /// seconds.
  fileprivate init(unixMilliseconds: Int, margin: Double) {
    var time = timespec()
    // The clock exists on every Linux and the pointer is good.
    _ = clock_gettime(CLOCK_REALTIME, &time)
    let now = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    self.init(in: Double(unixMilliseconds) / 1000 - now - margin)
  }
}
