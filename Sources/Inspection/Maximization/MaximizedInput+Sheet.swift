import Images

extension MaximizedInput {
  /// Inputs on one sheet, with how strong they make their channels.
  public static func sheet(
    _ inputs: [MaximizedInput], layer: String, model: String, settings: MaximizationSettings
  ) -> PictureSheet {
    let tiles = inputs.map { input in
      let factor = max(1, min(8, 192 / max(1, max(input.picture.width, input.picture.height))))
      return PictureSheet.Tile(
        "\(input.channel): ×\(NumberText.short(input.ratio))", input.picture.magnified(by: factor))
    }
    return PictureSheet(
      title: "\(model): what channels of \(layer) want to see",
      notes: [
        "under each: the channel, and its mean as a multiple of that on noise",
        "seed \(settings.seed), \(settings.steps) steps at each of \(settings.scales) sizes",
      ], sections: [PictureSheet.Section("", tiles, columns: inputs.count <= 4 ? nil : 3)])
  }
}
