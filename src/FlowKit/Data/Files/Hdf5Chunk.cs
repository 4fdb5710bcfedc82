namespace FlowKit.Data;

/// <summary>A piece of a data set in an HDF5 file.</summary>
/// <param name="Number">Which one, counted through the data set's pieces in C order.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Stored">Bytes in the file.</param>
/// <param name="Mask">Filters that were left out, a bit each.</param>
internal readonly record struct Hdf5Chunk(long Number, ulong Address, long Stored, uint Mask);
