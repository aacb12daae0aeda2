import CCurl
import CLinux
import Glibc
import HTTPTypes

/// One call of the client as libcurl's callbacks see it.
final class Transfer {
  private(set) var headers = Headers()
  private(set) var body: [UInt8] = []
  /// How often a request was begun: the first time on the first connection tried, again when
  /// libcurl finds a kept connection ended and takes a fresh one.
  private(set) var starts = 0
  private(set) var isTooLong = false
  private(set) var wasRepeated = false

  /// The address that the request was not allowed to go to, if there was one.
  private(set) var refusedAddress: String?

  private let reach: DestinationPolicy
  private let isLoopback: Bool
  private let maxReply: Int
  private let isRepeatable: Bool
  /// Whether the empty line came: libcurl takes a head that is cut short for an answer.
  private(set) var headIsOver = false

  private var headBytes = 0

  init(_ request: ClientRequest, isLoopback: Bool = false) {
    reach = request.reach
    self.isLoopback = isLoopback
    maxReply = request.maxReply
    isRepeatable = request.isRepeatable
  }

  /// Whether a connection to an address may be made.
  func allows(_ address: IPAddress?) -> Bool {
    guard reach.allows(address, isLoopback: isLoopback) else {
      refusedAddress = address?.text ?? "an address of an unknown kind"
      return false
    }
    return true
  }

  /// A connection to an address stands and the request is about to be written; false forbids it.
  func start(to address: String?) -> Bool {
    // One that was kept may have been made for a request of a wider reach
    if reach != .anywhere, !allows(address.flatMap(IPAddress.init)) { return false }
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
      // Each interim answer has a head of its own; the last one counts.
      (headers, headIsOver) = (Headers(), false)
    } else if text.isEmpty {
      headIsOver = true
    } else if !headIsOver, let colon = text.firstIndex(of: ":") {
      headers.add(String(text[..<colon]), text[text.index(after: colon)...].trimmed)
    }
    return true
  }

  func take(body piece: UnsafeRawBufferPointer) -> Bool {
    isTooLong = piece.count > maxReply - body.count
    guard !isTooLong else { return false }
    body += piece
    return true
  }
}

/// What libcurl calls; each is given the transfer as its last argument, or its first.
enum TransferCallbacks {
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

private func transferAt(_ pointer: UnsafeMutableRawPointer) -> Transfer {
  Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
}
