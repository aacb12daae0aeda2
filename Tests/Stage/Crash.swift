import Dispatcher
import Foundation
import HTTP
public import Sandbox
import Step

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

  /// What is played.
  public enum Scene: String, Sendable, CaseIterable {
    /// The three flows of the original: a customer, a payment, an invoice.
    case original
    /// These but for the payment, with the flows that go the other way and those to Zoho Books.
    case bothWays
  }

  /// What is wrong with the APIs.
  public enum Fault: Sendable {
    /// They do this to the first three calls.
    case misdeed(Misdeed.Kind)
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
    nil, .misdeed(.doAndDrop), .misdeed(.doAndFail(status: 500)),
    .misdeed(.limit(retryAfter: 1)), .misdeed(.drop), .misdeed(.slow(seconds: 0.2)), .refusal,
  ]

  /// The scene, one act after another, with a death and its consequences.
  public func play() throws -> Outcome {
    var isRefused = false
    if case .refusal = fault { isRefused = true }
    let stage = try Stage(behindDoor: isRefused)
    defer { stage.close() }
    if scene == .bothWays {
      try stage.connectReturnFlows()
      try stage.connectZoho("togai-zohobooks-account-sync", "togai-zohobooks-invoice-sync")
    }
    if case .misdeed(let kind) = fault {
      for app in ["chargebee", "togai"] + (scene == .bothWays ? ["zohobooks"] : []) {
        stage.sandbox.misbehave(Misdeed(kind, app: app, times: 3))
      }
    }
    let actor = try Mortal(stage: stage, crash: self)
    defer { actor.end() }
    switch scene {
    case .original: try playOriginal(stage, actor)
    case .bothWays: try playBothWays(stage, actor)
    }
    try actor.rest()
    actor.end()
    let wrongs =
      scene == .original
      ? try Verdict.wrongs(on: stage) : try Verdict.wrongsBothWays(on: stage)
    return Outcome(wrongs: wrongs, hasDied: actor.hasDied, deeds: actor.deeds)
  }

  private func playOriginal(_ stage: Stage, _ actor: Mortal) throws {
    try stage.addCustomer("acme")
    try actor.deliver()
    try stage.pay("acme")
    try actor.deliver()
    try actor.wait("the account") { stage.sandbox.state["togai"]["accounts"].array?.count == 1 }
    try stage.invoice("acme", cents: 12_345)
    try actor.deliver()
  }

  private func playBothWays(_ stage: Stage, _ actor: Mortal) throws {
    try stage.addCustomer("acme")
    try actor.rest()
    try actor.wait("a new name") { (try? stage.rename("acme", to: "Renamed Ltd")) != nil }
    try actor.deliver()
    try actor.wait("an account of Togai's own") {
      if !stage.hasAccount("own") { try? stage.addTogaiAccount("own") }
      return stage.hasAccount("own")
    }
    try actor.rest()
    try stage.invoice("acme", cents: 12_345)
    try actor.rest()
    try actor.wait("the invoice to be paid in Chargebee") {
      try? stage.payInvoices()
      let invoices = stage.sandbox.state["chargebee"]["invoices"].array ?? []
      return !invoices.isEmpty && invoices.allSatisfy { $0["status"] == "paid" }
    }
    try actor.rest()
    try stage.invoice("own", cents: 7700)
    try actor.rest()
    try actor.wait("the other to be paid in Togai") {
      let due = stage.sandbox.state["togai"]["invoices"].array?.first { $0["status"] == "DUE" }
      if let due { try? stage.payInTogai(77, of: due) }
      return due == nil
    }
  }
}
