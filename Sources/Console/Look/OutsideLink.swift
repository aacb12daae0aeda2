import Catalog
import Setup
import StepKit

/// A link to the page of a thing in the app's own console; nothing if the app has none that is known.
struct OutsideLink {
  private let address: Address?
  private let name: String

  init(_ connection: Connection?, _ kind: Kind, _ id: String) {
    address = connection?.page(of: kind, id).flatMap(Address.init(outside:))
    name = connection?.app.name ?? ""
  }

  /// The link.
  var node: Node {
    address.map { address in
      a(.href(address), .rel("noreferrer"), .class("outside")) { "in \(name)" }
    } ?? .empty
  }
}
