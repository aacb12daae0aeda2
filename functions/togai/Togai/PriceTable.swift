import StepKit
import Values

/// Ids in Togai by the item prices of another app, as a field of the flow names them.
struct PriceTable {
  /// The rows, whose item prices are told apart by their bytes.
  private let rows: [JSONMember]

  /// The table in a field.
  init<Input>(_ call: Invocation<Input>, _ field: String) { rows = call.option(field).allMembers }

  /// Whether it has no row.
  var isEmpty: Bool { rows.isEmpty }

  /// The ids that it names, once each.
  var ids: [String] { rows.compactMap { $0.value.verbatim }.distinctByBytes }

  /// The id for an item price; nil if it names none.
  subscript(price: String) -> String? {
    rows.first { $0.name.hasBytes(of: price) }?.value.verbatim
  }
}
