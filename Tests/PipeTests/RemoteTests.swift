import Catalog
import Foundation
import HTTPServer
import Processes
import Setup
import StepKit
import Testing
import Values

@testable import Dispatcher

/// A step gives the same reply over HTTP.
struct RemoteTests {
  @Test func remoteStepGivesSameReply() throws {
    let folder = NSTemporaryDirectory() + "meterbridge-remote-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let registry = Registry(
      home: try Home(at: folder),
      catalog: try AppCatalog(functions: root.appending(path: "functions").path))
    let server = try Server(listen: "127.0.0.1:0")
    let pool = WorkerPool(PoolOptions())
    // As a watchdog does: the body is the input of the step, its output the response.
    let thread = Thread {
      server.run { requests in
        requests.map { request in
          let said = pool.answer(of: Self.process(request.path[0]), to: request.body) {
            $0
          }.value
          return Response(said == nil ? 500 : 200, body: (said ?? []) + [0x0A])
        }
      }
    }
    thread.start()
    defer { server.stop() }
    let functions = StepRouter(StepExecutables(folder: program(of: "").path), registry: registry)
    for fixture in Fixture.all {
      let step = try #require(StepID(fixture.step))
      try StepEndpoints(registry).put(
        step, at: "http://127.0.0.1:\(server.port)/\(step.executable)", secret: nil)
      let event = try JSON(parsing: Data(contentsOf: fixture.invocation))
      let reply = try functions.call(step, in: nil, with: event)
      #expect(reply.text + "\n" == (try String(contentsOf: fixture.reply, encoding: .utf8)))
    }
  }

  private static func process(_ name: String) -> Program {
    Program(
      path: program(of: name).path, timeout: 60, maxOutput: 1 << 20,
      limits: ResourceLimits(memory: 512 << 20))
  }
}
