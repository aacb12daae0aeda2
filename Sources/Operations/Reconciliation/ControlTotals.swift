public import FoundationEssentials
public import Values

/// The sums of one currency: those of the app that invoices come from must tie.
public struct ControlTotals: Sendable, Equatable {
  /// Invoices, and the sum of their totals in major units.
  public struct Sum: Sendable, Equatable {
    /// How many.
    public internal(set) var count = 0
    /// The sum, in major units.
    public internal(set) var amount = Decimal(0)

    mutating func add(_ amount: Decimal) {
      count += 1
      self.amount += amount
    }

    var json: JSON { ["count": .number(Numeral(count)), "amount": .number(Numeral(amount))] }

    init() {}

    init(json: JSON) {
      count = json["count"].int ?? 0
      amount = json["amount"].decimal ?? 0
    }
  }

  /// All of the period in the app that they come from.
  public internal(set) var all = Sum()
  /// Those that are in the other app.
  public internal(set) var synced = Sum()
  /// Those that have no counterpart, as it should be.
  public internal(set) var excluded = Sum()
  /// Those that should have one and have none.
  public internal(set) var unsynced = Sum()
  /// The counterparts in the other app.
  public internal(set) var counterparts = Sum()
  /// The other app's own invoices, which come from nowhere else.
  public internal(set) var own = Sum()

  init() {}

  /// The totals that ``json`` shows.
  init(json: JSON) {
    all = Sum(json: json["all"])
    synced = Sum(json: json["synced"])
    excluded = Sum(json: json["excluded"])
    unsynced = Sum(json: json["unsynced"])
    counterparts = Sum(json: json["counterparts"])
    own = Sum(json: json["own"])
  }

  /// Whether all invoices are accounted for: synced, excluded and unsynced ones are all.
  public var ties: Bool {
    all.amount == synced.amount + excluded.amount + unsynced.amount
      && all.count == synced.count + excluded.count + unsynced.count
  }

  /// The counterparts less what they stand for, in major units.
  public var difference: Decimal { counterparts.amount - synced.amount }

  /// The totals as they are shown.
  public var json: JSON {
    [
      "all": all.json, "synced": synced.json, "excluded": excluded.json,
      "unsynced": unsynced.json, "counterparts": counterparts.json, "own": own.json,
      "difference": .number(Numeral(difference)), "ties": .bool(ties),
    ]
  }
}
