import CCurl
import Glibc
import Values

/// Sends mail with libcurl, one connection for each mail, from any number of threads.
///
/// It verifies certificates, requires TLS where the server says so, and uses no proxy.
public struct SMTPClient: MailTransport {
  /// The time for the whole exchange and for the connection, in milliseconds.
  private static let (timeout, connectTimeout) = (60_000, 15_000)

  /// A client.
  public init() {}

  /// Sends a mail, and waits until the server answers.
  public func send(_ message: MailMessage, by server: MailServer) -> MailOutcome {
    let addresses = curl_slist_append(nil, message.to.text)
    defer { curl_slist_free_all(addresses) }
    return perform(SMTPTransfer(message.bytes, needsLogin: server.username != nil), server) {
      (handle) in
      _ = meterbridge_setopt_string(handle, CURLOPT_MAIL_FROM, message.from.text)
      _ = meterbridge_setopt_pointer(handle, CURLOPT_MAIL_RCPT, addresses)
      _ = meterbridge_setopt_long(handle, CURLOPT_UPLOAD, 1)
    }
  }

  /// Connects to a server and logs in, without sending a mail.
  public func test(_ server: MailServer) -> MailOutcome {
    let transfer = SMTPTransfer([], needsLogin: server.username != nil)
    let outcome = perform(transfer, server) { handle in
      _ = meterbridge_setopt_string(handle, CURLOPT_CUSTOMREQUEST, "NOOP")
    }
    guard case .accepted = outcome, server.username != nil, !transfer.hasLoggedIn else {
      return outcome
    }
    return .refused(code: 0, Self.noLogin(server))
  }

  // MARK: Private

  /// libcurl's global initialization; it counts, so that other clients may do the same.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  private func perform(
    _ transfer: SMTPTransfer, _ server: MailServer, _ set: (UnsafeMutableRawPointer) -> Void
  ) -> MailOutcome {
    guard Self.isReady, let handle = curl_easy_init() else {
      return .notSent("libcurl does not start")
    }
    defer { curl_easy_cleanup(handle) }
    setDefaults(server, transfer, on: handle)
    set(handle)
    let code = withExtendedLifetime(transfer) { curl_easy_perform(handle) }
    var status = 0
    // It does not fail for an option of its type.
    _ = meterbridge_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return outcome(code, status, transfer, server)
  }

  private func setDefaults(
    _ server: MailServer, _ transfer: SMTPTransfer, on handle: UnsafeMutableRawPointer
  ) {
    func set(_ option: CURLoption, _ value: Int) {
      _ = meterbridge_setopt_long(handle, option, value)
    }
    func set(_ option: CURLoption, _ value: String) {
      _ = meterbridge_setopt_string(handle, option, value)
    }
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    set(CURLOPT_URL, server.url)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NETRC, 0)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(
      CURLOPT_USE_SSL, Int((server.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue))
    if let authorities = server.authorities ?? Self.namedAuthorities {
      set(CURLOPT_CAINFO, authorities)
    }
    set(CURLOPT_TIMEOUT_MS, Self.timeout)
    set(CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeout)
    if let username = server.username {
      set(CURLOPT_USERNAME, username)
      set(CURLOPT_PASSWORD, server.password ?? "")
    }
    let pointer = Unmanaged.passUnretained(transfer).toOpaque()
    for (function, data, callback) in [
      (CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, SMTPTransfer.Callbacks.reply),
      (CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, SMTPTransfer.Callbacks.reply),
      (CURLOPT_READFUNCTION, CURLOPT_READDATA, SMTPTransfer.Callbacks.message),
    ] {
      _ = meterbridge_setopt_callback(handle, function, callback)
      _ = meterbridge_setopt_pointer(handle, data, pointer)
    }
  }

  /// OpenSSL and the curl command read the variable; libcurl does not.
  private static let namedAuthorities = getenv("SSL_CERT_FILE").map { String(cString: $0) }
    .flatMap { $0.isEmpty ? nil : $0 }

  /// The meaning of the end of a transfer.
  ///
  /// The last reply of the server, not the error of libcurl, tells temporary from permanent: 4xx and
  /// 5xx are answers to the command before, so the mail was not taken.
  private func outcome(
    _ code: CURLcode, _ status: Int, _ transfer: SMTPTransfer, _ server: MailServer
  ) -> MailOutcome {
    if code == CURLE_OK { return .accepted(transfer.reply(status)) }
    // Login denied after a good reply: none of the ways to log in that it offers is known
    let isLogin = code == CURLE_LOGIN_DENIED
    if transfer.lacksLogin || (isLogin && status < 400) {
      return .refused(code: 0, Self.noLogin(server))
    }
    let isAnswer = Self.answers.contains(code.rawValue)
    if isLogin, status >= 500 { return .loginRefused(code: status) }
    if isAnswer, (500...599).contains(status) {
      return .refused(code: status, transfer.reply(status))
    }
    if isAnswer, (400...499).contains(status) {
      // A reply to a login may quote it
      return .notSent("\(server.name) answered \(isLogin ? "\(status)" : transfer.reply(status))")
    }
    let reason = "\(server.name): \(message(for: code, server))"
    return transfer.isHandedOver ? .doubtful(reason) : .notSent(reason)
  }

  /// The errors of libcurl for a reply that it did not expect; measured with 7.88.1.
  private static let answers: Set<UInt32> = [
    CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
    CURLE_USE_SSL_FAILED, CURLE_LOGIN_DENIED,
  ].reduce(into: []) { $0.insert($1.rawValue) }

  private static func noLogin(_ server: MailServer) -> String {
    "\(server.name) offers no login for the user name of the connection; nothing was sent"
  }

  /// The text of an error, the same for all versions of libcurl.
  private func message(for code: CURLcode, _ server: MailServer) -> String {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: "no address is found for its name"
    case CURLE_COULDNT_CONNECT: "no connection can be made"
    case CURLE_OPERATION_TIMEDOUT: "it took too long"
    case CURLE_SSL_CONNECT_ERROR: "the TLS handshake fails"
    case CURLE_USE_SSL_FAILED: "it offers no STARTTLS"
    case CURLE_GOT_NOTHING: "the connection ended without an answer"
    case CURLE_SSL_CACERT_BADFILE:
      "the certificate authorities to trust cannot be read from \(server.authorities ?? "their file")"
    case CURLE_PEER_FAILED_VERIFICATION:
      "its certificate is not trusted, or not for this name; the setting authorities names a file of"
        + " the authorities to trust"
    default: String(cString: curl_easy_strerror(code))
    }
  }
}
