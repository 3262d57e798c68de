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

  @Test func standardIsHalfOfMemoryAtMost() {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    #expect((1...physical / 2).contains(MemoryBudget.standard.bytes))
  }
}
