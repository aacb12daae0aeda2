import HTTPServer
import Synchronization

/// What the server refused, closed or slowed down, for the metrics; as of the last minute.
final class PressureGauge: Sendable {
  private let last = Mutex(ServerPressure())
  private let failures: FailureThrottle

  init(_ failures: FailureThrottle) { self.failures = failures }

  func set(_ pressure: ServerPressure) { last.withLock { $0 = pressure } }

  /// The counts in the format of Prometheus.
  var text: String {
    let pressure = last.withLock { $0 }
    let name = "meterbridge_connections_refused_total"
    return """
      # HELP \(name) Connections that were closed or refused for lack of room.
      # TYPE \(name) counter
      \(name){reason="idle"} \(pressure.closedIdle)
      \(name){reason="full"} \(pressure.refused)
      \(name){reason="address"} \(pressure.refusedOfAddress)
      # HELP meterbridge_sign_ins_delayed_total Failed sign-ins whose answer was delayed.
      # TYPE meterbridge_sign_ins_delayed_total counter
      meterbridge_sign_ins_delayed_total \(failures.slowed)

      """
  }
}
