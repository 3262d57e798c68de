import Datasets
import Testing

/// A few lines of YAML that stand for more values than there is memory.
@Suite struct AliasTests {
  private func error(_ text: String) -> String {
    message { try ConfigurationNode.parse(text, file: "x.yaml") }
  }

  private static let levels =
    "a0: &a0 [x, x]\n" + (1..<30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()

  /// As keys these would be compared, a thousand million values.
  @Test(arguments: ["? *a29\n: 1", "{*a29 : 1}", "{[*a29]: 1}", "? - *a29\n: 1", "b: *a29"])
  func bombsAreRefusedAtOnce(end: String) {
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(
        error(Self.levels + end)
          == "x.yaml:2: expected values written out, found the alias '*a0'; put the value in its place")
    }
    #expect(time < .seconds(1))
  }

  /// What hides an alias from a reader of quotes and comments.
  @Test(arguments: [
    "a: &b [1]\n\"c # d\": *b", "a: &b [1]\nc: d 'e\nf: *b\ng: h'i", "a: &b 1\nc: |\n d\ne: *b", "[&b 1, *b]",
    "{\"a\": &b 1, \"c\":*b}", "&b a: 1\n? *b", "- &b a\n-\t*b",
  ]) func hidden(text: String) {
    #expect(error(text).contains("found the alias '*b'"))
  }

  @Test(arguments: [
    "a: '*'", "a: x*y&z", "a: &b [1]", "# every *.png & more\na: 1", "a: [\"&b\", \"*c\"]", "a: 3*b&b",
    "a: b&c *c",
  ]) func signsAlone(text: String) throws {
    _ = try ConfigurationNode.parse(text, file: "x.yaml").pairs()
  }

  @Test func nesting() {
    #expect(error(String(repeating: "[", count: 200_000)).hasPrefix("x.yaml:1: expected YAML, found: "))
    #expect(error(String(repeating: "{a: ", count: 50_000)).hasPrefix("x.yaml:1: expected YAML, found: "))
  }
}
