import Testing
import Values

@Suite struct FormTests {
  @Test func formRoundTrips() {
    let fields = [Field("charges[amount][0]", "1 2"), Field("a", "é&=+"), Field("a", "")]
    let text = "charges%5Bamount%5D%5B0%5D=1+2&a=%C3%A9%26%3D%2B&a="
    #expect(Form.encode(fields) == text)
    #expect(Form.decode(text.utf8) == fields)
    #expect(Form.decode("a&b=".utf8) == [Field("a", ""), Field("b", "")])
    #expect(Form.decode("a=%4".utf8) == nil)
    #expect(Form.decode("a=%C3".utf8) == nil)
  }
}
