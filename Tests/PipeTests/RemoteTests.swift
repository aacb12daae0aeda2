import Foundation
import HTTPServer
import StepKit
import Testing
import Values

@testable import Dispatcher

/// A step says the same wherever it is called.
struct RemoteTests {
  @Test func saysTheSameHereAndElsewhere() throws {
    let folder = NSTemporaryDirectory() + "meterbridge-remote-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let registry = Registry(
      home: try Home(at: folder),
      catalog: try Catalog(functions: root.appending(path: "functions").path))
    let server = try Server(listen: "127.0.0.1:0")
    let pool = WorkerPool(Warmth())
    // What a watchdog does: the body to the step's input, its output to the answer.
    let thread = Thread {
      server.run { requests in
        requests.map { request in
          let said = pool.answer(of: Self.process(request.path[0]), to: request.body + [0x0A]) {
            $0
          }
          return Response(said == nil ? 500 : 200, body: (said ?? []) + [0x0A])
        }
      }
    }
    thread.start()
    defer { server.stop() }
    let functions = Functions(folder: program(of: "").path).placed(by: registry)
    for fixture in Fixture.all {
      let step = try #require(StepID(fixture.step))
      try Places(registry).put(
        step, at: "http://127.0.0.1:\(server.port)/\(step.executable)", secret: nil)
      let event = try JSON(parsing: Data(contentsOf: fixture.invocation))
      let reply = try functions.call(step, with: event)
      #expect(reply.text + "\n" == (try String(contentsOf: fixture.reply, encoding: .utf8)))
    }
  }

  private static func process(_ name: String) -> ChildProcess {
    ChildProcess(
      path: program(of: name).path, deadline: 60, largestOutput: 1 << 20,
      restraint: Restraint(memory: 512 << 20))
  }
}
