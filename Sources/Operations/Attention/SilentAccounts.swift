import Catalog
import Records
import Setup
import Store
import Values

/// The accounts that start enabled flows and have sent no webhook for longer than the setting `silence` of
/// the connection, or else of the home, allows.
struct SilentAccounts: AttentionSource {
  /// A connection to an account, and for how many seconds it may be silent.
  private struct Listener {
    let connection: String
    var limit: Int
  }

  let registry: Registry
  let isQuick = false

  func present(at now: Timestamp) throws(Problem) -> [AttentionCandidate] {
    let accounts = try accounts()
    guard !accounts.isEmpty else { return [] }
    let heard = try lastEvents(of: Set(accounts.keys))
    return accounts.sorted { $0.key < $1.key }.compactMap { account, listener in
      let since = now.adding(seconds: -listener.limit)
      let last = heard[account] ?? nil
      if let last, last >= since { return nil }
      return AttentionCandidate(cause: .silent, subject: account) {
        Self.item(account, listener.connection, last, since)
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

  /// The accounts whose webhooks start runs and may not be silent for ever; of several connections to one,
  /// the shortest limit counts.
  private func accounts() throws(Problem) -> [String: Listener] {
    let common = try HomeSetting.silence.seconds(in: registry.home)
    var accounts: [String: Listener] = [:]
    for flow in try registry.flows.connections() where flow.isEnabled {
      guard let name = flow.parts.first?.connection,
        let connection = try registry.connections.find(name), connection.app.webhook != nil,
        !connection.app.isBuiltIn, let limit = connection.silence(else: common)
      else { continue }
      let known = accounts[connection.scope] ?? Listener(connection: name, limit: limit)
      accounts[connection.scope] =
        known.limit <= limit ? known : Listener(connection: name, limit: limit)
    }
    return accounts
  }

  /// The time of the last event of each account that sent one; the events are read backwards, until each
  /// has one.
  private func lastEvents(of accounts: Set<String>) throws(Problem) -> [String: Timestamp?] {
    var last: [String: Timestamp?] = [:]
    var scan = try registry.home.with { (store) throws(StoreError) in
      try store.scan(prefix: StoreKey.taken.prefix, reversed: true)
    }
    while last.count < accounts.count, let record = try registry.home.next(&scan) {
      let key = String(record.key.dropFirst(TakenKey.length))
      let account = key.split(separator: "/").dropFirst().first.map(String.init) ?? ""
      guard accounts.contains(account), last[account] == nil else { continue }
      last[account] = .some(try registry.home.document(at: key)?["at"].time)
    }
    return last
  }
}
