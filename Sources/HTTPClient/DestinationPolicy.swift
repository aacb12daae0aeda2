import HTTPTypes

/// Which servers a request may go to.
public enum DestinationPolicy: Sendable, Equatable {
  /// Any.
  case anywhere
  /// Servers with public addresses, by `https`; and this machine, where the URL names it.
  ///
  /// For URLs that somebody else may have chosen: what they name must not be a way into a private
  /// network. The address is looked at as it is connected to, whatever the name meant before.
  case publicServers

  /// Why a URL is out of reach, whatever its name resolves to.
  func objection(to origin: Origin) -> String? {
    guard self == .publicServers, !origin.isLoopback else { return nil }
    if origin.scheme != "https" { return "\(origin.text): the URL is not https" }
    guard let address = origin.address, !address.isPublic else { return nil }
    return "\(origin.text): \(address.text) is no public address"
  }

  /// Whether an address may be connected to for a server that ``objection(to:)`` has nothing against.
  func allows(_ address: IPAddress?, isLoopback: Bool) -> Bool {
    guard self == .publicServers else { return true }
    guard let address else { return false }
    return isLoopback ? address.isLoopback : address.isPublic
  }

  /// Why a request to a URL would be out of reach; nil where that depends on what its name means.
  public func objection(toURL url: String) -> String? {
    guard let origin = Origin(url) else { return "the URL is not one" }
    return objection(to: origin)
  }
}
