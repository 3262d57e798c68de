import TensorCore
import Testing

@Suite struct ProcessorCountTests {
  @Test func quotaOfAControlGroup() {
    #expect(ProcessorCount.parseVersion2("200000 100000") == 2)
    #expect(ProcessorCount.parseVersion2("150000 100000") == 2)
    #expect(ProcessorCount.parseVersion2("50000 100000") == 1)
    #expect(ProcessorCount.parseVersion2("100000 100000") == 1)
    #expect(ProcessorCount.parseVersion2("max 100000") == nil)
  }

  @Test func anythingElseIsNoQuota() {
    for line in ["", " ", "200000", "1 2 3", "0 100000", "-1 100000", "100000 0", "a b"] {
      #expect(ProcessorCount.parseVersion2(line) == nil, "\(line)")
    }
    #expect(ProcessorCount.parseVersion2("\(Int.max) \(Int.max)") == 1)
    #expect(ProcessorCount.parseVersion2("\(Int.max) 1") == .max)
    #expect(ProcessorCount.parseVersion2("9223372036854775808 1") == nil)
  }

  @Test func atLeastOneCore() {
    #expect(ProcessorCount.available >= 1)
    #expect(ThreadPool().threads == ProcessorCount.available)
  }

  @Test func affinityIsTheMaskOfTheProcess() {
    #expect(ProcessorCount.parseAffinity("Name:\tx\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n") == 1)
    #expect(ProcessorCount.parseAffinity("Cpus_allowed:\tffffffff,0000000f\n") == 36)
    #expect(ProcessorCount.parseAffinity("Name:\tx\n") == nil)
    #expect(ProcessorCount.parseAffinity("Cpus_allowed:\tmany\n") == nil)
  }
}
