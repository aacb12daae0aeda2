import HTTPTypes

/// The servers to which a request may be sent.
public enum DestinationPolicy: Sendable, Equatable {
  /// Any server.
  case anywhere
  /// Servers with public addresses over `https`, and this machine if the URL names it.
  ///
  /// For URLs that an outsider may have chosen, which must not lead into a private network. The
  /// address is checked when the connection is made, whatever the name resolved to before.
  case publicServers

  /// The reason why a URL is forbidden before its name is resolved; nil if it is allowed so far.
  public func objection(toURL url: String) -> String? {
    guard let origin = Origin(url) else { return "the URL is not valid" }
    return objection(to: origin)
  }

  /// The reason why an origin is forbidden before its name is resolved; nil if it is allowed so far.
  func objection(to origin: Origin) -> String? {
    guard self == .publicServers, !origin.isLoopback else { return nil }
    if origin.scheme != "https" { return "\(origin.text): the URL is not https" }
    guard let address = origin.address, !address.isPublic else { return nil }
    return "\(origin.text): \(address.text) is no public address"
  }

  /// Whether a request may connect to an address; nil stands for an address that is not IP.
  ///
  /// A loopback origin connects to a loopback address only, under either policy.
  func allows(_ address: IPAddress?, isLoopback: Bool) -> Bool {
    if isLoopback { return address?.isLoopback == true }
    return self == .anywhere || address?.isPublic == true
  }
}
