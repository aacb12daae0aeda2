import StepKit
import Testing
import Values

@testable import Catalog

struct FlowCheckTests {
  @Test func everyErrorIsReportedWithItsPlace() throws {
    let catalog = try testCatalog()
    let json = try JSON(
      parsing: """
        {"nmae": "x", "type": "sideways",
         "when": {"step": "beta/take"},
         "then": [{"step": "alpha/made"}, {"step": "beta/nothing"}, {"step": "beta"},
           {"step": "beta/take", "payload": {"count": "many", "colour": "red"}, "unless": 1}]}
        """)
    #expect(
      catalog.faults(inFlow: "own", json) == [
        #"flow own: "nmae" is unknown; there are name, aliases, description, type, when, then, policy"#,
        #"flow own: "name" must be a text"#,
        #"flow own: "type" is inbound or outbound"#,
        "flow own, when: beta/take is an action and starts nothing",
        "flow own, then[0]: alpha/made is a trigger and cannot be done",
        "flow own, then[1]: there is no step beta/nothing; `meterbridge step list` shows what there is",
        #"flow own, then[2]: "step" is written app/step"#,
        #"flow own, then[3]: "unless" is unknown; there are step, payload, if"#,
      ])
  }

  @Test func payloadNounAndDirectionAreChecked() throws {
    let catalog = try testCatalog()
    let json = try JSON(
      parsing: """
        {"name": "x", "type": "inbound", "when": {"step": "gamma/made"},
         "then": [{"step": "beta/take", "payload": {"count": "many", "colour": "red"}}]}
        """)
    #expect(
      catalog.faults(inFlow: "own", json) == [
        "flow own: its type is outbound, since its trigger is of Gamma",
        #"flow own, then[0]: beta/take has no field "colour"; it has count"#,
        "flow own, then[0]: count of beta/take must be a number",
      ])
    let problem = #expect(throws: Problem.self) {
      try catalog.flow("own", json)
    }
    #expect(problem?.description.split(separator: "\n").count == 3)
  }

  @Test func validFlowHasNoErrors() throws {
    let catalog = try testCatalog()
    for flow in catalog.flows.values {
      #expect(catalog.faults(inFlow: flow.id, flow.json).isEmpty)
    }
  }
}
