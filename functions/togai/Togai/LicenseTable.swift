import StepKit
import Values

/// The licenses in Togai by the item prices of another app, as a flow names them.
struct LicenseTable {
  private let licenses: [JSONMember]

  /// The table of a call.
  init<Input>(_ call: Invocation<Input>) { licenses = call.option("licenses").allMembers }

  /// The ids of all licenses that it names.
  var all: [String] { licenses.compactMap { $0.value.verbatim }.distinctByBytes }

  /// The id of the license for an item price; nil if the flow names none.
  func license(for price: String) -> String? {
    licenses.first { $0.name.hasBytes(of: price) }?.value.verbatim
  }
}
