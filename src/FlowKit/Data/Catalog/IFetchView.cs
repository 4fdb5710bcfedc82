namespace FlowKit.Data;

/// <summary>Receives the progress of downloads.</summary>
internal interface IFetchView
{
    /// <summary>Reports an event, such as a route that failed or a wait for another process.</summary>
    void Say(string line);

    /// <summary>Bytes arrived; called often.</summary>
    void Report(FetchProgress progress);
}
