import Foundation
import StepKit
import TestSupport
import Testing
import Values

@testable import Catalog

/// Errors in the files of a `functions` folder name the file and the member.
struct AppCatalogTests {
  /// A change that makes a file wrong.
  struct Edit: Sendable, CustomTestStringConvertible {
    /// The file below the folder, without `.json`.
    let file: String
    let old: String
    let new: String
    /// The error.
    let error: String

    init(_ file: String, _ old: String, _ new: String, _ error: String) {
      (self.file, self.old, self.new, self.error) = (file, old, new, error)
    }

    var testDescription: String { error }

    /// Applies the change to the files of `TestApps`.
    func apply(in folder: String) throws {
      let path = "\(folder)/\(file).json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let range = try #require(text.range(of: old))
      try text.replacingCharacters(in: range, with: new)
        .write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  /// What edits the price plans of one account is one after the other, whoever pays and whatever it is for.
  @Test func grantsAreReservedForEachCustomerWhoGetsThem() throws {
    let steps = try #require(try shippedCatalog().apps["togai"]?.steps)
    func payer(_ id: String) -> JSON { ["ids": ["chargebee": .string(id)]] }
    let payment: JSON = [
      "ids": ["chargebee": "txn_1"], "customer": payer("parent"),
      "invoices": [
        ["items": [["price": "a"], ["price": "b", "customer": payer("child")]]], ["items": []],
      ],
    ]
    let paid = try #require(steps["associate-price-plan"])
    let subscribed = try #require(steps["set-price-plans"])
    #expect(
      paid.purposes(in: payment).map { $0["ids"]["chargebee"] } == ["parent", .null, "child"])
    #expect(subscribed.purposes(in: ["customer": payer("child")]) == [payer("child")])
    #expect(paid.makes == subscribed.makes)
  }

  private static let appEdits = [
    Edit("beta/app", #""name":"Beta","#, "", #"beta/app.json: "name" must be a text"#),
    Edit(
      "beta/app", #""scope":"beta:b""#, #""scope":"""#, #"beta/app.json: "scope" must be a text"#),
    Edit(
      "beta/app", #""settings":["#, #""settings":7,"x":["#,
      #"beta/app.json: "settings" must be a list"#),
    Edit(
      "beta/app", #""label":"Key","#, "", #"beta/app.json, settings[0]: "label" must be a text"#),
    Edit(
      "alpha/app", #""label":"Password","#, #""label":"P","pattern":"(","#,
      #"alpha/app.json, settings[1]: "pattern" is no regular expression"#),
    Edit("beta/app", #""http":"#, #""https":"#, #"beta/app.json: "http" must be an object"#),
    Edit(
      "beta/app", #""encoding":"form""#, #""encoding":"xml""#,
      #"beta/app.json, http: "encoding" is json or form"#),
    Edit(
      "beta/app", #""base":"https://beta.example","#, "",
      #"beta/app.json, http: "base" must be a text"#),
    Edit(
      "beta/app", #""auth":{"basic":"{key}:"},"#, "",
      #"beta/app.json, http: "auth" must be an object"#),
    Edit(
      "beta/app", #"{"basic":"{key}:"}"#, #"{"digest":"{key}:"}"#,
      #"beta/app.json, http, auth: "auth" is basic, bearer, oauth2 or standardWebhooks"#),
    Edit(
      "beta/app", #""minutes":30"#, #""minutes":0"#,
      #"beta/app.json, http, idempotency: "minutes" is a number of minutes"#),
    Edit(
      "beta/app", #""header":"Idem","#, "",
      #"beta/app.json, http, idempotency: "header" must be a text"#),
    Edit(
      "beta/app", #""test":{"path":"/things"}"#, #""test":{}"#,
      #"beta/app.json, test: "path" must be a text"#),
    Edit(
      "beta/app", #""test":{"#, #""test":{"method":"PUT","#,
      #"beta/app.json, test: "method" is GET, POST or PATCH"#),
    Edit(
      "beta/app", #""test":"#, #""assume":{"GET things":{"status":200}},"test":"#,
      #"beta/app.json, assume.GET things: "GET things" is written METHOD /path"#),
    Edit(
      "beta/app", #""test":"#, #""assume":{"GET /things":{}},"test":"#,
      #"beta/app.json, assume.GET /things: "GET /things" says a status, a value or where it is in the event"#
    ),
    Edit(
      "beta/app", #""test":"#, #""reads":[{"label":"things"}],"test":"#,
      #"beta/app.json, reads[0]: "path" must be a text"#),
    Edit("beta/app", #""steps":"#, #""stages":"#, #"beta/app.json: "steps" must be an object"#),
    Edit(
      "beta/app", #""label":"Take""#, #""label":" ""#,
      #"beta/app.json, steps.take: "label" must be a text"#),
    Edit(
      "beta/app", #""kind":"action""#, #""kind":"both""#,
      #"beta/app.json, steps.take: "kind" is trigger, action, poll or list"#),
    Edit(
      "beta/app", #""takes":"thing","#, "", #"beta/app.json, steps.take: "takes" must be a text"#),
    Edit(
      "beta/app", #""type":"number""#, #""type":"digit""#,
      #"beta/app.json, steps.take, fields[0]: "type" is one of text, boolean, number, table, timeZone, schedule"#
    ),
    Edit(
      "alpha/app", #","gives":"thing""#, "", #"alpha/app.json, steps.made: "gives" must be a text"#),
    Edit(
      "alpha/app", #""events":["made"]"#, #""events":"made""#,
      #"alpha/app.json, steps.made: "events" must be a list of texts"#),
    Edit(
      "alpha/app", #""webhook":{"auth":"basic""#, #""webhook":{"auth":"hmac""#,
      #"alpha/app.json, webhook: "auth" is basic, path or internal"#),
    Edit(
      "alpha/app", #""username":"user","#, "",
      #"alpha/app.json, webhook: "username" must be a text"#),
    Edit(
      "alpha/app", #""lane":["about"]"#, #""lane":["about",7]"#,
      #"alpha/app.json, webhook: "lane" must be a list of texts"#),
    Edit(
      "delta/app", #""clientSecret":"{secret}","#, "",
      #"delta/app.json, http, auth, oauth2: "clientSecret" must be a text"#),
    Edit(
      "delta/app", #""good":0,"#, "",
      #"delta/app.json, http, refusals: "good" is a number, true or false"#),
    Edit(
      "delta/app", #"{"44":429}"#, #"{"44":200}"#,
      #"delta/app.json, http, refusals: "statuses" are statuses of errors by code"#),
  ]

  @Test(arguments: appEdits)
  func catalogNamesTheWrongMemberOfAnApp(edit: Edit) throws {
    let problem = try problem(of: edit)
    #expect(problem?.description == edit.error)
    #expect(problem?.kind == .configuration)
  }

  private static let flowEdits = [
    Edit("flows/to-beta", #""name":"A to beta","#, "", #"flow to-beta: "name" must be a text"#),
    Edit(
      "flows/to-beta", #""type":"inbound""#, #""type":"both""#,
      #"flow to-beta: "type" is inbound or outbound"#),
    Edit("flows/to-beta", #""when":"#, #""if":"#, #"flow to-beta: "when" must be an object"#),
    Edit(
      "flows/to-beta", #"[{"step":"beta/take"}]"#, "[]",
      #"flow to-beta: "then" must hold at least one action"#),
    Edit(
      "flows/to-beta", #""step":"beta/take""#, #""step":"beta""#,
      #"flow to-beta, then[0]: "step" is written app/step"#),
    Edit(
      "flows/to-beta", #""step":"beta/take""#, #""step":"beta/none""#,
      "flow to-beta, then[0]: there is no step beta/none; `meterbridge step list` shows what there is"
    ),
    Edit(
      "flows/to-beta", #""step":"beta/take""#, #""step":"beta/take","payload":[]"#,
      #"flow to-beta, then[0]: "payload" must be an object"#),
    Edit(
      "flows/to-beta", #""step":"beta/take""#, #""step":"beta/take","payload":{"count":"1"}"#,
      "flow to-beta, then[0]: count of beta/take must be a number"),
    Edit(
      "flows/to-beta", #""name":"#, #""aliases":"old","name":"#,
      #"flow to-beta: "aliases" must be a list of texts"#),
  ]

  @Test(arguments: flowEdits)
  func catalogNamesTheWrongMemberOfAFlow(edit: Edit) throws {
    #expect(try problem(of: edit)?.description == edit.error)
  }

  @Test(arguments: ["alpha/app", "flows/to-gamma"])
  func catalogNamesAFileThatIsNotJSON(file: String) throws {
    try withAppFolder { folder in
      let path = "\(folder)/\(file).json"
      try "{\"name\":".write(toFile: path, atomically: true, encoding: .utf8)
      let problem = #expect(throws: Problem.self) { try AppCatalog(functions: folder) }
      #expect(problem?.description.hasPrefix("\(path) is not JSON: ") == true)
      #expect(problem?.kind == .configuration)
    }
  }

  @Test func catalogReadsAppsAndFlows() throws {
    let catalog = try testCatalog()
    #expect(catalog.apps.keys.sorted() == ["alpha", "beta", "delta", "gamma"])
    #expect(catalog.flows.keys.sorted() == ["to-beta", "to-gamma"])
    #expect(try catalog.step(#require(StepID("beta/take"))).label == "Take")
    #expect(throws: Problem.self) { try catalog.app("none") }
    #expect(throws: Problem.self) { try catalog.step(#require(StepID("beta/none"))) }
  }

  @Test func catalogIgnoresFoldersWithoutAppFile() throws {
    try withAppFolder { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/other", withIntermediateDirectories: false)
      #expect(try AppCatalog(functions: folder).apps["other"] == nil)
    }
  }

  @Test(arguments: ["/none", "/flows"])
  func catalogRefusesAFolderWithoutApps(below: String) throws {
    try withAppFolder { folder in
      let problem = #expect(throws: Problem.self) { try AppCatalog(functions: folder + below) }
      #expect(problem?.kind == .configuration)
      #expect(problem?.description.contains(folder + below) == true)
    }
  }

  @Test func shippedCatalogIsValid() throws {
    let catalog = try shippedCatalog()
    #expect(catalog.apps.count == 7)
    for flow in catalog.flows.values { #expect(catalog.faults(inFlow: flow.id, flow.json) == []) }
  }

  private func problem(of edit: Edit) throws -> Problem? {
    try withAppFolder { folder in
      try edit.apply(in: folder)
      return #expect(throws: Problem.self) { try AppCatalog(functions: folder) }
    }
  }
}
