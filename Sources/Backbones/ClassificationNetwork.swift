import Graphs

/// A network that gives an image `[N, H, W, C]` a logit for each class, `[N, 1, 1, classes]`.
public protocol ClassificationNetwork: Network {}
