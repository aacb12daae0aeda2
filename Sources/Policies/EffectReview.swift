import Catalog
import FoundationEssentials
import Setup
import Store
import Values

/// The review of one change by the rules of a policy, from what the store has now.
struct EffectReview {
  private let asked: AskedEffect
  private let now: Timestamp
  private let digest: String
  private let permit: EffectPermit
  private let holdText: String?
  private let hold: Hold?
  private let spentKey: String
  private let spentText: String?
  private var spending: Spending
  private var policy: Policy?

  init(
    _ asked: AskedEffect, in home: Home, permit: EffectPermit, at now: Timestamp
  ) throws(Problem) {
    (self.asked, self.now, self.permit) = (asked, now, permit)
    digest = try asked.digest()
    let key = StoreKey.hold.key(asked.run)
    holdText = try home.text(at: key)
    // A hold that cannot be read grants nothing
    hold = holdText.flatMap { text in
      (try? Home.document(in: text, at: key)).flatMap { try? Hold(json: $0) }
    }
    spentKey = StoreKey.spent.key(asked.flowConnection)
    spentText = try home.text(at: spentKey)
    spending = Spending()
  }

  /// The decision by a policy, or by what the step itself holds.
  mutating func verdict(by policy: Policy?) throws(Problem) -> EffectVerdict {
    self.policy = policy
    if let spentText {
      do throws(Problem) {
        spending = try Spending(spentText, at: spentKey)
      } catch {
        if policy?.counts == true || policy?.breaker != nil {
          return held(.policy, "what has left cannot be read: \(error)")
        }
      }
    }
    if let counted = permit.counted { spending.uncount(counted) }
    if let policy {
      if let reason = refusal(by: policy) { return .denied(reason) }
      if let verdict = pause(by: policy) { return verdict }
    }
    var granted: (digest: String, until: Timestamp)?
    if let (cause, reason) = rule(of: policy) {
      if let refusal = hold?.refusal, hold?.digest == digest {
        return .denied("refused by \(refusal.by)\(refusal.note.map { ": \($0)" } ?? "")")
      }
      guard let grant = grant else { return held(cause, reason) }
      granted = grant
    }
    if let policy, let (reason, until) = cap(of: policy) { return held(.cap, reason, until: until) }
    return .passes(passing(granted))
  }

  /// Held by a rule.
  func held(_ cause: HoldCause, _ reason: String, until: Timestamp? = nil) -> EffectVerdict {
    let words = "\(asked.words) is held: \(reason)"
    var new = asked.hold(cause, words, digest: digest, policy: policy, until: until, at: now)
    guard let hold, hold.digest == digest else { return .held(new, isStored: false) }
    new.since = hold.since
    new.grants = hold.grants(at: now)
    new.refusal = hold.refusal
    return .held(new, isStored: new.json == hold.json)
  }
}

// MARK: - Rules

extension EffectReview {
  /// Why the change never leaves; nil if it may.
  private func refusal(by policy: Policy) -> String? {
    guard policy.allows(asked.effect) else {
      return "the policy of \(asked.flowConnection) does not allow this \(asked.kind)"
    }
    guard let money = asked.amount.money, let largest = policy.largest.limit(of: money.currency),
      money.amount > largest
    else { return nil }
    return
      "the policy of \(asked.flowConnection) allows at most \(largest) \(money.currency), and this"
      + " \(asked.kind) is of \(money.text)"
  }

  /// Whether it waits for a time or the breaker.
  private func pause(by policy: Policy) -> EffectVerdict? {
    if let (reason, end) = policy.freeze(at: now) {
      let why = reason.map { ": \($0)" } ?? ""
      return held(.freeze, "nothing leaves before \(end.text)\(why)", until: end)
    }
    guard policy.breaker != nil, let since = spending.brokenSince else { return nil }
    return held(
      .breaker,
      "too many changes have failed, the last at \(since.text); `meterbridge flow policy reset"
        + " \(asked.flowConnection)` lets changes leave again")
  }

  /// The rule that holds the change for a person; nil if none does.
  private func rule(of policy: Policy?) -> (HoldCause, String)? {
    let usesDefaults = policy?.hold.usesDefaults ?? true
    if usesDefaults, asked.heldKinds.contains(asked.kind) {
      return (.kind, "no later event undoes it")
    }
    guard let policy else { return nil }
    let rule = policy.hold
    if rule.all { return (.all, "the policy holds all changes") }
    if rule.kinds.contains(asked.kind) { return (.kind, "the policy holds each \(asked.kind)") }
    if spending.total < rule.first {
      return (.first, "the policy holds the first \(rule.first) changes")
    }
    return amountRule(of: policy)
  }

  /// The rule about the amount that holds it.
  private func amountRule(of policy: Policy) -> (HoldCause, String)? {
    let caps = [policy.hourly, policy.daily].compactMap { $0?.sums }.filter { !$0.isEmpty }
    let limits = [policy.hold.above, policy.largest].filter { !$0.isEmpty } + caps
    guard !limits.isEmpty else { return nil }
    switch asked.amount {
    case .none: return nil
    case .unknown: return (.amount, "its amount is not known, and the policy limits amounts")
    case .known(let money):
      guard limits.allSatisfy({ $0.limit(of: money.currency) != nil }) else {
        return (.amount, "the policy limits amounts, and not those in \(money.currency)")
      }
      guard let above = policy.hold.above.limit(of: money.currency), money.amount > above else {
        return nil
      }
      return (.above, "the policy holds what is above \(above) \(money.currency)")
    }
  }

  /// Until when operators have let these bytes go; nil if they have not.
  private var grant: (digest: String, until: Timestamp)? {
    if let granted = permit.granted, granted.digest == digest, granted.until > now {
      return granted
    }
    guard let hold, hold.digest == digest else { return nil }
    let grants = hold.grants(at: now)
    guard grants.count >= policy?.approvals ?? 1 else { return nil }
    return grants.compactMap(\.until).min().map { (digest, $0) }
  }

  /// Why the change waits for the end of an hour or a day, and when that is.
  private func cap(of policy: Policy) -> (String, Timestamp)? {
    let windows = [
      (policy.hourly, policy.zone.hour(now), "this hour"),
      (policy.daily, policy.zone.day(now), "today"),
    ]
    for case (let cap?, let window, let name) in windows {
      if let most = cap.count, spending.count(since: window.start) >= most {
        return ("\(most) changes have left \(name)", window.end)
      }
      guard let money = asked.amount.money, let most = cap.sums.limit(of: money.currency) else {
        continue
      }
      let sum = spending.sum(of: money.currency, since: window.start)
      guard sum + money.amount <= most else {
        return ("\(sum) of \(most) \(money.currency) have left \(name)", window.end)
      }
    }
    return nil
  }

  /// The permission, which counts the change and removes its hold.
  private func passing(_ granted: (digest: String, until: Timestamp)?) -> EffectPermit {
    let counts = policy?.counts == true
    var spending = spending
    let counted = counts ? spending.count(asked.amount.money, at: now) : nil
    var permit = EffectPermit(granted: granted, counted: counted)
    permit.replace(StoreKey.hold.key(asked.run), holdText, with: nil)
    if counts { permit.replace(spentKey, spentText, with: spending.json) }
    return permit
  }
}
