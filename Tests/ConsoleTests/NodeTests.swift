import Testing
import Values

@testable import Console

/// Text stays text in markup.
struct NodeTests {
  private static let hostile = #"</td><script>alert("1")</script>&amp;'"#

  @Test func textIsEscaped() {
    #expect(Node("a < b & \"c\" > 'd'").text == "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;")
    #expect(!Node(Self.hostile).text.contains("<"))
    #expect(Node("a\u{0}\u{1B}[31m\u{7F}").text == "a\u{FFFD}\u{FFFD}[31m\u{FFFD}")
    #expect(Node("Zoë 客户 🙂").text == "Zoë 客户 🙂")
  }

  @Test func attributesAreEscaped() {
    let node = input(.name(Self.hostile), .value("\"onfocus=alert(1) "))
    #expect(
      node.text
        == #"<input name="&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;" value="&quot;onfocus=alert(1) ">"#
    )
  }

  @Test func elementsNest() {
    let words = ["a", "b"]
    let node = div(.class("x")) {
      for word in words { bold { word } }
      if words.count > 5 { "many" } else { "few" }
    }
    #expect(node.text == #"<div class="x"><b>a</b><b>b</b>few</div>"#)
  }

  @Test func addressKeepsIDsInTheirPlace() {
    #expect(Address("runs", "a/../b?c#d").text == "/runs/a%2F..%2Fb%3Fc%23d")
    #expect(Address("runs", "..").text == "/runs/%2E%2E")
    #expect(
      Address("runs", query: [Field("a", "x&y=z"), Field("b", "")]).text == "/runs?a=x%26y%3Dz")
    #expect(Address("javascript:alert(1)").text == "/javascript%3Aalert%281%29")
    #expect(Address(outside: "javascript:alert(1)") == nil)
    #expect(Address(outside: "http://acme.example/") == nil)
    #expect(Address(outside: "https://acme.example/a")?.text == "https://acme.example/a")
    for text in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\n"] {
      #expect(Address(back: text) == nil, "\(text)")
    }
    #expect(Address(back: "/runs?a=b")?.text == "/runs?a=b")
  }
}
