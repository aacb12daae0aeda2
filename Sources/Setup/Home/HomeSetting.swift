public import Catalog
import StepKit
import Store
public import Values

/// A setting of the home, which every process reads.
public struct HomeSetting: Sendable {
  /// The name.
  public let name: String
  /// The possible values; the first is the default.
  public let values: [String]
  /// Whether an age, such as `12h`, is a value too.
  public var takesAge = false
  /// Whether a cron expression, such as `0 6 1 * * Europe/Paris`, is a value too.
  public var takesSchedule = false
  /// The help text.
  public let help: String

  /// Whether personal data is shown in runs and logs.
  public static let personalData = HomeSetting(
    name: "personalData", values: ["cut", "shown"],
    help: "Names, e-mail and postal addresses and telephone numbers in what shows runs, and in logs"
  )

  /// For how long an account may send no webhook before that needs attention.
  public static let silence = HomeSetting(
    name: "silence", values: ["off"], takesAge: true,
    help: "How long an account may send no webhook before `attention` lists it, such as 12h or 2d"
  )

  /// How often `serve` reads what webhooks did not bring.
  public static let catchUp = HomeSetting(
    name: "catchUp", values: ["off"], takesAge: true, takesSchedule: true,
    help: "How often or when `serve` reads events that webhooks did not bring, such as 10m"
  )

  /// When `serve` reconciles the month of the day before.
  public static let reconcile = HomeSetting(
    name: "reconcile", values: ["off"], takesSchedule: true,
    help: "When `serve` reconciles the month of the day before, such as 0 6 * * * Europe/Paris"
  )

  /// When `serve` looks up what the fields of flow connections name.
  public static let catalogueCheck = HomeSetting(
    name: "catalogueCheck", values: ["off"], takesSchedule: true,
    help: "When `serve` looks up the item prices and price plans that flows name, such as @daily"
  )

  /// All settings.
  public static let all = [personalData, silence, catchUp, reconcile, catalogueCheck]
}

extension HomeSetting {
  private var key: String { StoreKey.setting.key(name) }

  /// The value in a home.
  public func value(in home: Home) throws(Problem) -> String {
    let known = try home.document(at: key)?["value"].string
    return known.flatMap { allows($0) ? $0 : nil } ?? values[0]
  }

  /// The value in a home as a number of seconds; nil if it is no age.
  public func seconds(in home: Home) throws(Problem) -> Int? { Age.seconds(try value(in: home)) }

  /// The value in a home as a cron expression; nil if it is none.
  public func schedule(in home: Home) throws(Problem) -> CronSchedule? {
    guard takesSchedule else { return nil }
    return try? CronSchedule(try value(in: home))
  }

  private func allows(_ value: String) -> Bool {
    values.contains(value) || (takesAge && Age.seconds(value).map { $0 > 0 } ?? false)
      || (takesSchedule && (try? CronSchedule(value)) != nil)
  }

  /// Refuses an impossible value.
  public func check(_ value: String) throws(Problem) {
    guard allows(value) else {
      // What looks like a schedule is told what is wrong with it
      if takesSchedule, value.contains(" ") { _ = try CronSchedule(value) }
      let choices =
        values + (takesAge ? ["an age such as 12h"] : [])
        + (takesSchedule ? ["a cron expression such as \"0 6 * * * Europe/Paris\""] : [])
      throw Problem(
        .usage, "\(name) cannot be \"\(value)\"; use \(choices.joined(separator: " or "))")
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
