import StepKit
import Store
public import Values

/// A setting of the home, which every process reads.
public struct HomeSetting: Sendable {
  /// The name.
  public let name: String
  /// The possible values; the first is the default.
  public let values: [String]
  /// The help text.
  public let help: String

  /// Whether personal data is shown in runs and logs.
  public static let personalData = HomeSetting(
    name: "personalData", values: ["cut", "shown"],
    help: "Names, e-mail and postal addresses and telephone numbers in what shows runs, and in logs"
  )

  /// All settings.
  public static let all = [personalData]
}

extension HomeSetting {
  private var key: String { StoreKey.setting.key(name) }

  /// The value in a home.
  public func value(in home: Home) throws(Problem) -> String {
    let known = try home.document(at: key)?["value"].string
    return known.flatMap { values.contains($0) ? $0 : nil } ?? values[0]
  }

  /// Refuses an impossible value.
  public func check(_ value: String) throws(Problem) {
    guard values.contains(value) else {
      throw Problem(
        .usage, "\(name) cannot be \"\(value)\"; use \(values.joined(separator: " or "))")
    }
  }

  /// Sets the value in a home.
  public func set(_ value: String, in home: Home) throws(Problem) {
    try check(value)
    _ = try home.commit([.put(key, ["value": .string(value)])])
  }

  /// The setting of a name.
  public static func named(_ name: String) throws(Problem) -> HomeSetting {
    guard let setting = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name).joined(separator: ", ")
      throw Problem(.usage, "there is no setting \"\(name)\"; the settings are \(names)")
    }
    return setting
  }
}
