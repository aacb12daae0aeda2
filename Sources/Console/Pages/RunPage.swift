import Catalog
import Dispatcher
import Operations
import Records
import Setup
import Values

/// A run: where it is, what happened, each request with its answer, and what can be done about it.
enum RunPage {
  static let routes: [Route] = [
    .get("/runs/:run", .viewer, .one("getRun", "A run with its effects", "RunWithEffects")) {
      (visit) throws(Problem) in try page(visit)
    },
    .post("/runs/:run/retry", .operator, .one("retryRun", "Continue an ended run", "Run", [step])) {
      (visit) throws(Problem) in
      let step = try visit.field("from-step").map { (text) throws(Problem) -> Int in
        guard let number = Int(text), number > 0 else {
          throw Problem(.usage, "from-step must be a positive integer")
        }
        return number - 1
      }
      return done(try control(visit).retry(visit.path[0], from: step), "The run continues.")
    },
    .post("/runs/:run/cancel", .operator, .one("cancelRun", "End a run that waits", "Run")) {
      (visit) throws(Problem) in
      let run = try control(visit).cancel(visit.path[0])
      return done(run, run.status == .pending ? "The run will end." : "The run is canceled.")
    },
    .post("/runs/:run/settle", .operator, .one("settleRun", "Settle an effect", "Run", settlement))
    {
      (visit) throws(Problem) in try settle(visit)
    },
    .post("/runs/:run/replay", .operator, .list("replayRun", "Replay a run", of: "ReplayedCall")) {
      (visit) throws(Problem) in try replay(visit)
    },
  ]

  private static let step = APIOperation.Parameter(
    name: "from-step", help: "The number of the step to start at, from 1")

  private static let settlement: [APIOperation.Parameter] = [
    .init(name: "effect", help: "The name of the effect", isRequired: true),
    .init(name: "happened", help: "yes or no", isRequired: true),
    .init(name: "answer", help: "If it happened: the answer of the app, as JSON"),
  ]

  private static func store(_ visit: Visit) -> RunStore {
    RunStore(home: visit.home, person: visit.person)
  }

  private static func control(_ visit: Visit) -> RunControl {
    RunControl(home: visit.home, person: visit.person, clock: visit.console.options.clock)
  }

  private static func done(_ run: Run, _ note: String) -> Answer {
    .done(run.json, next: Address("runs", run.id), note: note)
  }

  private static func settle(_ visit: Visit) throws(Problem) -> Answer {
    let happened = try visit.required("happened") == "yes"
    var answer: JSON?
    if happened {
      let text = try visit.required("answer")
      do throws(JSONError) { answer = try JSON(parsing: text) } catch {
        throw Problem(.data, "the answer is not JSON: \(error)")
      }
    }
    let run = try store(visit).settle(
      visit.path[0], effect: visit.required("effect"), answer: answer, now: visit.now)
    return done(run, run.status == .pending ? "The run continues." : "Noted; others are left.")
  }

  private static func replay(_ visit: Visit) throws(Problem) -> Answer {
    let run = try store(visit).run(visit.path[0])
    let calls = try Replay(registry: visit.registry, caller: visit.console.caller).replay(run)
    let isSame = calls.allSatisfy(\.isSame)
    let content = group {
      pageHead("Replay", tag: isSame ? tag("Same", "good") : tag("Differs", "bad"))
      p {
        "The steps of "
        a(.class("id"), .href(Address("runs", run.id))) { run.id }
        " were called again with the recorded answers. Nothing was sent."
      }
      dataTable("Calls", head: ["Step", "Call", "Reply"]) {
        for call in calls {
          tr {
            td { "\(call.step)" }
            td { "\(call.round)" }
            td {
              if call.isSame {
                "same, byte for byte"
              } else {
                jsonText(call.then, label: "Recorded reply")
                jsonText(call.now, label: "Reply now")
              }
            }
          }
        }
      }
    }
    return .page(
      Answer.Page(
        title: "Replay of \(run.id)", section: .runs, document: .array(calls.map(\.json)),
        content: content))
  }

  private static func page(_ visit: Visit) throws(Problem) -> Answer {
    let view = try RunView(visit.path[0], in: visit.home)
    let run = view.run
    let content = group {
      pageHead(title(run, visit), tag: RunsPage.statusTag(run.json())) {
        RunActs.buttons(view, visit)
      }
      trouble(view)
      RunPicture(run, registry: visit.registry).node
      div(.class("two")) {
        section(.id("activity"), .live) {
          h2 { "Activity" }
          RunLog(view).node
        }
        aside {
          h2 { "Facts" }
          factList(facts(view))
          RunActs.settlements(view, visit)
        }
      }
    }
    return .page(
      Answer.Page(title: run.id, section: .runs, document: view.json, content: content))
  }

  private static func title(_ run: Run, _ visit: Visit) -> String {
    let flow = try? visit.registry.flows.connection(run.flowConnection)
    let name = flow.flatMap { try? visit.registry.flows.get($0.flow).name }
    return name ?? run.flowConnection
  }

  private static func trouble(_ view: RunView) -> Node {
    guard let reason = view.run.reason ?? view.behind.map({ "waits behind \($0)" }) else {
      return .empty
    }
    let isBad = [.failed, .notSynced].contains(view.run.status)
    let isQuiet = [.success, .stopped, .canceled].contains(view.run.status)
    return isQuiet
      ? p(.class("soft")) { bdi { reason } }
      : div(.class(isBad ? "note bad" : "note")) { p { bdi { reason } } }
  }

  private static func facts(_ view: RunView) -> [(name: String, value: Node)] {
    let run = view.run
    var facts: [(name: String, value: Node)] = [
      ("Run", idText(run.id)),
      (
        "Flow connection",
        a(.href(Address("flow-connections", run.flowConnection))) { run.flowConnection }
      ),
      ("Event", a(.class("id"), .href(Address("events", run.event))) { bdi { run.event } }),
      ("Started", moment(run.at)),
    ]
    if let customer = RunSubject(of: run).customer {
      let link = a(.class("id"), .href(Address("customers", customer))) { bdi { customer } }
      facts.insert(("Customer", link), at: 3)
    }
    if run.status == .pending {
      if run.attempts > 0 { facts.append(("Attempts", Node("\(run.attempts)"))) }
      if run.due > run.at { facts.append(("Next try", moment(run.due))) }
    }
    if let other = view.behind {
      facts.append(("Behind", a(.class("id"), .href(Address("runs", other))) { other }))
    }
    if let earlier = run.earlier {
      facts.append(("Earlier run", a(.class("id"), .href(Address("runs", earlier))) { earlier }))
    }
    return facts
  }
}
