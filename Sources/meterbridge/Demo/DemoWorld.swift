import Catalog
import Dispatcher
import Foundation
import HTTPClient
import HTTPTypes
import Lanes
import Records
import Sandbox
import Service
import Setup
import Values

/// The systems of a demonstration: simulated Chargebee and Togai, and a dispatcher with a temporary
/// home.
final class DemoWorld {
  let sandbox: SandboxServer
  let registry: Registry
  let functions: StepExecutables
  private let service: DispatcherService
  private let serving = DispatchGroup()

  init(catalog: AppCatalog, caller: StepExecutables) throws(Problem) {
    sandbox = try SandboxServer.inRealTime(listen: "127.0.0.1:0")
    self.functions = caller
    registry = Registry(home: try TemporaryHome.open(), catalog: catalog)
    var options = DispatcherService.Options()
    options.listen = "127.0.0.1:0"
    options.backoff = Backoff(longest: 1)
    options.report = { Terminal.warn($0.message) }
    service = try DispatcherService(registry: registry, caller: caller, options: options)
    sandbox.start()
    let thread = Thread { [service, serving] in
      service.run()
      serving.leave()
    }
    serving.enter()
    thread.start()
  }

  /// Stops everything.
  func close() {
    service.stop()
    serving.wait()
    sandbox.stop()
  }

  /// The base URL of the dispatcher.
  var hooks: String { "http://127.0.0.1:\(service.port)" }

  /// Waits until every webhook is delivered and every run has ended.
  ///
  /// - Throws: `unavailable` after 30 s.
  func settle() throws(Problem) {
    let end = Date().addingTimeInterval(30)
    while Date() < end {
      if sandbox.isQuiet, service.waitUntilIdle(within: 1), sandbox.isQuiet { return }
      Thread.sleep(forTimeInterval: 0.02)
    }
    throw Problem(.unavailable, "the runs of the demonstration did not end within 30 s")
  }

  /// Does something that a person does in one of the systems.
  @discardableResult
  func act(_ body: @autoclosure () throws(SandboxError) -> JSON) throws(Problem) -> JSON {
    do throws(SandboxError) {
      return try body()
    } catch {
      throw Problem(.software, "the sandbox refused: \(error)")
    }
  }

  private func read(_ url: String, _ authorization: String) throws(Problem) -> JSON {
    do {
      let headers: Headers = ["Authorization": authorization]
      let response = try CurlClient().send(ClientRequest("GET", url, headers: headers))
      return try JSON(parsing: response.body)
    } catch {
      throw Problem(.unavailable, "cannot read \(url): \(error)")
    }
  }

  /// A resource of Chargebee's API.
  func chargebee(_ path: String) throws(Problem) -> JSON {
    let key = Data("\(ChargebeeSettings().key):".utf8).base64EncodedString()
    return try read(sandbox.chargebeeURL + path, "Basic \(key)")
  }

  /// A resource of Togai's API.
  func togai(_ path: String) throws(Problem) -> JSON {
    try read(sandbox.togaiURL + path, "Bearer \(TogaiSettings().key)")
  }
}
