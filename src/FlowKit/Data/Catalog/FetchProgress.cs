namespace FlowKit.Data;

/// <summary>How far a file has come.</summary>
/// <param name="What">Its name, or the package's.</param>
/// <param name="Done">Bytes received so far.</param>
/// <param name="Total">Bytes in total; null if the sender did not say.</param>
/// <param name="Start">Bytes kept from an earlier download that was interrupted.</param>
/// <param name="Elapsed">Since this download began.</param>
internal sealed record FetchProgress(string What, long Done, long? Total, long Start, TimeSpan Elapsed)
{
    /// <summary>Bytes per second.</summary>
    public double Rate => (Done - Start) / Math.Max(Elapsed.TotalSeconds, 1e-3);

    /// <summary>Time left at that rate; null if it is unknown.</summary>
    public TimeSpan? Left => Total is { } total && Rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - Done) / Rate, 1e6)) : null;

    /// <summary>12.3 of 30.9 MB, 4.1 MB/s, 0:05 left.</summary>
    public override string ToString()
    {
        string size = Total is { } total ? $"{Megabytes(Done)} of {Megabytes(total)} MB" : $"{Megabytes(Done)} MB";
        string left = Left is { } time ? FormattableString.Invariant($", {(int)time.TotalMinutes}:{time.Seconds:00} left") : "";
        return $"{What}: {size}, {Megabytes(Rate)} MB/s{left}";
    }

    private static string Megabytes(double bytes) => FormattableString.Invariant($"{bytes / 1e6:0.0}");
}
