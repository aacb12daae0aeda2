import Catalog
import Records
import Setup
import StepKit
import Values

/// The part of a ``FlowInterpreter`` that a live run, a plan and a replay implement differently: the
/// inputs and answers of the steps, and the treatment of their replies.
///
/// Steps have indices from 0.
protocol FlowPerformer {
  /// The id of the run.
  var run: String { get }
  /// The time that the steps use as the current time.
  var at: Timestamp { get }
  /// The answers for the next call of the current step.
  var answers: [String: Answer] { get }

  /// The input of a step: the event for the first, else the output of the step before.
  func input(of index: Int) throws(Problem) -> StepInput

  /// The settings of a step: the payload of the flow and the settings of the connection.
  func settings(of step: ResolvedFlow.Step) -> (payload: JSON, settings: JSON)

  /// Records that a step is skipped because its condition is not met.
  ///
  /// - Returns: whether the flow continues.
  mutating func skip(_ call: StepCall, unless condition: StepCondition) throws(Problem) -> Bool

  /// Prepares the first call of a step.
  ///
  /// - Returns: whether the call is made.
  mutating func prepare(_ call: StepCall) throws(Problem) -> Bool

  /// Records the output of a call.
  mutating func record(_ output: StepOutput, from step: ResolvedFlow.Step)

  /// Performs the effects of an `ask` reply.
  mutating func perform(_ effects: [Effect], of call: StepCall) throws(Problem) -> FlowProgress

  /// Handles any other reply.
  mutating func complete(_ reply: Reply<JSON>, of call: StepCall) throws(Problem) -> FlowProgress
}

extension FlowPerformer {
  func settings(of step: ResolvedFlow.Step) -> (payload: JSON, settings: JSON) {
    (step.part.payload, step.connection.known)
  }
}
