import Catalog
import Dispatcher
import Foundation
import Operations
import Records
import Service
import StepKit
import TestHomes
import TestSupport
import Testing
import Values

@testable import Setup

struct LinksTests {
  @Test func rowIsFoundByAnyOfItsIDs() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    try links.link(.customer, ["a:1": "x/y", "b:1": "é"])
    try links.link(.customer, ["b:1": "é", "c:1": "z"])
    let all = ["a:1": "x/y", "b:1": "é", "c:1": "z"]
    for (scope, id) in all {
      #expect(try links.row(.customer, anyOf: [scope: id])?.ids == all)
    }
    #expect(try links.row(.account, anyOf: ["c:1": "z"]) == nil)
  }

  @Test func secondIDInOneAccountIsRefused() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    try links.link(.customer, ["a:1": "x", "b:1": "y"])
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "x", "b:1": "other"]) }
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "other", "b:1": "y"]) }
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "x"]) }
    #expect(try links.rows().count == 1)
  }

  /// `é` and its decomposed form are two customers, whatever Unicode says.
  @Test func idsThatDifferInBytesAreTwoThings() throws {
    let links = Links(home: try TestHome().home)
    let (composed, decomposed) = ("é", "e\u{301}")
    try links.link(.customer, ["a:1": composed, "b:1": "x"])
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": decomposed, "b:1": "x"]) }
    try links.link(.customer, ["a:1": decomposed, "b:1": "y"])
    #expect(try links.row(.customer, anyOf: ["a:1": decomposed])?.ids["b:1"] == "y")
    #expect(try links.row(.customer, anyOf: ["a:1": composed])?.ids["b:1"] == "x")
    #expect(
      Links.Row(kind: .customer, ids: ["a:1": composed])
        != Links.Row(kind: .customer, ids: ["a:1": decomposed]))
  }

  @Test func rowKeepsTheHighestVersion() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    let ids = ["a:1": "x", "b:1": "y"]
    for version in [5, 9, 7] {
      let row = Links.Row(kind: .customer, ids: ids, versions: ["b:1": version])
      try links.add([row])
    }
    try links.link(.customer, ids)
    #expect(try links.row(.customer, anyOf: ["a:1": "x"])?.versions == ["b:1": 9])
  }

  @Test func unlinkRemovesARow() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    try links.link(.invoice, ["a:1": "x", "b:1": "y"])
    try links.unlink(.invoice, "b:1", "y")
    #expect(try links.rows().isEmpty)
    #expect(throws: Problem.self) { try links.unlink(.invoice, "b:1", "y") }
  }

  @Test func unlinkOnlyRemovesOneID() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    let row = Links.Row(
      kind: .customer, ids: ["a:1": "x", "b:1": "y", "c:1": "z"], versions: ["a:1": 3, "b:1": 4])
    try links.add([row])
    try links.unlink(.customer, "b:1", "y", only: true)
    let rest = Links.Row(kind: .customer, ids: ["a:1": "x", "c:1": "z"], versions: ["a:1": 3])
    #expect(try links.rows() == [rest])
    #expect(try links.row(.customer, anyOf: ["b:1": "y"]) == nil)
    try links.unlink(.customer, "c:1", "z", only: true)
    #expect(try links.rows().isEmpty)
    #expect(try links.row(.customer, anyOf: ["a:1": "x"]) == nil)
  }

  @Test func rowsAreListedOnceUpToALimit() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    for number in 0..<5 {
      try links.link(
        .customer, ["a:1": "a\(number)", "b:1": "b\(9 - number)", "c:1": "é\(number)"])
    }
    try links.link(.invoice, ["a:1": "a1", "b:1": "b1"])
    #expect(try links.rows().map { $0.ids["a:1"] } == ["a0", "a1", "a2", "a3", "a4", "a1"])
    #expect(try links.rows(.invoice).count == 1)
    #expect(try links.rows(.customer, limit: 2).map { $0.ids["b:1"] } == ["b9", "b8"])
    #expect(try links.rows(limit: 0).isEmpty)
  }

  @Test func concurrentLinksMakeOneRow() throws {
    let fixture = try TestHome()
    let links = Links(home: fixture.home)
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      try? links.link(.customer, ["a:1": "x", "b:\(number)": "y"])
    }
    #expect(try links.row(.customer, anyOf: ["a:1": "x"])?.ids.count == 17)
  }
}
