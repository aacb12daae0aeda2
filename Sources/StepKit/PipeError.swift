/// An error that ends the program without a reply, with its exit status.
struct PipeError: Error {
  let status: Int32
  let reason: String
}
