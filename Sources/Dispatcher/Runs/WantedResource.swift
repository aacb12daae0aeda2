import Lanes

/// A resource that a run waits for.
struct WantedResource {
  let resource: Resource
  /// Whether the run was admitted before, and only the rate limit did not permit it.
  let returns: Bool
}
