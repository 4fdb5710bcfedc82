namespace FlowKit.Interactive;

/// <summary>HTML to show as it is.</summary>
/// <param name="Html">The markup.</param>
/// <param name="Text">What is shown where there is no HTML.</param>
internal sealed record HtmlOutput(string Html, string Text);
