public import Catalog
import Setup
public import Values

extension Flow {
  /// The flow as `--json` prints it: the file, the id and the visibility.
  public var shown: JSON {
    .object(
      (json.object ?? [:]).merging([
        "flow": .string(id), "visibility": isPublic ? "public" : "private",
      ]) { one, _ in one })
  }

  /// The id that a name gives a flow: `chargebee-crm` for `Chargebee - CRM`; empty if it has no letter or
  /// digit.
  public static func id(ofName name: String) -> String {
    name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      .joined(separator: "-")
  }
}
