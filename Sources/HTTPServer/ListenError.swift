import Glibc

/// Why a server cannot listen.
public enum ListenError: Error, Equatable, CustomStringConvertible {
  /// The text is not an address such as `127.0.0.1:8787`.
  case notAnAddress(String)
  /// Something else listens there.
  case addressInUse(String)
  /// The system refused a call.
  case failed(call: String, address: String, errno: Int32)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .notAnAddress(let text): "not an address to listen on: \(text) (want 127.0.0.1:8787)"
    case .addressInUse(let address):
      "\(address) is in use: stop what listens there, or take another"
    case .failed(let call, let address, let errno):
      "cannot listen on \(address): \(call): \(String(cString: strerror(errno)))"
    }
  }

  init(call: String, address: String) {
    let code = errno
    self =
      code == EADDRINUSE
      ? .addressInUse(address) : .failed(call: call, address: address, errno: code)
  }
}
