import CCurl
import HTTPTypes
import Values

/// The headers of a request as libcurl's list.
///
/// It turns off the headers that libcurl would add by itself.
final class CurlHeaderList {
  private var list: UnsafeMutablePointer<curl_slist>?

  init(_ request: ClientRequest) throws(TransportFailure) {
    guard !request.method.isEmpty, request.method.utf8.allSatisfy(\.isToken) else {
      throw .notSent("the method is not a token")
    }
    for field in request.headers.fields {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy(\.isToken) else {
        throw .notSent("a header's name is not a token")
      }
      guard !field.value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
        throw .notSent("header \(field.name) holds a line break")
      }
      // The semicolon sends an empty value: after a colon libcurl would omit the header.
      append(field.value.trimmed.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    // libcurl 7.88 would sign a header that it is told to leave out
    guard request.signing == nil else { return }
    for name in ["Expect", "Content-Type"] where request.headers[name] == nil { append("\(name):") }
  }

  deinit { curl_slist_free_all(list) }

  var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(list) }

  private func append(_ line: String) {
    // It returns nil if memory is out, and leaves the list as it was.
    list = curl_slist_append(list, line) ?? list
  }
}
