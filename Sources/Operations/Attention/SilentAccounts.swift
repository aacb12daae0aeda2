import Catalog
import Records
import Setup
import Store
import Values

/// The accounts that start enabled flows and have sent no webhook for longer than the setting `silence`.
struct SilentAccounts: AttentionSource {
  let registry: Registry
  let isQuick = false

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    guard let limit = try HomeSetting.silence.seconds(in: registry.home) else { return [] }
    let accounts = try accounts()
    guard !accounts.isEmpty else { return [] }
    let since = now.adding(seconds: -limit)
    let heard = try lastEvents(of: Set(accounts.keys), now, since)
    return accounts.keys.sorted().compactMap { account in
      if let at = heard[account], at >= since { return nil }
      let connection = accounts[account] ?? account
      return AttentionCandidate(cause: .silent, subject: account) {
        Self.item(account, connection, heard[account], since)
      }
    }
  }

  private static func item(
    _ account: String, _ connection: String, _ last: Timestamp?, _ since: Timestamp
  ) -> AttentionItem {
    AttentionItem(
      .silent, account, since: last ?? since,
      reason: last.map { "the last webhook came at \($0.text)" } ?? "no webhook is stored",
      command: "meterbridge webhook status --connection \(connection)")
  }

  /// The accounts whose webhooks start runs, each with a connection to it.
  private func accounts() throws(Problem) -> [String: String] {
    var accounts: [String: String] = [:]
    for flow in try registry.flows.connections() where flow.isEnabled {
      guard let name = flow.parts.first?.connection,
        let connection = try registry.connections.find(name), connection.app.webhook != nil,
        !connection.app.isBuiltIn
      else { continue }
      accounts[connection.scope] = accounts[connection.scope] ?? name
    }
    return accounts
  }

  /// The time of the last event of each account; the events are read backwards, until each has one.
  private func lastEvents(
    of accounts: Set<String>, _ now: Timestamp, _ since: Timestamp
  ) throws(Problem) -> [String: Timestamp] {
    var last: [String: Timestamp] = [:]
    var scan = try registry.home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.taken.prefix, reversed: true)
    }
    while last.count < accounts.count, let record = try registry.home.next(&scan) {
      let key = String(record.key.dropFirst(TakenKey.length))
      let account = key.split(separator: "/").dropFirst().first.map(String.init) ?? ""
      guard accounts.contains(account), last[account] == nil else { continue }
      let event = try registry.home.document(at: key)
      last[account] = event?["at"].time ?? since
    }
    return last
  }
}
