import CCurl
import Glibc
import Synchronization

/// Sends requests with libcurl, as many at a time as there are threads that ask, and keeps its
/// connections open between them.
///
/// It follows no redirect, reads no `.netrc`, verifies TLS, speaks HTTP/2 where a server offers it
/// over TLS, and says of every failure whether the server can have seen the request.
///
/// A kept connection that the server ended meanwhile, or over HTTP/2 a stream that it refused:
/// libcurl sends the request again if no byte of an answer came. The server may have acted on the
/// first before it ended the connection, so this is left to libcurl only where `isRepeatable`; for a POST the second
/// try is forbidden, and the call fails as doubtful. (A connection found closed before anything is
/// written is replaced silently, which repeats nothing.)
public final class CurlClient: HTTPTransport {
  /// libcurl's handle of one transfer: it belongs to who took it out, hence unchecked.
  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private let loop: TransferLoop?
  private let free = Mutex<[Handle]>([])
  private let authorities: String?

  /// A client without connections, which trusts the certificate authorities in a PEM file: by default
  /// in the one that `SSL_CERT_FILE` names, else the system's.
  public init(authorities: String? = nil) {
    loop = Self.isReady ? TransferLoop() : nil
    self.authorities = authorities ?? Self.namedAuthorities
  }

  deinit {
    loop?.end()
    for handle in free.withLock({ $0 }) { curl_easy_cleanup(handle.pointer) }
  }

  /// Sends a request and waits for the whole answer, whatever its status.
  public func send(_ request: ClientRequest) throws(TransportFailure) -> ClientResponse {
    guard let loop, let taken = takeHandle() else { throw .notSent("libcurl does not start") }
    defer { giveBack(taken) }
    guard let origin = Origin(request.url) else { throw .notSent("the URL is not one") }
    guard origin.scheme == "http" || origin.scheme == "https" else {
      throw .notSent("the URL is neither http nor https")
    }
    let list = try CurlHeaderList(request)
    if let reason = request.reach.objection(to: origin) { throw .forbidden(reason) }
    let transfer = Transfer(request, isLoopback: origin.isLoopback)
    let code = withExtendedLifetime((list, transfer)) {
      set(request, origin: origin, list: list, transfer: transfer, on: taken.pointer)
      return loop.perform(taken.pointer)
    }
    guard code == CURLE_OK, transfer.headIsOver else {
      throw failure(code, of: transfer, at: origin)
    }
    return response(to: transfer, on: taken.pointer)
  }

  // MARK: Private

  /// libcurl's own start, which must happen once and on one thread: Swift sees to both.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// The variable is OpenSSL's and curl's; libcurl by itself does not look at it.
  private static let namedAuthorities = getenv("SSL_CERT_FILE").map { String(cString: $0) }
    .flatMap { $0.isEmpty ? nil : $0 }

  private func takeHandle() -> Handle? {
    free.withLock { $0.popLast() } ?? curl_easy_init().map { Handle(pointer: $0) }
  }

  /// Keeps a handle, which forgets the options of the call: the body and the headers among them.
  private func giveBack(_ handle: Handle) {
    curl_easy_reset(handle.pointer)
    free.withLock { $0.append(handle) }
  }

  private func set(
    _ request: ClientRequest, origin: Origin, list: CurlHeaderList, transfer: Transfer,
    on handle: UnsafeMutableRawPointer
  ) {
    let options = CurlOptions(handle: handle)
    options.setManners()
    if let authorities { options.set(CURLOPT_CAINFO, authorities) }
    // A proxy would hide where the request goes
    if origin.isLoopback || request.reach != .anywhere { options.set(CURLOPT_PROXY, "") }
    options.set(CURLOPT_URL, request.url)
    options.set(CURLOPT_TIMEOUT_MS, Int(max(0.001, request.timeout) * 1000))
    options.set(CURLOPT_HTTPHEADER, list.pointer)
    options.set(method: request.method, body: request.body)
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

  /// What a failure is called, whatever the version of libcurl calls it, and for a certificate what a
  /// person can do.
  private func words(for code: CURLcode) -> String {
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

  /// The one fact that decides is whether a request was begun: libcurl tells when the connection
  /// stands, TLS included, and nothing of the request is written before.
  private func failure(
    _ code: CURLcode, of transfer: Transfer, at origin: Origin
  ) -> TransportFailure {
    if let address = transfer.refusedAddress {
      return .forbidden("\(origin.text): \(address) is no public address")
    }
    let what =
      if transfer.wasRepeated {
        "the kept connection ended before an answer"
      } else if transfer.isTooLong {
        "the answer is too long"
      } else if code == CURLE_OK {
        "the answer is cut short"
      } else {
        words(for: code)
      }
    let reason = "\(origin.text): \(what)"
    return transfer.starts == 0 ? .notSent(reason) : .doubtful(reason)
  }
}
