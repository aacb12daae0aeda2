import HTTPTypes
import Kernel

/// The open connections of a server, and who may open one more.
struct ConnectionTable {
  private(set) var all: [Int32: ServerConnection] = [:]
  private var counts: [String: Int] = [:]
  private let limits: ServerLimits
  /// The most connections that the process can have.
  let most: Int
  /// The addresses of which a request was authenticated, the last at the end.
  private var trusted: [String] = []

  /// The most addresses that are remembered.
  private static let mostTrusted = 256

  init(limits: ServerLimits, most: Int) {
    self.limits = limits
    self.most = most
  }

  var count: Int { all.count }

  subscript(number: Int32) -> ServerConnection? { all[number] }

  mutating func add(_ connection: ServerConnection) {
    all[connection.descriptor.number] = connection
    counts[connection.peer.host, default: 0] += 1
  }

  mutating func remove(_ connection: ServerConnection) {
    guard all.removeValue(forKey: connection.descriptor.number) != nil else { return }
    let host = connection.peer.host
    let left = (counts[host] ?? 1) - 1
    counts[host] = left > 0 ? left : nil
  }

  mutating func removeAll() { (all, counts) = ([:], [:]) }

  /// Remembers that a request from an address was authenticated.
  mutating func trust(_ peer: Peer) {
    guard trusted.last != peer.host else { return }
    trusted.removeAll { $0 == peer.host }
    trusted.append(peer.host)
    if trusted.count > Self.mostTrusted { trusted.removeFirst() }
  }

  /// What is to be done for one more connection.
  enum Admission {
    case admit
    /// Close this one first.
    case replace(ServerConnection)
    case refuse
    case refuseAddress
  }

  func admission(of peer: Peer, at now: Double) -> Admission {
    let isTrusted = trusted.contains(peer.host)
    if !isTrusted, isLimited(peer), counts[peer.host, default: 0] >= limits.connectionsOfAddress {
      return .refuseAddress
    }
    let room = isTrusted ? most : most - min(limits.reserved, most / 4)
    if count < room { return .admit }
    return replaceable(byTrusted: isTrusted, at: now).map { .replace($0) } ?? .refuse
  }

  /// Whether an address stands for one client.
  private func isLimited(_ peer: Peer) -> Bool {
    limits.limitsPrivateAddresses || IPAddress(peer.host)?.unmapped.isPublic == true
  }

  /// The connection to close for a new one; nil if there is none.
  ///
  /// It is the idlest that was not authenticated, then the one that has sent nothing of its request for
  /// longest, if that is more than a second or the new one is of a client that was authenticated. For
  /// that it may be, last of all, an idle one that was authenticated too.
  func replaceable(byTrusted isTrusted: Bool, at now: Double) -> ServerConnection? {
    func slowest(_ condition: (ServerConnection) -> Bool) -> ServerConnection? {
      all.values.filter { !$0.isClosed && condition($0) }
        .min { $0.lastProgress < $1.lastProgress }
    }
    if let idlest = slowest({ !$0.isTrusted && $0.isIdle }) { return idlest }
    let stalled = slowest { !$0.isTrusted && !$0.isBusy }
    guard isTrusted else { return stalled.flatMap { now - $0.lastProgress > 1 ? $0 : nil } }
    return stalled ?? slowest(\.isIdle)
  }
}
