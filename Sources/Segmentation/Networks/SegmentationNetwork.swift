import Graphs

/// A network that gives every pixel of an image `[N, H, W, C]` a logit for each class, `[N, H, W, classes]`.
public protocol SegmentationNetwork: Network {}
