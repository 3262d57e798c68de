import Foundation
import TensorCore
import Testing
import Training

@Suite struct ReportsTests {
  private let sgd = "optimiser: {name: sgd, rate: 0.05}"

  @Test func pageShowsEverythingByItself() throws {
    try withFolder { folder in
      let trainer = try blockTrainer(
        try blockRecipe(sgd, epochs: 3), folder: folder,
        validation: BlockSource(title: "a <b> & \"c\"", count: 3, first: 100))
      _ = try trainer.run()
      let page = String(decoding: bytes("\(folder)/history.html"), as: UTF8.self)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</body></html>\n"))
      #expect(page.components(separatedBy: "<svg").count == 5, "loss, score, IoU of classes, rate")
      #expect(
        page.components(separatedBy: "src=\"data:image/png;base64,").count == 10,
        "three pictures of three samples")
      for text in ["Confusion of the last epoch", ">ground<", "iou_block", "a &lt;b&gt; &amp; &quot;c&quot;"]
      {
        #expect(page.contains(text), "\(text)")
      }
      #expect(page.contains("<span style=\"background:rgb(255,128,0)\"></span>block"))
      // Whole epochs on the axis.
      #expect(page.contains(">2</text>") && !page.contains(">1.5</text>") && !page.contains(">2.5</text>"))
      #expect(!page.contains("<script") && !page.contains("src=\"http") && !page.contains("a <b>"))
      #expect(!page.contains("nan,") && !page.contains(",nan") && !page.contains(">nan<"))
    }
  }

  /// Names of many classes take rows, and lines whose colour comes again are dashed.
  @Test func pageOfManyClasses() throws {
    try withFolder { folder in
      let names = (0..<12).map { "class number \($0)" }
      let trainer = try blockTrainer(
        try blockRecipe(sgd, epochs: 2), folder: folder, source: BlockSource(classes: names),
        validation: BlockSource(classes: names, count: 2, first: 100))
      _ = try trainer.run()
      let page = String(decoding: bytes("\(folder)/history.html"), as: UTF8.self)
      let chart = try #require(
        page.components(separatedBy: "<svg").first { $0.contains("by class and measure") })
      let size = try #require(chart.split(separator: "\"").first { $0.hasPrefix("0 0 560 ") })
      let height = try #require(Double(size.dropFirst(8)))
      #expect(height > 300 && chart.contains("stroke-dasharray=\"4 3\""))
      // Every name lies on the chart.
      for text in chart.components(separatedBy: "<text x=\"").dropFirst() where text.contains("class number")
      {
        let left = try #require(Double(text.prefix { $0 != "\"" }))
        let name = try #require(text.split(separator: ">").dropFirst().first?.split(separator: "<").first)
        #expect(left + 6 * Double(name.count) < 560, "\(name)")
      }
    }
  }

  /// The framing of every message is read back with a check of its own, after a stop and a resumed run.
  @Test func eventFiles() throws {
    try withFolder { folder in
      let recipe = try blockRecipe(sgd + "\ntensorboard: true", epochs: 2)
      let stop = StopRequest()
      let trainer = try blockTrainer(recipe, folder: folder)
      _ = try trainer.run(until: stop) { if case .step(let step) = $0, step.epoch == 2 { stop.make() } }
      #expect(trainer.ending == .stopped(epoch: 2, step: 1))
      let again = try blockTrainer(recipe, folder: folder)
      try again.resume()
      _ = try again.run()
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/events").sorted()
      #expect(files.count == 2 && files.allSatisfy { $0.hasPrefix("events.out.tfevents.") })
      let first = try messages(bytes("\(folder)/events/\(files[0])"))
      // The version, two steps of the first epoch, its end, and one step more.
      #expect(first.count == 5)
      #expect(first[0].suffix(15) == [26, 13] + Array("brain.Event:2".utf8))
      for text in ["step/loss", "step/rate"] { #expect(contains(first[1], text)) }
      for text in [
        "epoch/loss", "validation/iou_block", "more blocks/100/prediction", "outc.conv.weight", "\u{89}PNG",
      ] {
        #expect(contains(first[3], text), "\(text)")
      }
      let second = try messages(bytes("\(folder)/events/\(files[1])"))
      // The version, the start at step 3, a step, the epoch's end.
      #expect(second.count == 4 && second[1].suffix(6) == [16, 3, 58, 2, 8, 1])
    }
  }

  private func contains(_ message: [UInt8], _ text: String) -> Bool {
    // Latin-1, in which every byte is a character.
    let pattern = text.unicodeScalars.map { UInt8($0.value) }
    return message.indices.contains { message[$0...].starts(with: pattern) }
  }

  private func messages(_ file: [UInt8]) throws -> [[UInt8]] {
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func masked(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      let check = plainCRC32C(bytes)
      return UInt64((check >> 15 | check << 17) &+ 0xA282_EAD8)
    }
    var (messages, position) = ([[UInt8]](), 0)
    while position < file.count {
      try #require(position + 16 <= file.count)
      let count = Int(number(file[position..<position + 8]))
      #expect(number(file[position + 8..<position + 12]) == masked(file[position..<position + 8]))
      let end = position + 12 + count
      try #require(end + 4 <= file.count)
      #expect(number(file[end..<end + 4]) == masked(file[position + 12..<end]))
      messages.append(Array(file[position + 12..<end]))
      position = end + 4
    }
    return messages
  }

  @Test func rateSearchFindsTheFall() throws {
    try withFolder { folder in
      let trainer = try blockTrainer(try blockRecipe(sgd), folder: "\(folder)/none")
      var done = 0
      let search = try trainer.findRate(steps: 60) { done = $0 }
      #expect(search.steps.count > 10 && done >= search.steps.count)
      let rates = search.steps.map(\.rate)
      #expect(rates[0] == 1e-7 && zip(rates, rates.dropFirst()).allSatisfy { abs($1 / $0 - 1.3666) < 1e-3 })
      let suggestion = try #require(search.suggestion)
      #expect((1e-4...1).contains(suggestion))
      #expect(search.csv.split(separator: "\n").count == search.steps.count + 1)
      #expect(search.svg.hasPrefix("<svg ") && search.svg.contains("suggestion \(suggestion)"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/none"))
    }
  }

  @Test func foldsPartTheData() throws {
    let source = BlockSource(count: 10)
    var seen: [String] = []
    for index in 0..<3 {
      let fold = LoopSettings.Fold(count: 3, index: index, seed: 5)
      let (held, rest) = (
        try FoldSource(source, fold: fold, validates: true),
        try FoldSource(source, fold: fold, validates: false)
      )
      #expect(held.count + rest.count == 10 && (3...4).contains(held.count))
      let names = (0..<held.count).map { held.name(at: $0) }
      #expect(Set(names).isDisjoint(with: (0..<rest.count).map { rest.name(at: $0) }))
      seen += names
      #expect(held.title == "blocks fold \(index) of 3" && rest.title == "blocks without fold \(index) of 3")
    }
    #expect(Set(seen).count == 10 && seen.count == 10)
    // The folder's name does not matter, the seed does.
    func first(_ title: String, _ seed: UInt64) throws -> [Substring?] {
      let held = try FoldSource(
        BlockSource(title: title, count: 10), fold: .init(count: 3, index: 0, seed: seed), validates: true)
      return (0..<held.count).map { held.name(at: $0).split(separator: "/").last }
    }
    #expect(try first("blocks", 5) == first("elsewhere", 5))
    #expect(try first("blocks", 5) != first("blocks", 6))
    #expect(
      message { try FoldSource(source, fold: .init(count: 11, index: 0), validates: true) }
        == "folds: expected at most the 10 samples of blocks under 'count', found 11")
  }
}
