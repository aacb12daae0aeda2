import Operations
import Policies
import Setup
import Values

/// The part of a flow connection's page with its policy.
enum PolicySection {
  static let routes: [Route] = [
    .post(
      "/flow-connections/:name/policy", .administrator,
      .one("setPolicy", "Set the policy of a flow connection", "Policy", [document])
    ) { (visit) throws(Problem) in try set(visit) }
  ]

  private static let document = APIOperation.Parameter(
    name: "policy", help: "The policy as JSON text; {} for an empty one", isRequired: true)

  /// The policy, and for administrators a form that changes it.
  @NodeBuilder
  static func node(_ connected: FlowConnection, _ visit: Visit) -> Node {
    let stored = try? PolicyStore(home: visit.home).document(of: connected.name)
    h2 { "Policy" }
    p(.class("soft")) { words(connected, visit) }
    if let policy = stored ?? nil { jsonText(policy, label: "Policy") }
    if visit.may(.administrator) {
      visit.postForm(
        Address("flow-connections", connected.name, "policy"), .class("fields")
      ) {
        label {
          "What may leave, as JSON"
          textarea(.name("policy"), .rows(6), .noSpelling) { (stored ?? nil)?.text ?? "{}" }
        }
        p { button { "Set policy" } }
      }
    }
  }

  private static func words(_ connected: FlowConnection, _ visit: Visit) -> String {
    do throws(Problem) {
      switch try PolicyStore(home: visit.home).state(of: connected.name, at: visit.now) {
      case .none: return "It has none: what its steps hold by themselves is held."
      case .known: return "What may leave by it; changes are checked before they are sent."
      case .unreadable(let reason): return "Nothing leaves by it: \(reason)."
      }
    } catch {
      return "It cannot be read: \(error)."
    }
  }

  private static func set(_ visit: Visit) throws(Problem) -> Answer {
    let connected = try visit.registry.flows.connection(visit.path[0])
    let text = try visit.required("policy")
    let policy: JSON
    do throws(JSONError) { policy = try JSON(parsing: text) } catch {
      throw Problem(.data, "the policy is not JSON: \(error)")
    }
    try PolicyStore(home: visit.home).set(policy, of: connected.name, now: visit.now)
    return .done(
      policy, next: Address("flow-connections", connected.name), note: "The policy is set.")
  }
}
