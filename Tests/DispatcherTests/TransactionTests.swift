import Setup
import StepKit
import Store
import TestHomes
import Testing
import Values

@Suite struct TransactionTests {
  @Test func transactionIsBuiltAnewWhenItsConditionFails() throws {
    let home = try TestHome().home
    _ = try home.commit([.put("setting/a", "1")])
    var builds = 0
    let seen = try home.transact { (transaction) throws(Problem) in
      builds += 1
      let text = try home.text(at: "setting/a") ?? ""
      if builds == 1 { _ = try home.commit([.put("setting/a", "2")]) }
      transaction.conditions = [.equals("setting/a", text)]
      transaction.changes = [.put("setting/b", text)]
      return text
    }
    #expect(builds == 2)
    #expect(seen == "2")
    #expect(try home.text(at: "setting/b") == "2")
  }

  @Test func linksAndOtherChangesAreCommittedTogether() throws {
    let home = try TestHome().home
    let links = Links(home: home)
    try links.link(.customer, ["a:x": "1", "b:y": "2"])
    #expect(throws: Problem.self) {
      try home.transact { (transaction) throws(Problem) in
        transaction.changes = [.put("setting/a", "1")]
        let conflict = Links.Row(kind: .customer, ids: ["a:x": "1", "b:y": "3"])
        try links.add([conflict], to: &transaction)
      }
    }
    #expect(try home.text(at: "setting/a") == nil)
    try home.transact { (transaction) throws(Problem) in
      transaction.changes = [.put("setting/a", "1")]
      try links.add([Links.Row(kind: .customer, ids: ["a:x": "1", "c:z": "3"])], to: &transaction)
    }
    #expect(try home.text(at: "setting/a") == "1")
    #expect(try links.row(.customer, anyOf: ["b:y": "2"])?.ids["c:z"] == "3")
  }
}
