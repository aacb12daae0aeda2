import Foundation
import HTTPServer
import HTTPTypes
import StepKit
import Synchronization
import TestSupport
import Values

/// A Lambda runtime API that gives one invocation after another and keeps the posted results.
///
/// When no invocation is left it answers 500, after which a runtime must exit.
final class RuntimeStub: Sendable {
  /// A posted result.
  struct Post: Sendable {
    let path: String
    let type: String?
    let body: String
  }

  /// An invocation: an event, and the milliseconds until its deadline.
  struct Call: Sendable {
    let payload: String
    let milliseconds: Int
  }

  private let state: Mutex<(calls: [Call], given: Int, posts: [Post])>

  init(_ calls: [Call]) { state = Mutex((calls, 0, [])) }

  /// Runs the bootstrap as Lambda does, in a folder with the step, until it exits.
  func run(_ step: URL, handler: String = "step", others: [String] = []) throws -> Run {
    let server = try Server(listen: "127.0.0.1:0")
    let ended = DispatchSemaphore(value: 0)
    Thread {
      server.run { $0.map(self.answer) }
      ended.signal()
    }.start()
    defer {
      server.stop()
      ended.wait()
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "task-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["step"] + others {
      try Executable.copy(step, to: folder.appending(path: name))
    }
    let finished = try Program.run(
      Program.built("bootstrap"),
      environment: [
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(server.port)", "LAMBDA_TASK_ROOT": folder.path,
        "_HANDLER": handler, "AWS_SECRET_ACCESS_KEY": Program.canary,
      ])
    return Run(
      status: finished.status, error: finished.error, posts: state.withLock { $0.posts })
  }

  /// The result of the bootstrap.
  struct Run {
    let status: Int32
    let error: String
    let posts: [Post]
    /// The bodies of the posted results.
    var bodies: [String] { posts.map(\.body) }
  }

  private func answer(_ request: Request) -> Response {
    if request.method == "GET", request.target == "/2018-06-01/runtime/invocation/next" {
      return next()
    }
    let post = Post(
      path: String(request.target.dropFirst("/2018-06-01/runtime".count)),
      type: request.headers["Lambda-Runtime-Function-Error-Type"],
      body: String(decoding: request.body, as: UTF8.self))
    state.withLock { $0.posts.append(post) }
    return Response(202)
  }

  private func next() -> Response {
    let (call, number) = state.withLock { state -> (Call?, Int) in
      let call = state.calls.isEmpty ? nil : state.calls.removeFirst()
      state.given += 1
      return (call, state.given)
    }
    guard let call else { return Response(500) }
    let deadline = Int(Date().timeIntervalSince1970 * 1000) + call.milliseconds
    return Response(
      200,
      headers: [
        "Lambda-Runtime-Aws-Request-Id": "call-\(number)",
        "Lambda-Runtime-Deadline-Ms": "\(deadline)",
      ], body: Array(call.payload.utf8))
  }
}

extension RuntimeStub.Call: ExpressibleByStringInterpolation {
  /// An event with a deadline of 30 seconds.
  init(stringLiteral value: String) { self.init(payload: value, milliseconds: 30_000) }
}
