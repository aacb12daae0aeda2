import Dispatcher
import Foundation
import Step
import Testing

struct LinksTests {
  @Test func findsAThingByAnyOfItsIds() throws {
    let house = try House()
    let links = Links(home: house.home)
    try links.link(.customer, ["a:1": "x/y", "b:1": "é"])
    try links.link(.customer, ["b:1": "é", "c:1": "z"])
    let all = ["a:1": "x/y", "b:1": "é", "c:1": "z"]
    for (scope, id) in all {
      #expect(try links.row(.customer, anyOf: [scope: id])?.ids == all)
    }
    #expect(try links.row(.account, anyOf: ["c:1": "z"]) == nil)
  }

  @Test func refusesASecondIdInOneAccount() throws {
    let house = try House()
    let links = Links(home: house.home)
    try links.link(.customer, ["a:1": "x", "b:1": "y"])
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "x", "b:1": "other"]) }
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "other", "b:1": "y"]) }
    #expect(throws: Problem.self) { try links.link(.customer, ["a:1": "x"]) }
    #expect(try links.rows().count == 1)
  }

  @Test func forgetsAWholeRow() throws {
    let house = try House()
    let links = Links(home: house.home)
    try links.link(.invoice, ["a:1": "x", "b:1": "y"])
    try links.unlink(.invoice, "b:1", "y")
    #expect(try links.rows().isEmpty)
    #expect(throws: Problem.self) { try links.unlink(.invoice, "b:1", "y") }
  }

  @Test func linksTheSameOnceFromManyThreads() throws {
    let house = try House()
    let links = Links(home: house.home)
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      try? links.link(.customer, ["a:1": "x", "b:\(number)": "y"])
    }
    #expect(try links.row(.customer, anyOf: ["a:1": "x"])?.ids.count == 17)
  }
}
