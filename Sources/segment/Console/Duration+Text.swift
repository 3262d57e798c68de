/// Seconds as people say them: `42 s`, `3 min 5 s`, `1 h 20 min`.
func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0 else { return "?" }
  let whole = Int(min(seconds.rounded(), 1e9))
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole / 60 % 60) min"
}

/// A number with so many decimals, without a locale.
func decimals(_ value: Double, _ count: Int) -> String {
  guard value.isFinite, abs(value) < 1e12, count <= 6 else { return "\(value)" }
  var scale = 1
  for _ in 0..<count { scale *= 10 }
  let scaled = Int((abs(value) * Double(scale)).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard count > 0 else { return "\(sign)\(scaled)" }
  let rest = String(scaled % scale)
  return "\(sign)\(scaled / scale)." + String(repeating: "0", count: count - rest.count) + rest
}

/// A positive number with three decimals, or with as many as show three digits of a small one.
func significant(_ value: Double) -> String {
  var (places, leading) = (3, value * 10)
  while leading < 1 && leading > 0 && places <= 6 {
    leading *= 10
    places += 1
  }
  return places <= 6 ? decimals(value, places) : "\(Float(value))"
}
