import Dispatcher
import Foundation
import HTTPServer
public import Sandbox
import StepKit

/// One try at losing or doubling something: a dispatcher that dies at its k-th deed, an API that
/// misbehaves, and a time that passes before the dispatcher is back.
public struct Crash: Sendable, CustomStringConvertible {
  /// The deed at which it dies, from 1; 0 for never.
  public let deed: Int
  /// What both APIs do to the first calls, if anything.
  public let fault: Fault?
  /// Seconds that pass until the dispatcher is back: 0, or more than an idempotency key lives.
  public let gap: Int
  /// What is played.
  public let scene: Scene

  /// A try.
  public init(deed: Int, fault: Fault?, gap: Int, scene: Scene = .original) {
    self.deed = deed
    self.fault = fault
    self.gap = gap
    self.scene = scene
  }

  /// What was tried, in short.
  public var description: String {
    "\(scene), dies at \(deed), APIs \(fault.map { "\($0)" } ?? "well"), back after \(gap) s"
  }

  /// What is wrong with the APIs.
  public enum Fault: Sendable {
    /// They do this to the first three calls.
    case api(Sandbox.Fault.Kind)
    /// They reset all connections and refuse new ones for a while, three times.
    case refusal
  }

  /// What came of a try.
  public struct Outcome: Sendable {
    /// What is not as it should be.
    public let wrongs: [String]
    /// Whether the dispatcher died at all; if not, there were fewer deeds.
    public let hasDied: Bool
    /// How many deeds there were, where it did not die.
    public let deeds: Int
  }

  /// The faults that are combined with each death.
  public static let faults: [Fault?] = [
    nil, .api(.doAndDrop), .api(.doAndFail(status: 500)),
    .api(.limit(retryAfter: 1)), .api(.drop), .api(.slow(seconds: 0.2)), .refusal,
  ]

  /// The scene, with a death and its consequences.
  public func play() throws -> Outcome {
    var isRefused = false
    if case .refusal = fault { isRefused = true }
    let stage = try Stage(behindDoor: isRefused)
    defer { stage.close() }
    try stage.prepare(for: scene)
    stage.beginToSlam()
    if case .api(let kind) = fault {
      for app in scene.apps { stage.sandbox.inject(Sandbox.Fault(kind, app: app, times: 3)) }
    }
    let actor = try Mortal(stage: stage, crash: self)
    defer { actor.end() }
    try scene.act(stage, actor)
    try actor.rest()
    actor.end()
    return Outcome(
      wrongs: try Verdict.wrongs(on: stage, claims: scene.claims), hasDied: actor.hasDied,
      deeds: actor.deeds)
  }
}
