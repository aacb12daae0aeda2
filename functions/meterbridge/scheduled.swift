import StepKit
import Values

/// Starts at the times of a schedule.
@main
enum Scheduled: Step {
  static func handle(_ call: Invocation<JSON>) throws(Halt) -> Reply<Notification> {
    let event = call.input
    guard let time = event["at"].time, let schedule = event["schedule"].nonBlank else {
      throw .fail(
        .permanent("the event has no time or no schedule: `meterbridge event show` shows it"))
    }
    return .done(
      Notification(
        subject: "Meterbridge: \(schedule)", text: call.payload["text"].nonBlank ?? "It is time",
        details: [
          "at": .string(time.text), "schedule": .string(schedule), "zone": event["zone"],
        ]))
  }
}
