namespace FlowKit.Data;

/// <summary>Lets only one process at a time fill a folder. The system releases the lock when its holder ends, however it ends.</summary>
internal static class StoreLock
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the folder; disposing the result releases it.</summary>
    public static async Task<IDisposable> Take(string folder, IFetchView view, CancellationToken cancel)
    {
        for (bool said = false; ; said = true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (!said) view.Say($"Another process is filling {folder}; waiting for it.");
                await Task.Delay(pause, cancel);
            }
        }
    }

    // EWOULDBLOCK of Linux and of macOS, and Windows' sharing violation: anything else is an error that waiting does not mend.
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 || error.HResult == unchecked((int)0x80070020);
}
