namespace FlowKit.Data;

/// <summary>Daily returns of stock indices, ln(p_t / p_{t-1}) of closing prices p: data with heavy tails that fall together.</summary>
/// <remarks>Days follow each other, and their volatility clusters: split by time, and expect violations of a risk limit to cluster, too (<see cref="Inference.ValueAtRiskTests"/>).</remarks>
/// <example><code>
/// var returns = StockReturns.Load();
/// Console.WriteLine(returns);                                   // => 1859 rows of 4 columns: DAX, SMI, CAC, FTSE
/// Console.WriteLine($"{returns["DAX"].min().ToDouble():F3}");   // => -0.096
/// </code></example>
public static class StockReturns
{
    /// <summary>The indices DAX, SMI, CAC and FTSE on 1859 business days from 1991 to 1998, (1859, 4), float64, in the order of time.</summary>
    public static Table Load()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var prices = Table.Load("eu-stock-markets");
        var log = prices.Values.log();
        return new(scope.MoveToOuter(log.narrow(0, 1, prices.Count - 1) - log.narrow(0, 0, prices.Count - 1)), prices.Columns);
    }
}
