import Catalog
import Records
import Setup
import StepKit
import Values

/// What a ``FlowInterpreter`` leaves to a live run, a plan or a replay: the inputs and answers of the
/// steps, and what becomes of their replies.
///
/// All steps are counted from 0.
protocol FlowPerformer {
  /// The run's id, as steps are told it.
  var run: String { get }
  /// The only clock of a step.
  var at: Timestamp { get }
  /// The answers of the step that is being called.
  var answers: [String: Answer] { get }

  /// The event for the first step, the output of the step before for any other.
  func input(of index: Int) throws(Problem) -> StepInput

  /// The settings that a step is told: the flow's payload and the connection's.
  func settings(of step: ResolvedFlow.Step) -> (payload: JSON, settings: JSON)

  /// Records that a step whose condition does not hold is not called.
  ///
  /// - Returns: whether the flow goes on.
  mutating func skip(_ call: StepCall, unless condition: StepCondition) throws(Problem) -> Bool

  /// Prepares the first call of a step.
  ///
  /// - Returns: whether it is to be made.
  mutating func begin(_ call: StepCall) throws(Problem) -> Bool

  /// Records the reply to a call.
  mutating func record(_ output: StepOutput, from step: ResolvedFlow.Step)

  /// Answers what a step asks for.
  mutating func perform(_ effects: [Effect], of call: StepCall) throws(Problem) -> FlowProgress

  /// Takes a reply that asks for nothing.
  mutating func complete(_ reply: Reply<JSON>, of call: StepCall) throws(Problem) -> FlowProgress
}

/// What comes after a reply.
enum FlowProgress {
  /// The step is called again.
  case again
  /// The next step is called.
  case next
  /// No call is made now.
  case rest
}

extension FlowPerformer {
  func settings(of step: ResolvedFlow.Step) -> (payload: JSON, settings: JSON) {
    (step.part.payload, step.connection.known)
  }
}
