import CCurl

/// Sets the options of a libcurl handle.
///
/// An option fails only if memory is out or the library lacks it; the tests would show the latter.
struct CurlOptions {
  let handle: UnsafeMutableRawPointer

  func set(_ option: CURLoption, _ value: Int) {
    _ = meterbridge_setopt_long(handle, option, value)
  }

  func set(_ option: CURLoption, _ value: String) {
    _ = meterbridge_setopt_string(handle, option, value)
  }

  func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
    _ = meterbridge_setopt_pointer(handle, option, value)
  }

  /// The options that all requests share.
  func setDefaults() {
    set(CURLOPT_NOSIGNAL, 1)
    // Abandons a name lookup that outlasts its transfer: waiting for it would delay all transfers.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
    // Keeps an id ".." in its path, where libcurl would go up one level.
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NETRC, 0)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    set(CURLOPT_CONNECTTIMEOUT_MS, 10_000)
    set(CURLOPT_USERAGENT, "meterbridge")
    // Servers close idle connections after about a minute; a request on one of those is doubtful.
    set(CURLOPT_MAXAGE_CONN, 30)
  }

  func set(method: String, body: [UInt8]?) {
    switch (method, body) {
    case ("GET", nil): set(CURLOPT_HTTPGET, 1)
    case ("HEAD", nil): set(CURLOPT_NOBODY, 1)
    case (_, let body?): set(body: body)
    case ("POST", nil), ("PUT", nil), ("PATCH", nil): set(body: [])
    case (_, nil): set(CURLOPT_HTTPGET, 1)
    }
    if method != "HEAD" || body != nil { set(CURLOPT_CUSTOMREQUEST, method) }
  }

  func set(signing: RequestSigning) {
    set(CURLOPT_AWS_SIGV4, "aws:amz:\(signing.region):\(signing.service)")
    set(CURLOPT_USERNAME, signing.keyID)
    set(CURLOPT_PASSWORD, signing.secret)
    // A long body is announced by a header that cannot be left out; it need not be waited for
    set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1)
  }

  func set(transfer: Transfer) {
    let pointer = Unmanaged.passUnretained(transfer).toOpaque()
    _ = meterbridge_setopt_callback(handle, CURLOPT_WRITEFUNCTION, Transfer.Callbacks.body)
    set(CURLOPT_WRITEDATA, pointer)
    _ = meterbridge_setopt_callback(handle, CURLOPT_HEADERFUNCTION, Transfer.Callbacks.head)
    set(CURLOPT_HEADERDATA, pointer)
    _ = meterbridge_setopt_start(handle, CURLOPT_PREREQFUNCTION, Transfer.Callbacks.start)
    set(CURLOPT_PREREQDATA, pointer)
    _ = meterbridge_setopt_socket(handle, CURLOPT_OPENSOCKETFUNCTION, Transfer.Callbacks.socket)
    set(CURLOPT_OPENSOCKETDATA, pointer)
  }

  private func set(body: [UInt8]) {
    set(CURLOPT_POSTFIELDSIZE, body.count)
    var body = body
    // libcurl copies the bytes now; it needs a pointer for an empty body too.
    if body.isEmpty { body = [0] }
    body.withUnsafeMutableBytes { set(CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
  }
}
