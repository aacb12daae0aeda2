import HTTPServer
import HTTPTypes

extension Response {
  /// Leads to another page, which is asked by GET.
  static func seeOther(_ address: Address) -> Response {
    Response(303, headers: ["Location": address.text])
  }
}
