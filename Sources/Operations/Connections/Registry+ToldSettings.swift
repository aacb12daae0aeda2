import Catalog
import Dispatcher
import Requests
import Setup
import StepKit
import Values

extension Registry {
  /// A setting whose value the app tells, and that the connection lacks or has otherwise.
  struct ToldValue {
    let setting: Setting
    /// The value that the app tells.
    let value: String
    /// What tells it: `the newest invoice`.
    let source: String
    /// The connection's own value; nil if it has none.
    let own: String?

    /// How the value is set, as a command.
    func command(for connection: String) -> String {
      "`meterbridge connection set \(connection) --set \(setting.name)=\(value)`"
    }
  }

  /// The settings of a connection that the app tells otherwise, by one read for each.
  ///
  /// What the app does not tell now is left out: a site without invoices tells no time zone.
  func toldSettings(of connection: Connection, clock: WallClock) throws(Problem) -> [ToldValue] {
    let caller = APIClient(home: home, clock: clock)
    var values: [ToldValue] = []
    for setting in connection.app.settings {
      guard let told = setting.told else { continue }
      let effect = HTTPEffect(name: "told", method: .get, path: told.path, query: told.query)
      guard case .answered(let answer, _) = try caller.send(effect, through: connection, key: nil),
        answer.isSuccess, let value = told.value(in: answer.value), setting.accepts(.string(value))
      else { continue }
      let own = connection.settings[setting.name].nonBlank
      if let own, setting.means(own, value, at: clock.now()) { continue }
      values.append(ToldValue(setting: setting, value: value, source: told.source, own: own))
    }
    return values
  }

  /// Takes the settings that the app tells and a connection lacks; a value that a person set stays.
  func takeToldSettings(
    of name: String, clock: WallClock = .system
  ) throws(Problem) -> [ConnectionCheck.Finding] {
    var findings: [ConnectionCheck.Finding] = []
    for told in try toldSettings(of: connections.get(name), clock: clock) {
      let words: String
      if let own = told.own {
        words =
          "is that of \(told.source), and the connection's is \(own): set the right one by"
          + " \(told.command(for: name))"
      } else {
        _ = try change(connection: name, settings: [told.setting.name: told.value], secrets: [:])
        words = "is taken from \(told.source)"
      }
      findings.append(
        ConnectionCheck.Finding(
          subject: "\(told.setting.label) \(told.value)", words: words, isGood: told.own == nil))
    }
    return findings
  }
}
