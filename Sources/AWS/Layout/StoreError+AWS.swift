import Store

extension StoreError {
  /// What an error of AWS is to those who use the store; nothing was changed.
  init(_ error: AWSError) {
    self = .remote(error.description, isTemporary: error.isPassing)
  }
}
