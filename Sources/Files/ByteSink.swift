/// Where the bytes of a file go while they are made, part by part, so that they are never all in memory.
///
/// Throws what kept it from taking them.
public typealias ByteSink = (UnsafeRawBufferPointer) throws(FileError) -> Void
