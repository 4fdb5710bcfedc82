namespace FlowKit.Data;

/// <summary>Whoever watches files being fetched.</summary>
internal interface IFetchView
{
    /// <summary>Something worth a line: a route that failed, another process that is waited for.</summary>
    void Say(string line);

    /// <summary>Bytes arrived; called often.</summary>
    void Report(FetchProgress progress);
}
