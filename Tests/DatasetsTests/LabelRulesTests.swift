import Datasets
import Testing

@Suite struct LabelRulesTests {
  @Test(arguments: [
    (LabelRules(classes: 12, ignore: 255), "0…11 or 255 (ignore)"),
    (LabelRules(classes: 11, map: [11: .ignored]), "0…10 or 11 (ignore)"),
    (LabelRules(classes: 2, map: [255: .label(1)]), "0…1 or 255 (as 1)"),
    (LabelRules(classes: 1), "0"),
    (
      LabelRules(classes: 3, ignore: 255, map: [300: .ignored, 7: .label(0)]),
      "0…2, 7 (as 0), 255 (ignore) or 300 (ignore)"
    ),
  ])
  func listsLegalValues(rules: LabelRules, text: String) {
    #expect(rules.expected == text)
  }
}
