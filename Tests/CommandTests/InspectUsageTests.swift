import Testing

/// What is wrong whatever there is on disk.
@Suite struct InspectUsageTests {
  @Test(arguments: [
    (
      "cam a.png --class 0 --output x.gif",
      "--output: x.gif: expected a name that ends in .png or .html, found another; rename the output"
    ),
    ("cam a.png --class 0 --region 1,2", "--region: expected x,y,width,height in pixels, found '1,2'"),
    (
      "cam a.png --class 0 --method occlusion --layer x",
      "--layer: expected --method grad-cam, found occlusion, which has none"
    ),
    (
      "cam a.png --class 0 --patch 3", "--patch: expected --method occlusion, found grad-cam, which has none"
    ),
    (
      "cam a.png --class 0 --method occlusion --patch 0",
      "--patch: expected 1 or more pixels, found 0"
    ),
    (
      "cam a.png --class 0 --weights a --weights b",
      "--weights: expected one checkpoint, found 2; 'segment predict', 'classify' and 'evaluate' average several"
    ),
    ("cam a.png", "Missing expected argument '--class <class>'"),
    ("activations a.png --top 0", "--top: expected 1…4096, found 0"),
    ("errors --data x.yaml --count 0", "--count: expected 1…500, found 0"),
    ("pointing --data x.yaml --count 0", "--count: expected 1 or more, found 0"),
    ("receptive-field unet", "Missing expected argument '--layer <layer>'"),
    (
      "receptive-field unet a.png --layer inc --on x",
      "--on: expected no image, whose pixels are not the layer's; leave one out"
    ),
    (
      "receptive-field unet a.png --layer inc --size 8x8",
      "--size: expected no image, which has a size; leave one out"
    ),
    ("maximize unet", "Missing expected argument '--layer <layer>'"),
    ("maximize unet --layer inc --size 4", "--size: expected 8…2048, found 4"),
    ("maximize unet --layer inc --scales 9", "--scales: expected 1…8, found 9"),
    ("maximize unet --layer inc --steps 0", "--steps: expected 1…10000, found 0"),
    ("maximize unet --layer inc --jitter 257", "--jitter: expected 0…256, found 257"),
    ("maximize unet --layer inc --channel=-1", "--channel: expected 0 or more, found -1"),
    ("filters unet --set width", "--set: expected key=value, found 'width'"),
    ("filters unet --outputs 5-4", "The value '5-4' is invalid for '--outputs <first-last>'"),
    ("filters unet --inputs 0-256", "The value '0-256' is invalid for '--inputs <first-last>'"),
  ]) func usage(arguments: String, says: String) throws {
    let outcome = try Segment.run(["inspect"] + arguments.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("Error: \(says)\n"), "\(outcome.error)")
  }
}
