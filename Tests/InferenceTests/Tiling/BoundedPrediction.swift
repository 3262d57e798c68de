import Inference
import TensorCore

/// Options of a prediction that has so many mebibytes.
func options(_ mebibytes: Double) -> PredictionOptions {
  var options = PredictionOptions()
  options.memory = MemoryBudget(bytes: Int(mebibytes * 0x1p20))
  return options
}

/// A predictor of the small network with these options.
func predictor(_ options: PredictionOptions, threads: Int = 2) throws -> Predictor {
  try Predictor(
    try SmallNetwork.model(threads: threads), options: options, pool: ThreadPool(threads: threads))
}
