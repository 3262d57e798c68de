import Inspection
import Testing

@Suite struct NearNamesTests {
  private func advice(_ name: String) throws -> String {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let error = #expect(throws: InspectionError.self) { try network.layer(name) }
    return error?.description ?? ""
  }

  /// The same first part counts more than letters: five lead from `down.middle.conv` to `middle.conv`, seven to `down.conv`.
  @Test func sameParts() throws {
    let found = try advice("down.middle.conv")
    #expect(found.contains("near it are down.conv, down.norm, down, middle.conv; "), "\(found)")
  }

  @Test func partOfAName() throws {
    #expect(try advice("CON").contains("near it are down.conv, middle.conv, concat"))
  }

  @Test func letters() throws { #expect(try advice("haed").contains("near it are head, ")) }

  @Test func nearest() {
    let names = ["train", "run", "trail"]
    #expect(NearNames.nearest(to: "tran", in: names, within: 2) == "train")
    #expect(NearNames.nearest(to: "TRAI", in: names, within: 1) == "train", "the first of several")
    #expect(NearNames.nearest(to: "tra", in: names, within: 1) == nil)
    #expect(NearNames.nearest(to: "x", in: [], within: 9) == nil)
  }
}
