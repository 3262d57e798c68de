import Foundation
import TensorCore
import Testing

@Suite struct MemoryBudgetTests {
  @Test func upToTheBudget() throws {
    let budget = MemoryBudget(bytes: 1000)
    try budget.check(0, for: "nothing")
    try budget.check(1000, for: "all")
    try MemoryBudget(bytes: .max).check(.max, for: "everything")
    #expect(throws: MemoryError.overBudget(purpose: "more", needed: 1001, budget: 1000)) {
      try budget.check(1001, for: "more")
    }
  }

  @Test func texts() {
    #expect(
      "\(MemoryError.overBudget(purpose: "unet at 4096x4096", needed: 5 << 30, budget: 2 << 30))"
        == "unet at 4096x4096: expected at most 2048 MiB of memory, found a need of 5120 MiB; "
        + "use a smaller image or batch, or raise the limit")
    #expect(
      "\(MemoryError.overBudget(purpose: "a plan", needed: 1 << 20 + 1, budget: 1 << 20))"
        == "a plan: expected at most 1 MiB of memory, found a need of 2 MiB; "
        + "use a smaller image or batch, or raise the limit")
    #expect("\(MemoryError.overBudget(purpose: "", needed: .max, budget: 0))".contains("8796093022208 MiB"))
  }

  @Test(arguments: [
    ("1GiB", 1 << 30), ("512MiB", 512 << 20), ("1.5gib", 3 << 29), ("2GB", 2_000_000_000), ("300k", 307_200),
    ("4M", 4 << 20), ("1073741824", 1 << 30), ("77B", 77), ("1TiB", 1 << 40),
  ])
  func sizes(text: String, bytes: Int) { #expect(MemoryBudget(text: text)?.bytes == bytes) }

  @Test(arguments: [
    "", "0", "-1", "GiB", "1 GiB", "1iB", "1X", "1GiBs", "1.2.3", "nan", "1e9", "0x10", "9999999999T", "½G",
    "１G",
  ])
  func noSizes(text: String) { #expect(MemoryBudget(text: text) == nil) }

  /// Groups of either version, and those above them; what is missing or says `max` is no limit.
  @Test(arguments: [
    ("0::/a/b/c\n", 300), ("0::/a/b\n", 500), ("0::/a\n", 700), ("0::/\n", 700), ("", 700),
    ("0::/x/y\n", 700),
    ("9:name=systemd:/a/b/c\n4:cpu,memory:/box/inner\n0::/\n", 200), ("4:memory:/box\n", 250),
    ("4:memory:/gone\n", 700), ("4:cpu:/box/inner\nnothing\n", 700), ("0::/a/with:colon\n", 100),
  ])
  func controlGroups(table: String, limit: Int) throws {
    let root = NSTemporaryDirectory() + "tessera-groups-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (place, text) in [
      ("memory.max", "700\n"), ("a/memory.max", "max\n"), ("a/b/memory.max", "500\n"),
      ("a/b/c/memory.max", "300\n"), ("a/with:colon/memory.max", "100"),
      ("memory/box/memory.limit_in_bytes", "250\n"),
      ("memory/box/inner/memory.limit_in_bytes", "200\n"),
      ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
    ] {
      let path = "\(root)/\(place)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    #expect(MemoryLimit.controlGroups(table, root: root) == limit)
    #expect(MemoryLimit.controlGroups(table, root: "/nowhere") == nil)
  }

  @Test func standardIsHalfOfMemoryAtMost() {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    #expect((1...physical / 2).contains(MemoryBudget.standard.bytes))
  }
}
