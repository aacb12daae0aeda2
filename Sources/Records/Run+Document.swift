import FoundationEssentials
import Setup
public import Store
public import Values

extension Run {
  /// Reads a stored run.
  ///
  /// - Throws: A `configuration` problem if a member is missing or malformed.
  public init(json: JSON) throws(Problem) {
    let facts = ObjectReader(json, of: "run \(json["id"].string ?? "?")")
    self.init(
      id: try facts.text("id"), flowConnection: try facts.text("flowConnection"),
      event: try facts.text("event"), lane: try facts.text("lane"),
      at: try Self.time(facts, "at"))
    guard let status = Status(rawValue: try facts.text("status")) else {
      throw facts.wrong("status", "is unknown")
    }
    self.status = status
    step = Self.count(json["step"])
    outputs = json["outputs"].array ?? []
    attempts = Self.count(json["attempts"])
    due = try Self.time(facts, "due")
    renewed = json["renewed"].time
    failingSince = json["failingSince"].string.flatMap(Timestamp.init(iso:))
    reason = json["reason"].string
    earlier = json["earlier"].string
    repeats = json["repeats"].string
    hasHold = json["hold"].bool ?? false
    reserved = json["reserved"].array?.compactMap(\.string) ?? []
    log = try facts.list("log").map { (row) throws(Problem) in
      Entry(
        name: try row.text("name"), status: try row.text("status"),
        at: try Self.time(row, "at"), note: row.optionalText("note"), by: row.optionalText("by"))
    }
    waitsFor = json["waitsFor"].string.flatMap(WaitReason.init(rawValue:))
    isStepStarted = json["started"].bool ?? false
    if waitsFor == nil, !isStepStarted { readWaitFromLog() }
  }

  /// Reads from the activity log what builds up to e53855d stored nowhere else.
  private mutating func readWaitFromLog() {
    let (started, waits) = ("\(stepName) Start", "\(stepName) Waits")
    guard status == .pending else { return }
    isStepStarted = log.last { $0.name != waits }?.name == started
    if log.last?.name == waits { waitsFor = attempts == 0 ? .person : .retry }
  }

  /// A number that nothing counts beyond.
  private static func count(_ json: JSON) -> Int { min(max(json.int ?? 0, 0), 1_000_000) }

  private static func time(_ facts: ObjectReader, _ name: String) throws(Problem) -> Timestamp {
    guard let time = Timestamp(iso: try facts.text(name)) else {
      throw facts.wrong(name, "must be a time")
    }
    return time
  }

  /// The run as commands show it.
  public var json: JSON { (try? JSON(parsing: text)) ?? .null }  // what is written here can be read

  /// The change that stores the run.
  public var update: Change { .put(key, text) }

  /// The changes that store a run that has not ended, and mark it so.
  public var opening: [Change] {
    var text = ObjectText()
    text.add("lane", lane)
    return [update, .put(openKey, text.text())]
  }

  /// The run as it is stored.
  public var text: String {
    var text = ObjectText(room: 1024)
    text.add("at", at)
    text.add("attempts", attempts)
    text.add("due", due)
    text.add("earlier", earlier)
    text.add("event", event)
    text.add("failingSince", failingSince)
    text.add("flowConnection", flowConnection)
    if hasHold { text.add("hold", JSON.bool(true)) }
    text.add("id", id)
    text.add("lane", lane)
    text.add("log", log) { row, text in row.write(to: &text) }
    if !outputs.isEmpty { text.add("outputs", JSON.array(outputs)) }
    text.add("reason", reason)
    text.add("repeats", repeats)
    text.add("renewed", renewed)
    if !reserved.isEmpty { text.add("reserved", JSON.array(reserved.map(JSON.string))) }
    if isStepStarted { text.add("started", JSON.bool(true)) }
    text.add("status", status.rawValue)
    text.add("step", step)
    text.add("waitsFor", waitsFor?.rawValue)
    return text.text()
  }
}
