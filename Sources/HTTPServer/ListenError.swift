import Glibc

/// The reason why a server cannot listen.
public enum ListenError: Error, Equatable, CustomStringConvertible {
  /// The text is not an address such as `127.0.0.1:8787`.
  case notAnAddress(String)
  /// Another socket listens at the address.
  case addressInUse(String)
  /// A system call failed.
  case failed(call: String, address: String, errno: Int32)

  /// The reason, and the remedy where there is one.
  public var description: String {
    switch self {
    case .notAnAddress(let text):
      "\"\(text)\" is not an address to listen on, such as 127.0.0.1:8787"
    case .addressInUse(let address):
      "\(address) is in use: stop the program that listens there, or choose another address"
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
