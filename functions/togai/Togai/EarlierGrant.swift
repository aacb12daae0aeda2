import StepKit
import Values

/// What was granted before for an item that is granted once: another flow connection may have granted another
/// price plan for it.
struct EarlierGrant {
  let grant: PaidGrant
  /// The id in the ID mapping: a purchase, or a schedule and the key of the grant.
  let id: String
  /// The ids of the customer who uses the item, in other apps.
  let user: [String: String]
  let answers: [String: Answer]

  /// The clause for a person if another price plan was granted; nil if it is the same, or Togai does not say.
  func finding() throws(Halt) -> String? {
    guard let (plan, by) = try granted(), !plan.hasBytes(of: grant.plan) else { return nil }
    return
      "price plan \(plan) is granted already for \(grant.key) (\(by)), and this flow connection names"
      + " \(grant.plan): disable one of the two, and correct the account if need be"
  }

  // MARK: Private

  private func granted() throws(Halt) -> (plan: String, by: String)? {
    let end = "/\(grant.key)"
    guard id.utf8.count > end.utf8.count,
      String(decoding: id.utf8.suffix(end.utf8.count), as: UTF8.self).hasBytes(of: end)
    else { return try purchased() }
    return try associated(String(decoding: id.utf8.dropLast(end.utf8.count), as: UTF8.self))
  }

  private func purchased() throws(Halt) -> (plan: String, by: String)? {
    let read = try answers.answer(
      to: .get("earlier-\(grant.index)", "/purchases/\(id.percentEncoded)"))
    guard let purchase = try value(read, "purchase \(id)"),
      let plan = purchase["pricePlanId"].verbatim
    else { return nil }
    return (plan, "purchase \(id)")
  }

  private func associated(_ schedule: String) throws(Halt) -> (plan: String, by: String)? {
    let known = try answers.answer(
      to: .find(
        name: "earlier-account-\(grant.index)", kind: .account, ids: user, in: TogaiAPI.name))
    guard let account = known.value.verbatim else { return nil }
    let schedules = try PlanSchedule.read(
      "earlier-schedules-\(grant.index)", account: account, answers)
    return schedules.first { $0.id.hasBytes(of: schedule) }
      .map { ($0.plan, "account \(account)") }
  }

  /// The body of a good answer; nil if Togai refuses it, which tells nothing of the grant.
  private func value(_ answer: Answer, _ thing: String) throws(Halt) -> JSON? {
    if TogaiAPI.isRefused(answer) || answer.status == 403 { return nil }
    return try TogaiAPI.value(of: answer, thing)
  }
}
