import Operations
import Records
import Setup
import Synchronization
import Values

/// The log of `serve`: text on standard error, or JSON Lines on standard output.
final class ServiceLog: Sendable {
  private let home: Home
  private let printsJSON: Bool
  /// Redacts personal data, as a setting of the home says.
  private let discretion: Mutex<Redactor>

  init(home: Home, printsJSON: Bool) throws(Problem) {
    self.home = home
    self.printsJSON = printsJSON
    discretion = Mutex(try Redactor(home: home))
  }

  /// Writes an entry as one line, whatever it quotes; a log that cannot be written does not end the service.
  func write(_ entry: LogEntry) {
    let discretion = discretion.withLock { $0 }
    let (time, message) = (
      WallClock.system.now().text, discretion.shown(entry.message, of: entry.run)
    )
    guard printsJSON else { return Terminal.note("\(time) \(entry.level.rawValue): \(message)") }
    Terminal.log(
      .members([
        "time": .string(time), "level": .string(entry.level.rawValue), "message": .string(message),
        "run": .text(entry.run), "flowConnection": .text(entry.flowConnection),
        "reason": .text(entry.reason.map { discretion.shown($0, of: entry.run) }),
      ]))
  }

  /// Reads the home's setting again.
  func reload() {
    do throws(Problem) {
      let new = try Redactor(home: home)
      discretion.withLock { $0 = new }
      write(LogEntry(.info, "settings reloaded"))
    } catch {
      write(LogEntry(.error, "cannot reload the settings: \(error)"))
    }
  }
}
