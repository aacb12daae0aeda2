import CCurl
import CLinux
import Glibc
import HTTPTypes

/// The state of one transfer, updated by libcurl's callbacks.
final class Transfer {
  private(set) var headers = Headers()
  private(set) var body: [UInt8] = []
  /// The number of times the request was started: more than one if libcurl found a kept connection
  /// closed and took a new one.
  private(set) var starts = 0
  private(set) var isTooLong = false
  private(set) var wasRepeated = false

  /// Whether the connection was reset before the request could be written.
  private(set) var wasReset = false

  /// The address to which the request was not allowed to connect.
  private(set) var refusedAddress: String?

  private let destinations: DestinationPolicy
  private let isLoopback: Bool
  private let maxResponseBytes: Int
  private let isRepeatable: Bool
  /// Whether the head ended with its empty line: libcurl accepts a truncated head.
  private(set) var headIsOver = false

  private var headBytes = 0

  init(_ request: ClientRequest, isLoopback: Bool = false) {
    destinations = request.destinations
    self.isLoopback = isLoopback
    maxResponseBytes = request.maxResponseBytes
    isRepeatable = request.isRepeatable
  }

  /// Whether the transfer may connect to an address; nil stands for one that is not IP.
  func allows(_ address: IPAddress?) -> Bool {
    guard destinations.allows(address, isLoopback: isLoopback) else {
      refusedAddress = address?.text ?? "an address of an unknown kind"
      return false
    }
    return true
  }

  /// Called when a connection stands and the request is about to be written; false aborts it.
  func start(to address: String?) -> Bool {
    // A kept connection may have been made under another policy
    if isLoopback || destinations != .anywhere {
      // The kernel no longer knows the other end of a connection that was reset
      guard let address = address.flatMap(IPAddress.init) else {
        wasReset = true
        return false
      }
      guard allows(address) else { return false }
    }
    starts += 1
    wasRepeated = starts > 1 && !isRepeatable
    return !wasRepeated
  }

  func take(head line: UnsafeRawBufferPointer) -> Bool {
    headBytes += line.count
    guard headBytes <= 256 * 1024 else {
      isTooLong = true
      return false
    }
    let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r\n" && $0 != "\n" }
    if text.hasPrefix("HTTP/") {
      // Each interim response has a head of its own; the last head counts.
      (headers, headIsOver) = (Headers(), false)
    } else if text.isEmpty {
      headIsOver = true
    } else if !headIsOver, let colon = text.firstIndex(of: ":") {
      headers.add(String(text[..<colon]), text[text.index(after: colon)...].trimmed)
    }
    return true
  }

  func take(body piece: UnsafeRawBufferPointer) -> Bool {
    isTooLong = piece.count > maxResponseBytes - body.count
    guard !isTooLong else { return false }
    body += piece
    return true
  }
}

extension Transfer {
  /// The callbacks of libcurl; each gets the transfer as its first or last argument.
  enum Callbacks {
    static let start: meterbridge_start_callback = { transfer, address, _, _, _ in
      let mayStart = transfer.map(transferAt)?.start(to: address.map { String(cString: $0) })
      return Int32(mayStart == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
    }

    static let socket: meterbridge_socket_callback = { transfer, _, address in
      guard let transfer, let address,
        transferAt(transfer).allows(IPAddress(meterbridge_sockaddr(address)))
      else { return CURL_SOCKET_BAD }
      let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
      return Glibc.socket(address.pointee.family, type, address.pointee.protocol)
    }

    static let head: meterbridge_data_callback = { bytes, size, count, transfer in
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.map(transferAt)?.take(head: line) == true ? line.count : 0
    }

    static let body: meterbridge_data_callback = { bytes, size, count, transfer in
      let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.map(transferAt)?.take(body: piece) == true ? piece.count : 0
    }
  }
}

private func transferAt(_ pointer: UnsafeMutableRawPointer) -> Transfer {
  Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
}
