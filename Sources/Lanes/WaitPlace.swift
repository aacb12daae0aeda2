/// The place of a waiter in the queue for a resource.
package enum WaitPlace: Sendable {
  /// It was admitted and then the rate limit did not permit it: it comes first.
  case returning
  /// It has used the resource before, and goes before new ones so that it ends.
  case underWay
  /// It begins; the customers take turns.
  case new(customer: String)
}
