import Records
import Setup
import StepKit
import Store
import Testing
import Values

struct ReservationTests {
  private let home: Home
  private let reservations: Reservations

  init() {
    home = Home(
      at: "/nowhere", store: InMemoryStore(watching: Home.watchedPrefixes),
      secrets: Secrets(in: InMemoryStore(watching: [""])))
    reservations = Reservations(home: home)
  }

  private func open(_ id: String) throws -> Run {
    let run = Run(
      id: id, flowConnection: "f-\(id)", event: "event/a/\(id)", lane: id,
      at: Timestamp(seconds: 1))
    _ = try home.commit(run.opening)
    return run
  }

  private func contact(_ ids: [String: String]) -> Reservations.Made {
    Reservations.Made(thing: "contact", account: "books:1", ids: ids, kinds: [.customer])
  }

  @Test func thingIsReservedForOneRun() throws {
    var (first, second) = (try open("run_1"), try open("run_2"))
    #expect(try reservations.take(contact(["alpha:a": "1"]), for: &first) == nil)
    let both = contact(["alpha:a": "1", "beta:b": "2"])
    #expect(try reservations.take(both, for: &second)?.id == "run_1")
    #expect(second.reserved.isEmpty)
    // Of another customer, and another thing of this one
    var third = try open("run_3")
    #expect(try reservations.take(contact(["alpha:a": "2"]), for: &third) == nil)
    var fourth = try open("run_4")
    let invoice = Reservations.Made(
      thing: "invoice", account: "books:1", ids: ["alpha:a": "1"], kinds: [.customer])
    #expect(try reservations.take(invoice, for: &fourth) == nil)

    _ = try home.commit(first.end(.success, nil, at: Timestamp(seconds: 2)))
    #expect(try reservations.take(both, for: &second) == nil)
    #expect(second.reserved.count == 2)
    #expect(try RunStore(home: home).run("run_2").reserved == second.reserved)
  }

  /// One transaction is a payment under one id, and what settled its invoice under another.
  @Test func whatIsMadeForOneThingIsReservedUnderItToo() throws {
    func payment(_ id: String, of invoices: String...) -> Reservations.Made {
      Reservations.Made(
        thing: "payment", account: "hub:1", ids: ["alpha:a": id], kinds: [.customer],
        purposes: invoices.map { ["alpha:a": $0] })
    }
    var (first, second) = (try open("run_1"), try open("run_2"))
    #expect(try reservations.take(payment("txn_1", of: "7", "8"), for: &first) == nil)
    #expect(first.reserved.count == 3)
    #expect(try reservations.take(payment("settled-8", of: "8"), for: &second)?.id == "run_1")
    var third = try open("run_3")
    #expect(try reservations.take(payment("settled-9", of: "9"), for: &third) == nil)
    _ = try home.commit(first.end(.success, nil, at: Timestamp(seconds: 2)))
    #expect(try reservations.take(payment("settled-8", of: "8"), for: &second) == nil)
  }

  @Test func linkedIDsAreOfOneThing() throws {
    var (first, second) = (try open("run_1"), try open("run_2"))
    try Links(home: home).link(.customer, ["alpha:a": "1", "beta:b": "2"])
    #expect(try reservations.take(contact(["alpha:a": "1"]), for: &first) == nil)
    #expect(try reservations.take(contact(["beta:b": "2"]), for: &second)?.id == "run_1")
  }

  /// The dispatcher was killed, and what it left was carried on by a build that knew no reservations.
  @Test func reservationOfAnEndedRunIsTakenOver() throws {
    var (first, second) = (try open("run_1"), try open("run_2"))
    let made = contact(["alpha:a": "1"])
    #expect(try reservations.take(made, for: &first) == nil)
    #expect(try reservations.take(made, for: &first) == nil, "it has it already")
    _ = try home.commit([.remove(first.openKey)])
    #expect(try reservations.take(made, for: &second) == nil)
    _ = try home.commit(second.release() + [second.update])
    #expect(try home.documents(below: "reserved/").isEmpty)
  }
}
