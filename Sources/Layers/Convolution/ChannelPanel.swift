import CKernels

/// A run of output channels whose weights are packed together, as wide as the register kernels take them.
struct ChannelPanel {
  /// Its channels.
  let channels: Range<Int>
  /// Channels with those that fill it up.
  let width: Int
  /// Whether it has half the width of a full panel, which only the last may have.
  let isHalf: Bool

  /// The panels of so many channels.
  static func panels(of channels: Int) -> [ChannelPanel] {
    let full = tsr_panel_width()
    precondition(full > 0, "this processor has no register kernel")
    return stride(from: 0, to: channels, by: full).map { first in
      let range = first..<min(channels, first + full)
      let isHalf = range.count <= full / 2
      return ChannelPanel(channels: range, width: isHalf ? full / 2 : full, isHalf: isHalf)
    }
  }

  /// Channels of all panels, with those that fill them up.
  static func padded(_ channels: Int) -> Int { panels(of: channels).reduce(0) { $0 + $1.width } }
}
