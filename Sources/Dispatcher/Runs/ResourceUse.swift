import Lanes
import Synchronization

/// The use of a resource, which is counted until it ends, at the latest with this object.
final class ResourceUse: Sendable {
  let resource: Resource
  private let admissions: Admissions
  private let hasEnded = Atomic(false)

  init(of resource: Resource, _ admissions: Admissions) {
    (self.resource, self.admissions) = (resource, admissions)
  }

  deinit { end(.unused) }

  /// Notes that the rate limit permits the use.
  func confirm() { admissions.confirm(resource) }

  /// Ends the use; only the first call counts.
  func end(_ end: UseEnd) {
    guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
    admissions.end(resource, end)
  }
}
