public import Values

/// What a step of others needs beside computing: `needs` in `app.json`.
///
/// The steps that come with Meterbridge need nothing. An operator allows it, see `StepPermissions`.
public struct StepNeeds: Sendable, Hashable {
  /// Absolute paths of files and folders that it reads or executes.
  public let files: [String]
  /// Whether it opens sockets.
  public let network: Bool
  /// Whether it starts threads.
  public let threads: Bool

  init(_ facts: ObjectReader) throws(Problem) {
    try facts.knows(["files", "network", "threads"])
    files = try facts.optionalTexts("files") ?? []
    guard files.allSatisfy({ $0.hasPrefix("/") && $0 != "/" }) else {
      throw facts.wrong("files", "must be absolute paths below the root")
    }
    network = facts.flag("network")
    threads = facts.flag("threads")
  }

  /// The needs as `app.json` and the store have them.
  public var json: JSON {
    .members([
      "files": files.isEmpty ? nil : .array(files.sorted().map(JSON.string)),
      "network": network ? true : nil, "threads": threads ? true : nil,
    ])
  }

  /// The needs in words: `the network, /etc/ssl`.
  public var words: String {
    ((network ? ["the network"] : []) + (threads ? ["threads"] : []) + files)
      .joined(separator: ", ")
  }
}
