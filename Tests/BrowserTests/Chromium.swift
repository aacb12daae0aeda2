import Foundation
import HTTPClient
import HTTPTypes
import TestSupport
import Testing
import Values

/// A Chromium that is driven over WebDriver (W3C), without a window.
///
/// It runs in a network namespace with loopback alone, into which the ports of the pages lead: Chromium asks
/// servers of its own for news. Where the machine does not permit namespaces, as without root, it is
/// only told to ask no one, and reaches names of this machine only.
final class Chromium {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// An answer of the driver that is an error.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  private let driver = Process()
  /// The namespace that it runs in, if the machine permits that.
  let namespace = LoopbackNamespace()
  private var ports: Set<Int> = []
  private let port: Int
  private var session = ""
  private let client = CurlClient()
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a browser; `hasScript` is whether it runs scripts.
  init(hasScript: Bool = true) throws {
    let path = "/usr/bin/chromedriver"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(
        description:
          "the tests of the console need chromium and chromium-driver: the second command of the README"
          + " installs them")
    }
    let reserved = try TCPSocket.reserved()
    port = reserved.port
    reserved.close()
    driver.executableURL = URL(filePath: path)
    driver.arguments = ["--port=\(port)", "--log-level=SEVERE"]
    driver.standardOutput = FileHandle.nullDevice
    driver.standardError = FileHandle.nullDevice
    driver.terminationHandler = { [ended] _ in ended.signal() }
    if let namespace {
      try namespace.leadIn(port)
      try namespace.inside { [driver] in try driver.run() }
    } else {
      try driver.run()
    }
    try waitUntil(within: 60) { (try? send("GET", "/status"))?["ready"].bool == true }
    session = try start(hasScript)
  }

  deinit {
    _ = try? send("DELETE", "/session/\(session)")
    driver.terminate()
    // waitUntilExit needs the run loop of the thread that started it
    if ended.wait(timeout: .now() + 10) == .timedOut { kill(driver.processIdentifier, SIGKILL) }
    namespace?.close()
  }

  private func start(_ hasScript: Bool) throws -> String {
    var options: [String: JSON] = [
      "binary": "/usr/bin/chromium",
      "args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-default-apps", "--disable-domain-reliability",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
      ],
    ]
    if !hasScript {
      options["prefs"] = ["profile.managed_default_content_settings.javascript": 2]
    }
    let capabilities: JSON = [
      "browserName": "chrome", "goog:chromeOptions": .object(options),
      "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
    ]
    let made = try send(
      "POST", "/session", ["capabilities": ["alwaysMatch": capabilities]])
    return try #require(made["sessionId"].string)
  }

  // MARK: Pages

  /// Shows a page.
  func show(_ url: String) throws {
    if let namespace, let port = URL(string: url)?.port, ports.insert(port).inserted {
      try namespace.leadOut(port)
    }
    _ = try command("url", ["url": .string(url)])
  }

  /// The address of the page.
  func address() throws -> String {
    try send("GET", "/session/\(session)/url").string ?? ""
  }

  /// The title of the page.
  func title() throws -> String { try send("GET", "/session/\(session)/title").string ?? "" }

  /// Sets the size of the window.
  func resize(width: Int, height: Int = 900) throws {
    _ = try command(
      "goog/cdp/execute",
      [
        "cmd": "Emulation.setDeviceMetricsOverride",
        "params": [
          "width": .number(Numeral(width)), "height": .number(Numeral(height)),
          "deviceScaleFactor": 1, "mobile": false,
        ],
      ])
  }

  /// Sets the colour scheme: `light` or `dark`.
  func setScheme(_ scheme: String) throws {
    _ = try command(
      "goog/cdp/execute",
      [
        "cmd": "Emulation.setEmulatedMedia",
        "params": [
          "features": [["name": "prefers-color-scheme", "value": .string(scheme)]]
        ],
      ])
  }

  /// A picture of the page as PNG.
  func picture() throws -> Data {
    let text = try send("GET", "/session/\(session)/screenshot").string ?? ""
    return try #require(Data(base64Encoded: text))
  }

  // MARK: Elements

  /// The first element of a CSS selector, waiting for it.
  private func element(_ using: String, _ selector: String) throws -> String {
    var found: String?
    try waitUntil(within: 20) {
      let answer = try? command("element", ["using": .string(using), "value": .string(selector)])
      found = answer?.object?.values.first?.string
      return found != nil
    }
    return try #require(found)
  }

  /// Clicks the first element of a CSS selector.
  func click(_ selector: String) throws {
    try clickFound("css selector", selector)
  }

  /// Clicks what is found; if the page has changed since, what is found then.
  private func clickFound(_ way: String, _ value: String) throws {
    for _ in 1..<5 {
      do {
        _ = try command("element/\(element(way, value))/click", [:])
        return
      } catch {
        guard "\(error)".contains("stale element") else { throw error }
      }
    }
    _ = try command("element/\(element(way, value))/click", [:])
  }

  /// Clicks the link with a text.
  func click(link text: String) throws {
    try clickFound("link text", text)
  }

  /// Clicks the first button with a text.
  func click(button text: String) throws {
    let path = "//main//button[normalize-space()='\(text)']"
    try clickFound("xpath", path)
  }

  /// Types a text into the field of a name, in place of what is there.
  func type(_ text: String, into name: String) throws {
    let field = try element("css selector", "main [name=\"\(name)\"]")
    _ = try? command("element/\(field)/clear", [:])
    _ = try command("element/\(field)/value", ["text": .string(text)])
  }

  /// Chooses an item of the choice of a name.
  func choose(_ value: String, of name: String) throws {
    try click("main [name=\"\(name)\"] option[value=\"\(value)\"]")
  }

  /// Sends keys to the element that has the focus.
  func press(_ key: String) throws {
    let active = try send("GET", "/session/\(session)/element/active").object?.values.first?.string
    _ = try command("element/\(active ?? "")/value", ["text": .string(key)])
  }

  // MARK: Scripts and logs

  /// The value of a script.
  func run(_ script: String, _ arguments: JSON...) throws -> JSON {
    try command("execute/sync", ["script": .string(script), "args": .array(arguments)])
  }

  /// The value that a script passes to its last argument.
  func runUntilDone(_ script: String) throws -> JSON {
    try command("execute/async", ["script": .string(script), "args": []])
  }

  /// The entries of a log since the last call.
  func log(_ type: String) throws -> [JSON] {
    try command("se/log", ["type": .string(type)]).items
  }

  // MARK: Private

  private func command(_ path: String, _ body: JSON) throws -> JSON {
    try send("POST", "/session/\(session)/\(path)", body)
  }

  private func send(_ method: String, _ path: String, _ body: JSON? = nil) throws -> JSON {
    var request = ClientRequest(
      method, "http://127.0.0.1:\(port)\(path)",
      headers: ["Content-Type": "application/json"], body: body?.bytes)
    request.timeout = 120
    request.maxResponseBytes = 64 << 20
    let response = try client.send(request)
    let value = try JSON(parsing: response.body)["value"]
    guard response.status == 200 else {
      throw Refused(description: "\(method) \(path): \(value["message"].string ?? "")")
    }
    return value
  }
}
