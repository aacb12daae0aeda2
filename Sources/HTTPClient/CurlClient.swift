import CCurl
import Glibc
import Synchronization

/// Sends requests with libcurl, from many threads at a time, and keeps connections open.
///
/// It follows no redirects, reads no `.netrc`, verifies TLS, and uses HTTP/2 if a server offers it
/// over TLS.
///
/// If the server closes a kept connection, or refuses a stream over HTTP/2, before the first byte of a
/// response, libcurl sends the request again. The server may have acted on the first, so this is
/// allowed only if ``ClientRequest/isRepeatable``; otherwise the request fails as doubtful. (A connection
/// found closed before anything is written is replaced, which repeats nothing.)
public final class CurlClient: HTTPTransport {
  /// libcurl's handle of one transfer: only the thread that took it uses it, hence unchecked.
  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private let loop: TransferLoop?
  private let free = Mutex<[Handle]>([])
  private let authorities: String?

  /// A client that trusts the certificate authorities in a PEM file: by default the file that
  /// `SSL_CERT_FILE` names, else the system's.
  public init(authorities: String? = nil) {
    loop = Self.isReady ? TransferLoop() : nil
    self.authorities = authorities ?? Self.namedAuthorities
  }

  deinit {
    loop?.end()
    for handle in free.withLock({ $0 }) { curl_easy_cleanup(handle.pointer) }
  }

  /// Sends a request and waits for the whole response, whatever its status.
  ///
  /// - Throws: ``TransportFailure``, which tells whether the server can have seen the request.
  public func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    guard let loop, let handle = takeHandle() else { throw .notSent("libcurl does not start") }
    defer { giveBack(handle) }
    guard let origin = Origin(request.url) else { throw .notSent("the URL is not valid") }
    guard origin.scheme == "http" || origin.scheme == "https" else {
      throw .notSent("the URL is neither http nor https")
    }
    let list = try CurlHeaderList(request)
    if let reason = request.destinations.objection(to: origin) { throw .forbidden(reason) }
    let transfer = Transfer(request, isLoopback: origin.isLoopback)
    let code = withExtendedLifetime((list, transfer)) {
      set(request, origin: origin, list: list, transfer: transfer, on: handle.pointer)
      return loop.perform(handle.pointer)
    }
    guard code == CURLE_OK, transfer.headIsOver else {
      throw failure(code, of: transfer, at: origin)
    }
    return response(to: transfer, on: handle.pointer)
  }

  /// libcurl's global initialization, which must happen once and on one thread: Swift ensures both.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// OpenSSL and the curl command read the variable; libcurl does not.
  private static let namedAuthorities = getenv("SSL_CERT_FILE").map { String(cString: $0) }
    .flatMap { $0.isEmpty ? nil : $0 }

  /// The proxy that the user names for Meterbridge, through which requests to other machines go.
  private static let namedProxy = getenv("METERBRIDGE_PROXY").map { String(cString: $0) }

  private func takeHandle() -> Handle? {
    free.withLock { $0.popLast() } ?? curl_easy_init().map { Handle(pointer: $0) }
  }

  /// Keeps a handle, without the options of the last request.
  private func giveBack(_ handle: Handle) {
    curl_easy_reset(handle.pointer)
    free.withLock { $0.append(handle) }
  }

  private func set(
    _ request: ClientRequest, origin: Origin, list: CurlHeaderList, transfer: Transfer,
    on handle: UnsafeMutableRawPointer
  ) {
    let options = CurlOptions(handle: handle)
    options.setDefaults()
    if let authorities { options.set(CURLOPT_CAINFO, authorities) }
    // Never the proxy of http_proxy; one would hide the address to which the request goes
    let isDirect = origin.isLoopback || request.destinations != .anywhere
    options.set(CURLOPT_PROXY, isDirect ? "" : Self.namedProxy ?? "")
    options.set(CURLOPT_NOPROXY, "")
    options.set(CURLOPT_URL, request.url)
    options.set(CURLOPT_TIMEOUT_MS, Int(max(0.001, request.timeout) * 1000))
    options.set(CURLOPT_HTTPHEADER, list.pointer)
    options.set(method: request.method, body: request.body)
    if let signing = request.signing { options.set(signing: signing) }
    options.set(transfer: transfer)
  }

  private func response(
    to transfer: Transfer, on handle: UnsafeMutableRawPointer
  ) -> ClientResponse {
    var status = 0
    var seconds = 0.0
    // Neither fails for an option of its type.
    _ = meterbridge_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    _ = meterbridge_getinfo_double(handle, CURLINFO_TOTAL_TIME, &seconds)
    return ClientResponse(
      status: status, headers: transfer.headers, body: transfer.body, seconds: seconds)
  }

  /// The text of an error, the same for all versions of libcurl.
  private func message(for code: CURLcode) -> String {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: "no address is found for its name"
    case CURLE_COULDNT_CONNECT: "no connection can be made"
    case CURLE_SSL_CONNECT_ERROR: "the TLS handshake fails"
    case CURLE_OPERATION_TIMEDOUT: "it took too long"
    case CURLE_GOT_NOTHING: "the connection ended without an answer"
    case CURLE_SSL_CACERT_BADFILE:
      "the certificate authorities to trust cannot be read from \(authorities ?? "the system's file")"
        + (authorities == nil ? "" : ", which SSL_CERT_FILE names")
    case CURLE_PEER_FAILED_VERIFICATION:
      "its certificate is not trusted, or not for this name; SSL_CERT_FILE names a file of the"
        + " authorities to trust"
    default: String(cString: curl_easy_strerror(code))
    }
  }

  /// The failure of a transfer, which is doubtful once a request was started: libcurl calls back when the
  /// connection stands, TLS included, and writes nothing of the request before.
  private func failure(
    _ code: CURLcode, of transfer: Transfer, at origin: Origin
  ) -> TransportFailure {
    if let address = transfer.refusedAddress {
      return .forbidden(
        "\(origin.text): \(address) is no \(origin.isLoopback ? "loopback" : "public") address")
    }
    let what =
      if transfer.wasReset {
        "the connection was reset before the request"
      } else if transfer.wasRepeated {
        "the kept connection ended before an answer"
      } else if transfer.isTooLong {
        "the answer is too long"
      } else if code == CURLE_OK {
        "the answer is cut short"
      } else {
        message(for: code)
      }
    let reason = "\(origin.text): \(what)"
    return transfer.starts == 0 ? .notSent(reason) : .doubtful(reason)
  }
}
