import Catalog
import Values

extension ConnectionStore {
  /// Refuses settings that lack others that go with them, or are of none or of several of the ways to
  /// connect to an app.
  static func checkWay(_ names: Set<String>, _ app: App) throws(Problem) {
    for group in app.together where !names.isDisjoint(with: group) {
      for name in group where !names.contains(name) {
        throw Problem(
          .usage,
          "\(app.name) needs \(group.joined(separator: " and ")) together: \(option(name, app))")
      }
    }
    guard !app.ways.isEmpty else { return }
    let begun = app.ways.filter { !names.isDisjoint(with: $0) }
    guard begun.count == 1, begun[0].allSatisfy(names.contains) else {
      let ways = app.ways.map { way in way.map { option($0, app) }.joined(separator: " ") }
      let what = begun.count > 1 ? "takes only one of these" : "needs one of these"
      throw Problem(.usage, "\(app.name) \(what): \(ways.joined(separator: ", or "))")
    }
  }

  private static func option(_ name: String, _ app: App) -> String {
    app.setting(name)?.isSecret == true ? "--secret \(name)=@FILE" : "--set \(name)=…"
  }
}
